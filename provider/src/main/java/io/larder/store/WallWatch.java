package io.larder.store;

/**
 * Notices that the wall clock moved against the steady one: the machine slept, and the steady clock
 * with it, or somebody set the time. Thread-safe.
 *
 * <p>Asking costs a read of the wall clock once a millisecond, whoever asks, and two comparisons
 * otherwise: so a caller sees a jump unless both its own and an earlier call fall into one
 * millisecond of running time around it.
 */
final class WallWatch {

  private static final long MILLI = 1_000_000;
  private static final long CHECK_EVERY_NANOS = MILLI;
  private static final long TOLERANCE_NANOS = 50 * MILLI;
  private static final long PRECISE_NANOS = 10 * MILLI;

  private final NearClock clock;
  /** The wall clock less the steady one, when last anchored. */
  private volatile long anchor;

  private volatile long steadyAt;
  private volatile boolean jumped;

  WallWatch(NearClock clock) {
    this.clock = clock;
    Reading reading = readPrecisely();
    anchor = reading.atLeast();
    steadyAt = reading.before();
  }

  /** Whether the clocks have gone together since the last anchor. */
  boolean steady(long nowNanos) {
    return nowNanos - steadyAt < CHECK_EVERY_NANOS ? !jumped : check();
  }

  /** Whether they have gone together since the last anchor; the same reading is the new one. */
  synchronized boolean anchor() {
    Reading reading = readPrecisely();
    boolean steady = !jumped && reading.agreesWith(anchor);
    anchor = reading.atLeast();
    steadyAt = reading.before();
    jumped = false;
    return steady;
  }

  private boolean check() {
    Reading reading = read();
    if (!reading.agreesWith(anchor)) {
      jumped = true;
    }
    if (!reading.precise()) {
      return false;
    }
    steadyAt = reading.before();
    return !jumped;
  }

  private Reading readPrecisely() {
    Reading reading = read();
    for (int i = 0; i < 10 && !reading.precise(); i++) {
      reading = read();
    }
    return reading;
  }

  private Reading read() {
    long before = clock.nanos();
    long wall = clock.millis() * MILLI;
    return new Reading(before, wall, clock.nanos());
  }

  /** The wall clock read between two reads of the steady one. */
  private record Reading(long before, long wall, long after) {

    long atLeast() {
      return wall - after;
    }

    boolean precise() {
      return after - before <= PRECISE_NANOS;
    }

    boolean agreesWith(long anchor) {
      return wall + MILLI - before >= anchor - TOLERANCE_NANOS
          && atLeast() <= anchor + TOLERANCE_NANOS;
    }
  }
}
