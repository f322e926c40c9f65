package io.larder.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Both clocks of a machine, moved by hand. */
final class ManualClock implements NearClock {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
  private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public long millis() {
    return millis.get();
  }

  void passMillis(long more) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(more));
    millis.addAndGet(more);
  }

  /** The machine sleeps, or somebody sets the time. */
  void jumpWallMillis(long more) {
    millis.addAndGet(more);
  }
}
