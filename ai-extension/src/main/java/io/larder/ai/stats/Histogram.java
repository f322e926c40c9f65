package io.larder.ai.stats;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations in classes that grow with the duration: 16 to each doubling, so that what is
 * read from it is at most a sixteenth too long. Thread-safe, without locks.
 */
final class Histogram {

  private static final int SUB_BITS = 4;
  private static final int SUBS = 1 << SUB_BITS;
  private static final int CLASSES = (64 - SUB_BITS) * SUBS;

  private final AtomicLongArray counts = new AtomicLongArray(CLASSES);

  void record(long nanos) {
    counts.getAndIncrement(classOf(Math.max(0, nanos)));
  }

  private static int classOf(long nanos) {
    if (nanos < SUBS) {
      return (int) nanos;
    }
    int shift = 63 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
    return (shift + 1) * SUBS + (int) (nanos >>> shift) - SUBS;
  }

  private static long greatestOf(int index) {
    if (index < SUBS) {
      return index;
    }
    int shift = index / SUBS - 1;
    return ((long) (index % SUBS + SUBS + 1) << shift) - 1;
  }

  /** Adds what this has counted. */
  void addTo(long[] sums) {
    for (int i = 0; i < CLASSES; i++) {
      sums[i] += counts.get(i);
    }
  }

  static long[] sums() {
    return new long[CLASSES];
  }

  static Percentiles percentiles(long[] sums) {
    long all = 0;
    for (long count : sums) {
      all += count;
    }
    return new Percentiles(all, at(sums, all, 50), at(sums, all, 95), at(sums, all, 99));
  }

  private static Duration at(long[] sums, long all, int percent) {
    long rank = Math.max(1, (all * percent + 99) / 100);
    long seen = 0;
    for (int i = 0; i < sums.length; i++) {
      seen += sums[i];
      if (seen >= rank) {
        return Duration.ofNanos(greatestOf(i));
      }
    }
    return Duration.ZERO;
  }
}
