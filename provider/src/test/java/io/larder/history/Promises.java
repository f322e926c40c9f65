package io.larder.history;

import java.util.concurrent.TimeUnit;

/**
 * What a cache promises, as far as a history can tell.
 *
 * @param staleNanos how long after a change has returned old answers are allowed
 * @param lagNanos the same for what is decided on the shared entry
 * @param ttlNanos how long after a write its value may be read; {@link Long#MAX_VALUE} for ever
 * @param absenceNeedsRemoval whether entries go only by removals
 * @param absenceLasts whether what a process found absent cannot be there again
 */
public record Promises(
    long staleNanos,
    long lagNanos,
    long ttlNanos,
    boolean absenceNeedsRemoval,
    boolean absenceLasts) {

  /**
   * The bound of {@code docs/consistency.md} for near answers whatever is wrong: the proof lives
   * two seconds, by the clock of the process that answers, so that no pause adds to it; and what
   * two threads' looks at that clock may differ by.
   */
  public static final long DETECTION_NANOS = TimeUnit.MILLISECONDS.toNanos(2_000 + 50);

  /**
   * Its bound where Redis answers comparisons, and messages at most are lost: a comparison a
   * second, and half of one more for a busy machine to get to it and to have the answer.
   */
  public static final long COMPARED_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000 + 500);

  /**
   * How long after its caller gave up a change may still be made: none, but the server's clock is
   * known with an error.
   */
  public static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Redis counts a time to live in milliseconds. */
  public static final long TTL_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** A cache with a near tier. */
  public static Promises near() {
    return new Promises(DETECTION_NANOS, 0, Long.MAX_VALUE, true, true);
  }

  /** A cache without: every read is one of Redis. */
  public static Promises shared() {
    return new Promises(0, 0, Long.MAX_VALUE, true, true);
  }

  /** The same with entries that expire so long after they were written last. */
  public Promises expiring(long millis) {
    return new Promises(
        staleNanos, lagNanos, TimeUnit.MILLISECONDS.toNanos(millis), false, absenceLasts);
  }

  /** The same where comparisons are answered all the time. */
  public Promises compared() {
    return new Promises(
        Math.min(staleNanos, COMPARED_NANOS),
        lagNanos,
        ttlNanos,
        absenceNeedsRemoval,
        absenceLasts);
  }

  /** The same where Redis evicts entries: their copies may be read on. */
  public Promises evicting() {
    return new Promises(staleNanos, lagNanos, ttlNanos, false, false);
  }

  /** The same where some processes ask a server that is so far behind. */
  public Promises lagging(long nanos) {
    return new Promises(
        Math.max(staleNanos, nanos), nanos, ttlNanos, absenceNeedsRemoval, absenceLasts);
  }
}
