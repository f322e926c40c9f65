package io.larder.store;

import javax.cache.CacheException;

/**
 * Another thread, or with a lease another process, was busy with the same key for longer than
 * {@code operation_timeout_ms}. Nothing was changed.
 */
public final class LockTimeoutException extends CacheException {

  private static final long serialVersionUID = 1L;

  /** With a message that names the cache. */
  public LockTimeoutException(String message) {
    super(message);
  }
}
