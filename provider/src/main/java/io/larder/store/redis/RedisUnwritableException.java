package io.larder.store.redis;

import io.larder.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/** Redis answered that it takes no changes for the time being, since its replicas are away. */
public final class RedisUnwritableException extends StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  RedisUnwritableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean tellsOfOutage() {
    return false;
  }

  @Override
  public boolean isOfChangesOnly() {
    return true;
  }
}
