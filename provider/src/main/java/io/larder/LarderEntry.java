package io.larder;

import java.util.Objects;
import javax.cache.Cache;

/**
 * A key and its value, as they were when the entry was read. Immutable.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LarderEntry<K, V> implements Cache.Entry<K, V> {

  private final K key;
  private final V value;

  LarderEntry(K key, V value) {
    this.key = key;
    this.value = value;
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public V getValue() {
    return value;
  }

  /**
   * This entry as another type.
   *
   * @throws IllegalArgumentException if it is no such type
   */
  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrap.as(type, this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LarderEntry<?, ?> that
        && key.equals(that.key)
        && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, value);
  }

  @Override
  public String toString() {
    return key + "=" + value;
  }
}
