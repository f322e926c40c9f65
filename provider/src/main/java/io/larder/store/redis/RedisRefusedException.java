package io.larder.store.redis;

import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Redis answered that it will not do it: it is full, read-only, or the user lacks a permission. A
 * value that was refused because Redis is full leaves its key absent.
 */
public final class RedisRefusedException extends CacheException {

  private static final long serialVersionUID = 1L;

  RedisRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
