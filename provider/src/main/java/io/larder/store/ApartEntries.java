package io.larder.store;

import java.util.Iterator;
import java.util.Map;
import java.util.function.UnaryOperator;

/** An iteration over what a process has while the shared store is away; it keeps its own keys. */
record ApartEntries<K, V>(Iterator<Map.Entry<K, Stored<V>>> source, UnaryOperator<K> keyCopies)
    implements Iterator<Map.Entry<K, Stored<V>>>, Partial {

  @Override
  public boolean hasNext() {
    return source.hasNext();
  }

  @Override
  public Map.Entry<K, Stored<V>> next() {
    Map.Entry<K, Stored<V>> entry = source.next();
    return Map.entry(keyCopies.apply(entry.getKey()), entry.getValue());
  }

  @Override
  public boolean isPartial() {
    return true;
  }
}
