package io.larder.history;

/**
 * What one thread did to a key, or was answered. Times are {@link System#nanoTime()}, which on
 * Linux is {@code CLOCK_MONOTONIC} and so the same clock for all processes of a machine.
 *
 * @param process who; {@link #OUTSIDE} for what was done to Redis itself
 * @param cache the cache's number, or {@link #ALL}
 * @param key the key's number, or {@link #ALL}
 * @param value what was written or answered, unique for each write; {@link #ABSENT} for nothing
 * @param start the time before the call
 * @param end the time after it
 * @param lastStart of reads in a row with one answer, the time before the last; else the start
 * @param count how many reads in a row
 */
public record Event(
    Kind kind,
    int process,
    int thread,
    int cache,
    int key,
    long value,
    long start,
    long end,
    long lastStart,
    int count) {

  /** What is known of it. */
  public enum Kind {
    /** Reads that may be answered from near. */
    READ,
    /** What an operation that decides on the shared entry found there. */
    FOUND,
    /** A read that tells no more than that there is a value. */
    PRESENT,
    /** The same by an operation that decides on the shared entry. */
    FOUND_PRESENT,
    /** A write or removal that has returned. */
    WRITE,
    /** A write or removal whose outcome its caller does not know. */
    MAYBE,
    /** The same because Redis did not answer: its key is to be removed before it is asked again. */
    UNANSWERED,
    /** The same because Redis was not reached; if it was sent, its key is to be removed too. */
    UNREACHED;

    boolean writes() {
      return ordinal() >= WRITE.ordinal();
    }

    boolean tellsValue() {
      return this == READ || this == FOUND;
    }

    boolean decides() {
      return this == FOUND || this == FOUND_PRESENT;
    }
  }

  /** The value of an absent entry. */
  public static final long ABSENT = 0;

  /** All keys, all caches. */
  public static final int ALL = -1;

  /** The process that is none of those under test. */
  public static final int OUTSIDE = -1;

  Event as(Kind other) {
    return new Event(other, process, thread, cache, key, value, start, end, lastStart, count);
  }

  Event between(long first, long firstEnd, long last) {
    return new Event(kind, process, thread, cache, key, value, first, firstEnd, last, count);
  }

  /** One key's part in it, which counts once only. */
  Event copyFor(int oneCache, int oneKey) {
    return new Event(kind, process, thread, oneCache, oneKey, value, start, end, lastStart, 0);
  }

  /** The removal of what it wrote, made when the process works with Redis again. */
  Event undoneBy(long time) {
    return new Event(
        Kind.WRITE, process, thread, cache, key, ABSENT, start, Math.max(end, time), start, 0);
  }

  Event uncounted() {
    return copyFor(cache, key);
  }
}
