package io.larder.store.redis;

import io.larder.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/** Redis cannot be reached, or the connection broke before the reply. */
public final class RedisUnavailableException extends StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  private final boolean refusal;

  RedisUnavailableException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  /** @param refusal whether Redis has answered that it takes no changes */
  RedisUnavailableException(String message, @Nullable Throwable cause, boolean refusal) {
    super(message, cause);
    this.refusal = refusal;
  }

  @Override
  public boolean refusesChanges() {
    return refusal;
  }
}
