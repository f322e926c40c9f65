package io.larder.store;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a shared store, then those that a process holds apart; partial if the first are. A
 * key that goes over to the other side meanwhile comes once. Used by one thread.
 */
final class BothEntries<K, V> implements Iterator<Map.Entry<K, Stored<V>>>, Partial {

  private final Iterator<Map.Entry<K, Stored<V>>> shared;
  private final Supplier<Iterator<Map.Entry<K, Stored<V>>>> apartNow;
  private final Set<K> listed = new HashSet<>();
  private @Nullable Iterator<Map.Entry<K, Stored<V>>> apart;
  private Map.@Nullable Entry<K, Stored<V>> next;

  /** @param apartNow is asked when all of the shared ones have come */
  BothEntries(
      Iterator<Map.Entry<K, Stored<V>>> shared,
      Supplier<Iterator<Map.Entry<K, Stored<V>>>> apartNow) {
    this.shared = shared;
    this.apartNow = apartNow;
  }

  @Override
  public boolean hasNext() {
    if (next == null && apart == null) {
      if (shared.hasNext()) {
        next = shared.next();
        listed.add(next.getKey());
      } else {
        apart = apartNow.get();
      }
    }
    while (next == null && apart != null && apart.hasNext()) {
      Map.Entry<K, Stored<V>> found = apart.next();
      next = listed.contains(found.getKey()) ? null : found;
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
    return Partial.is(shared);
  }
}
