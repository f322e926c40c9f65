package io.larder.store;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a shared store, then those that a process holds apart; partial if the first are.
 * Used by one thread.
 *
 * <p>A key that goes over to the other side meanwhile comes once. As long as nothing is held apart,
 * though, only the latest keys are remembered, so that a big cache is not: one that was listed long
 * before the first key went over, and goes over later, comes twice.
 */
final class BothEntries<K, V> implements Iterator<Map.Entry<K, Stored<V>>>, Partial {

  private static final int LATEST = 1000;

  private final Iterator<Map.Entry<K, Stored<V>>> shared;
  private final Supplier<Iterator<Map.Entry<K, Stored<V>>>> apartNow;
  private final BooleanSupplier holdsSome;
  private final UnaryOperator<K> keyCopies;
  private final Set<K> listed = new HashSet<>();
  private @Nullable Iterator<Map.Entry<K, Stored<V>>> apart;
  private Map.@Nullable Entry<K, Stored<V>> next;

  /**
   * @param apartNow is asked when all of the shared ones have come
   * @param holdsSome whether anything is held apart now
   * @param keyCopies makes keys that nobody else can change, to be remembered
   */
  BothEntries(
      Iterator<Map.Entry<K, Stored<V>>> shared,
      Supplier<Iterator<Map.Entry<K, Stored<V>>>> apartNow,
      BooleanSupplier holdsSome,
      UnaryOperator<K> keyCopies) {
    this.shared = shared;
    this.apartNow = apartNow;
    this.holdsSome = holdsSome;
    this.keyCopies = keyCopies;
  }

  @Override
  public boolean hasNext() {
    if (next == null && apart == null) {
      if (shared.hasNext()) {
        next = shared.next();
        remember(next.getKey());
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

  private void remember(K key) {
    if (listed.size() >= LATEST && !holdsSome.getAsBoolean()) {
      listed.clear();
    }
    listed.add(keyCopies.apply(key));
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
