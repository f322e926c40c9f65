package io.larder.store;

import java.util.Iterator;
import java.util.List;

/** Pages of the keys that a process has while the shared store is away. */
record ApartPages<K>(Iterator<List<K>> source) implements Iterator<List<K>>, Partial {

  @Override
  public boolean hasNext() {
    return source.hasNext();
  }

  @Override
  public List<K> next() {
    return source.next();
  }

  @Override
  public boolean isPartial() {
    return true;
  }
}
