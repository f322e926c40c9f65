package io.larder.store;

import org.jspecify.annotations.Nullable;

/**
 * No entry on the heap.
 *
 * @param moment what the counter of the key's stripe said
 */
record HeapAbsence<V>(long moment) implements Stored<V> {

  @Override
  public @Nullable V value() {
    return null;
  }

  @Override
  public boolean expired() {
    return false;
  }

  @Override
  public boolean provisional() {
    return false;
  }

  @Override
  public boolean retained() {
    return false;
  }

  @Override
  public boolean sameVersion(Stored<V> other) {
    return other instanceof HeapAbsence<V>;
  }

  @Override
  public boolean sameMoment(Stored<V> other) {
    return other instanceof HeapAbsence<V> that && moment == that.moment;
  }
}
