package io.larder.store;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** Pages of keys of a shared store, which end where the server goes away. Used by one thread. */
final class SharedPages<K> implements Iterator<List<K>>, Partial {

  private final Iterator<List<K>> source;
  private final Consumer<StoreUnavailableException> lost;
  private boolean partial;

  /** @param lost hears that the server is away; what it throws reaches the caller */
  SharedPages(Iterator<List<K>> source, Consumer<StoreUnavailableException> lost) {
    this.source = source;
    this.lost = lost;
  }

  @Override
  public boolean hasNext() {
    return !partial && source.hasNext();
  }

  @Override
  public List<K> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      return source.next();
    } catch (StoreUnavailableException e) {
      partial = true;
      lost.accept(e);
      return List.of();
    }
  }

  @Override
  public boolean isPartial() {
    return partial;
  }
}
