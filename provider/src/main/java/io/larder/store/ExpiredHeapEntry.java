package io.larder.store;

/** An entry on the heap that was past its deadline when it was read. */
record ExpiredHeapEntry<V>(HeapEntry<V> entry) implements Stored<V> {

  @Override
  public V value() {
    return entry.value();
  }

  @Override
  public boolean expired() {
    return true;
  }

  @Override
  public boolean provisional() {
    return false;
  }

  @Override
  public boolean retained() {
    return true;
  }

  @Override
  public boolean sameVersion(Stored<V> other) {
    return other instanceof ExpiredHeapEntry<V> that && that.entry == entry;
  }

  @Override
  public boolean sameMoment(Stored<V> other) {
    return sameVersion(other);
  }
}
