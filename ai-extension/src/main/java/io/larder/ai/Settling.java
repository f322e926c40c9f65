package io.larder.ai;

import io.larder.ai.platform.Platform;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until it is known what became of a change that got no reply in time: such a change may soon
 * be taken back, so whoever needs it looks again. Waits no longer than for a short outage.
 * Thread-safe.
 */
final class Settling {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Platform platform;
  private final Duration patience;

  Settling(Platform platform, Duration patience) {
    this.platform = platform;
    this.patience = patience;
  }

  Platform platform() {
    return platform;
  }

  /** Whether someone who began to wait then need not wait any longer, or not at all. */
  boolean isSettled(long sinceNanos) {
    Duration apart = platform.apartFor();
    return platform.isSettled()
        || apart != null && apart.compareTo(patience) >= 0
        || System.nanoTime() - sinceNanos >= patience.toNanos();
  }

  /**
   * Whether what was found or done since then may not be so for the others, and is worth another
   * try for one who began to wait then.
   *
   * @param callsApart what {@link Platform#callsApart} was
   */
  boolean isWorthAnother(long callsApart, long sinceNanos) {
    Duration apart = platform.apartFor();
    return platform.callsApart() != callsApart
        && (apart == null || apart.compareTo(patience) < 0)
        && System.nanoTime() - sinceNanos < patience.toNanos();
  }

  /**
   * Waits; whether what was done before has to be looked at again.
   *
   * @param callsApart what {@link Platform#callsApart} was before
   */
  boolean isDoubtful(long callsApart) {
    if (platform.isSettled() && platform.callsApart() == callsApart) {
      return false;
    }
    long start = System.nanoTime();
    while (!isSettled(start) && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return platform.isSettled();
  }
}
