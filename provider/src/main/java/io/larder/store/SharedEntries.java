package io.larder.store;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An iteration over a shared store that ends where the server goes away, and passes over keys that
 * this process has changed without it. Used by one thread.
 */
final class SharedEntries<K, V> implements Iterator<Map.Entry<K, Stored<V>>>, Partial {

  private final Iterator<Map.Entry<K, Stored<V>>> source;
  private final Predicate<K> settled;
  private final Consumer<StoreUnavailableException> lost;
  private Map.@Nullable Entry<K, Stored<V>> next;
  private boolean partial;

  /** @param lost hears that the server is away; what it throws reaches the caller */
  SharedEntries(
      Iterator<Map.Entry<K, Stored<V>>> source,
      Predicate<K> settled,
      Consumer<StoreUnavailableException> lost) {
    this.source = source;
    this.settled = settled;
    this.lost = lost;
  }

  @Override
  public boolean hasNext() {
    while (next == null && !partial) {
      try {
        if (!source.hasNext()) {
          return false;
        }
        Map.Entry<K, Stored<V>> found = source.next();
        next = settled.test(found.getKey()) ? found : null;
      } catch (StoreUnavailableException e) {
        partial = true;
        lost.accept(e);
      }
    }
    return next != null;
  }

  @Override
  public Map.Entry<K, Stored<V>> next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    Map.Entry<K, Stored<V>> entry = next;
    next = null;
    return entry;
  }

  @Override
  public boolean isPartial() {
    return partial;
  }
}
