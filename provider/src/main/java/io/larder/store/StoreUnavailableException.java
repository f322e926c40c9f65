package io.larder.store;

import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * The shared store could not be reached or did not answer in time. Whether a write was made is not
 * known; that it will not be made later, is.
 */
public class StoreUnavailableException extends CacheException {

  private static final long serialVersionUID = 1L;

  /** With a message that names the cache or the server, and what was waited for. */
  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether its caller was interrupted while waiting. */
  public final boolean isInterruption() {
    return getCause() instanceof InterruptedException;
  }

  /** Whether it says that the store is away; a caller without time left did not ask it. */
  public boolean tellsOfOutage() {
    return !isInterruption();
  }

  /** Whether the store has answered that it takes no changes; reads may be answered. */
  public boolean refusesChanges() {
    return isOfChangesOnly();
  }

  /** Whether the store answers, and only takes no changes for the time being. */
  public boolean isOfChangesOnly() {
    return false;
  }
}
