package io.larder.store;

import java.util.Iterator;

/** One iteration after another; partial if the first is. Used by one thread. */
record Both<T>(Iterator<T> first, Iterator<T> second) implements Iterator<T>, Partial {

  @Override
  public boolean hasNext() {
    return first.hasNext() || second.hasNext();
  }

  @Override
  public T next() {
    return first.hasNext() ? first.next() : second.next();
  }

  @Override
  public boolean isPartial() {
    return Partial.is(first);
  }
}
