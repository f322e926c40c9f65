package io.larder.store.redis;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process knows of the clocks of all masters. Thread-safe.
 *
 * <p><b>Why all of them.</b> A command may be redirected to another master than the one it was
 * meant for, and a bucket may move to another one or to a replica at any time. So what must not be
 * too late is reckoned by all known clocks, and the most careful answer is taken: near entries end
 * when the clock that is ahead of all others says so, and a write is refused once the clock that is
 * behind all others would refuse it. Masters whose clocks agree cost nothing by it.
 */
final class ServerClocks {

  /** By the master; a replica that becomes one is another. */
  private final Map<Object, ServerClock> clocks = new ConcurrentHashMap<>();

  /** The clock of a master. */
  ServerClock of(Object master) {
    return clocks.computeIfAbsent(master, key -> new ServerClock());
  }

  /** Forgets those that are no masters any more, once the time of one that is is known. */
  void retain(Collection<?> masters) {
    boolean known = clocks.entrySet().stream()
        .anyMatch(clock -> masters.contains(clock.getKey()) && clock.getValue().known());
    if (known) {
      clocks.keySet().retainAll(masters);
    }
  }

  /** A server time that is surely past on every master when this much more time has passed here. */
  long surelyPastIn(long nanos) {
    long least = Long.MAX_VALUE;
    for (ServerClock clock : clocks.values()) {
      if (clock.known()) {
        least = Math.min(least, clock.surelyPastIn(nanos));
      }
    }
    if (least == Long.MAX_VALUE) {
      throw new IllegalStateException("the time of no master is known");
    }
    return least;
  }

  /** The local time by which no master's is later; {@link Long#MIN_VALUE} if none is known. */
  long localNanosBefore(long serverMicros) {
    long least = Long.MAX_VALUE;
    for (ServerClock clock : clocks.values()) {
      if (clock.known()) {
        least = Math.min(least, clock.localNanosBefore(serverMicros));
      }
    }
    return least == Long.MAX_VALUE ? Long.MIN_VALUE : least;
  }
}
