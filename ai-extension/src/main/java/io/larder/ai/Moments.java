package io.larder.ai;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The times at which models are asked: later than all that this process has seen, though its clock
 * may be behind. Thread-safe.
 */
final class Moments {

  private final InstantSource clock;
  private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);

  Moments(InstantSource clock) {
    this.clock = clock;
  }

  /** What is asked for from now on is newer than that answer. */
  void saw(StoredAnswer answer) {
    Long begun = answer.begunMillis();
    if (begun != null && begun > latest.get()) {
      latest.accumulateAndGet(begun, Math::max);
    }
  }

  /** Now, as of 1970. */
  long now() {
    return Math.max(clock.millis(), latest.get() + 1);
  }
}
