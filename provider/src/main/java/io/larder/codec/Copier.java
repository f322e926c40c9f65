package io.larder.codec;

/** Copies for store-by-value. Immutable instances are shared, not copied. Thread-safe. */
public interface Copier {

  /**
   * The instance itself if nobody can change it, else a deep copy without transient fields.
   *
   * @throws javax.cache.CacheException if the instance cannot be copied
   */
  <T> T copy(T instance);
}
