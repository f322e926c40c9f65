package io.larder.store;

import java.util.Iterator;

/**
 * Pages of keys after others, where a key may come twice; partial if the first are. For one thread.
 */
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
