package io.larder.stats;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * What JSR-107 has a cache count, chapter 12 of the specification. Thread-safe.
 *
 * <p>Times of reads are sampled: a clock read costs as much as half a near hit, so one read in
 * {@value #SAMPLE} is timed and stands for the others in the average. Writes are all timed.
 */
public final class JCacheStatistics {

  private static final int SAMPLE = 64;
  private static final float NANOS_PER_MICRO = 1_000f;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder removals = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final Timer getTimer = new Timer();
  private final Timer putTimer = new Timer();
  private final Timer removeTimer = new Timer();
  private volatile boolean enabled;

  /** Not counting until {@link #enable} says so. */
  public JCacheStatistics(boolean enabled) {
    this.enabled = enabled;
  }

  /** Whether anything is counted. */
  public boolean enabled() {
    return enabled;
  }

  /** Starts or stops counting; what was counted stays. */
  public void enable(boolean on) {
    enabled = on;
  }

  /** Now, if this read is to be timed, else 0. */
  public long startOfRead() {
    return enabled && (ThreadLocalRandom.current().nextInt() & (SAMPLE - 1)) == 0
        ? System.nanoTime()
        : 0;
  }

  /** Now, if anything is counted, else 0. */
  public long startOfWrite() {
    return enabled ? System.nanoTime() : 0;
  }

  /** A read that found a live entry. */
  public void hit() {
    if (enabled) {
      hits.increment();
    }
  }

  /** A read that found none. */
  public void miss() {
    if (enabled) {
      misses.increment();
    }
  }

  /** So many entries stored by the application. */
  public void put(int count) {
    if (enabled) {
      puts.add(count);
    }
  }

  /** So many entries removed by the application. */
  public void removal(int count) {
    if (enabled) {
      removals.add(count);
    }
  }

  /** One entry that had to go for want of room. */
  public void eviction() {
    if (enabled) {
      evictions.increment();
    }
  }

  /** The end of a read that started then; 0 if it is not timed. */
  public void read(long startNanos) {
    getTimer.stop(startNanos, 1);
  }

  /** The end of so many puts that started then; 0 if they are not timed. */
  public void wrote(long startNanos, int count) {
    putTimer.stop(startNanos, count);
  }

  /** The end of so many removals that started then; 0 if they are not timed. */
  public void removed(long startNanos, int count) {
    removeTimer.stop(startNanos, count);
  }

  /** Back to zero. */
  public void clear() {
    hits.reset();
    misses.reset();
    puts.reset();
    removals.reset();
    evictions.reset();
    getTimer.reset();
    putTimer.reset();
    removeTimer.reset();
  }

  public long hits() {
    return hits.sum();
  }

  public long misses() {
    return misses.sum();
  }

  public long puts() {
    return puts.sum();
  }

  public long removals() {
    return removals.sum();
  }

  public long evictions() {
    return evictions.sum();
  }

  /** Microseconds. */
  public float averageGetMicros() {
    return getTimer.averageMicros();
  }

  /** Microseconds. */
  public float averagePutMicros() {
    return putTimer.averageMicros();
  }

  /** Microseconds. */
  public float averageRemoveMicros() {
    return removeTimer.averageMicros();
  }

  private static final class Timer {

    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    void stop(long startNanos, int operations) {
      if (startNanos != 0) {
        nanos.add(System.nanoTime() - startNanos);
        count.add(operations);
      }
    }

    void reset() {
      count.reset();
      nanos.reset();
    }

    float averageMicros() {
      long n = count.sum();
      return n == 0 ? 0 : nanos.sum() / NANOS_PER_MICRO / n;
    }
  }
}
