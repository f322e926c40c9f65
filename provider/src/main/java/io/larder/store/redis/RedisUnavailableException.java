package io.larder.store.redis;

import io.larder.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/** Redis cannot be reached, or the connection broke before the reply. */
public final class RedisUnavailableException extends StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  RedisUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
