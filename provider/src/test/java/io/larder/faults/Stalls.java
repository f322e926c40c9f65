package io.larder.faults;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long this machine has stood still, as a thread sees it that does nothing but wake up. What is
 * asserted of the length of a call has to leave that out.
 */
final class Stalls implements AutoCloseable {

  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long NOTED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Thread thread = new Thread(this::watch, "stalls");
  private volatile long nanos;
  private volatile boolean closed;

  Stalls() {
    thread.setDaemon(true);
    thread.start();
  }

  /** All stalls since this was made, but for those that are too short to matter. */
  long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private void watch() {
    long all = 0;
    long last = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(STEP_NANOS);
      long now = System.nanoTime();
      if (now - last > NOTED_NANOS) {
        all += now - last;
        nanos = all;
      }
      last = now;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
