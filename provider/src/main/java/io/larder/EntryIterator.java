package io.larder;

import io.larder.store.Stored;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a cache, each a read: it counts a hit and moves the deadline as the policy says.
 * Used by one thread.
 */
final class EntryIterator<K, V> implements Iterator<Cache.Entry<K, V>> {

  private final LarderCache<K, V> cache;
  private final Engine<K, V> engine;
  private final Iterator<Map.Entry<K, Stored<V>>> source;
  private Cache.@Nullable Entry<K, V> next;
  private @Nullable Stored<V> nextStored;
  private Cache.@Nullable Entry<K, V> last;

  EntryIterator(LarderCache<K, V> cache, Engine<K, V> engine) {
    this.cache = cache;
    this.engine = engine;
    this.source = engine.parts().store().iterator();
  }

  @Override
  public boolean hasNext() {
    OperationBudget budget = engine.budget();
    while (next == null && source.hasNext()) {
      Map.Entry<K, Stored<V>> found = source.next();
      K key = found.getKey();
      V value = engine.readable(found.getValue());
      if (value != null) {
        next = new LarderEntry<>(keyOut(key), value);
        nextStored = found.getValue();
      } else if (found.getValue().expired()) {
        engine.dropExpired(key, found.getValue(), budget.nextStep());
      }
    }
    return next != null;
  }

  private K keyOut(K key) {
    return engine.parts().store().retainsValues() ? engine.parts().copier().copy(key) : key;
  }

  @Override
  public Cache.Entry<K, V> next() {
    cache.requireOpen();
    if (!hasNext() || next == null || nextStored == null) {
      throw new NoSuchElementException();
    }
    Cache.Entry<K, V> entry = next;
    engine.accessed(entry.getKey(), nextStored, engine.budget());
    engine.parts().statistics().hit();
    last = entry;
    next = null;
    nextStored = null;
    return entry;
  }

  @Override
  public void remove() {
    cache.requireOpen();
    if (last == null) {
      throw new IllegalStateException("remove before next, or twice");
    }
    engine.remove(last.getKey());
    last = null;
  }
}
