package io.larder.store;

import org.jspecify.annotations.Nullable;

/** No entry on the heap, since the key changed last: all who miss it until it changes get this. */
final class HeapAbsence<V> implements Stored<V> {

  private volatile boolean outdated;

  boolean isOutdated() {
    return outdated;
  }

  void outdate() {
    outdated = true;
  }

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
    return other == this;
  }
}
