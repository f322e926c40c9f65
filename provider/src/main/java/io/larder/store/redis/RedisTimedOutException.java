package io.larder.store.redis;

import io.larder.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/** Redis did not answer, or a lease was not free, within the operation timeout. */
public final class RedisTimedOutException extends StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  RedisTimedOutException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
