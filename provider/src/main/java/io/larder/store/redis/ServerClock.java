package io.larder.store.redis;

import org.jspecify.annotations.Nullable;

/**
 * What this process knows of Redis' clock: at each instant a least and a most. Thread-safe.
 *
 * <p><b>How it learns.</b> A reply that carries the server's time was made between sending and
 * receiving, so at receipt the server's time is at least that and at most that plus the round trip.
 * Between samples the interval widens by the rate at which two clocks may run apart. A new sample
 * narrows it; one that contradicts it means that a clock was set, and replaces it.
 */
final class ServerClock {

  /** Two clocks run apart by at most one part in this many. */
  private static final long DRIFT = 2000;

  private static final long KEEP_NANOS = 5_000_000;
  private static final long FAR_NANOS = Long.MAX_VALUE / 4;

  private record Reading(long localNanos, long least, long most) {

    long leastAt(long nanos) {
      long micros = (nanos - localNanos) / 1000;
      return least + micros - micros / DRIFT;
    }

    long mostAt(long nanos) {
      long micros = (nanos - localNanos) / 1000;
      return most + micros + micros / DRIFT + 1;
    }
  }

  private volatile @Nullable Reading reading;

  /** Takes in a server's time from a reply. */
  void learn(long sentNanos, long receivedNanos, long serverMicros) {
    Reading known = reading;
    long most = serverMicros + (receivedNanos - sentNanos) / 1000 + 2;
    if (known == null) {
      reading = new Reading(receivedNanos, serverMicros, most);
      return;
    }
    long age = receivedNanos - known.localNanos;
    long knownLeast = known.leastAt(receivedNanos);
    long knownMost = known.mostAt(receivedNanos);
    if (serverMicros > knownMost || most < knownLeast) {
      reading = new Reading(receivedNanos, serverMicros, most);
    } else if (age > KEEP_NANOS) {
      reading =
          new Reading(receivedNanos, Math.max(serverMicros, knownLeast), Math.min(most, knownMost));
    }
  }

  boolean known() {
    return reading != null;
  }

  /** A server time that is surely past when this much more time has passed here. */
  long surelyPastIn(long nanos) {
    Reading known = reading;
    if (known == null) {
      throw new IllegalStateException("the server's time is not known");
    }
    return known.leastAt(System.nanoTime()) + nanos / 1000;
  }

  /**
   * The local time by which the server's is surely not later; {@link Long#MIN_VALUE} if unknown.
   */
  long localNanosBefore(long serverMicros) {
    Reading known = reading;
    if (known == null) {
      return Long.MIN_VALUE;
    }
    long micros = serverMicros - known.most - 1;
    if (micros > FAR_NANOS / 1000) {
      return known.localNanos + FAR_NANOS;
    }
    return known.localNanos + (micros - Math.abs(micros) / DRIFT) * 1000;
  }
}
