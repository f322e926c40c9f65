package io.larder.store;

import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * An operation that took longer than {@code operation_timeout_ms}. Whether a change was made is not
 * known, unless the message says that it was not.
 */
public final class StoreTimeoutException extends CacheException {

  private static final long serialVersionUID = 1L;

  /** With a message that names the cache and the limit. */
  public StoreTimeoutException(String message) {
    super(message);
  }

  /** With a message that names the cache and the limit. */
  public StoreTimeoutException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
