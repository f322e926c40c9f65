package io.larder;

import javax.cache.CacheException;

/**
 * Another thread of this process was busy with the same key for longer than
 * {@code operation_timeout_ms}. Nothing was changed.
 */
public final class LockTimeoutException extends CacheException {

  private static final long serialVersionUID = 1L;

  LockTimeoutException(String message) {
    super(message);
  }
}
