package io.larder.store.redis;

import io.larder.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/** Redis did not answer within the operation timeout. */
public final class RedisTimedOutException extends StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  private final boolean asked;

  RedisTimedOutException(String message, @Nullable Throwable cause) {
    this(message, cause, true);
  }

  /** @param asked whether anything was sent to Redis */
  RedisTimedOutException(String message, @Nullable Throwable cause, boolean asked) {
    super(message, cause);
    this.asked = asked;
  }

  @Override
  public boolean tellsOfOutage() {
    return asked;
  }
}
