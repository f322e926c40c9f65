package io.larder.stats;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What one cache counts and times. Thread-safe.
 *
 * <p>There are two readers: JSR-107 (chapter 12 of the specification), which sees what was counted
 * while statistics were enabled, and Larder's own statistics and monitoring, which see everything.
 * Nothing is counted for a cache that neither wants.
 *
 * <p>Times of reads are sampled: a clock read costs as much as half a near hit. The first
 * {@value #FIRST} reads are timed, for a cache of few reads to have an average, and then one in
 * {@value #SAMPLE}, which stands for the others; once there are {@value #FIRST} of these, the first
 * no longer count. Writes are all timed.
 */
public final class JCacheStatistics {

  private static final int SAMPLE = 64;
  private static final int FIRST = 64;
  private static final float NANOS_PER_MICRO = 1_000f;

  private final Tally hits;
  private final Tally misses;
  private final Tally puts;
  private final Tally removals;
  private final Tally evictions;
  private final Tally clears;
  private final Timer firstGets;
  private final Timer getTimer;
  private final Timer putTimer;
  private final Timer removeTimer;
  private final List<Tally> tallies;
  private final boolean watched;
  private volatile boolean enabled;
  private volatile boolean counting;
  private volatile boolean warm;
  private volatile boolean churning;

  /**
   * Everything since the start.
   *
   * @param operationNanos the sum of the averages' parts: what all counted operations took, where
   *     timed reads stand for all reads
   */
  public record Totals(
      long hits,
      long misses,
      long puts,
      long removals,
      long evictions,
      long clears,
      double operationNanos) {

    public long reads() {
      return hits + misses;
    }

    public long operations() {
      return reads() + puts + removals;
    }
  }

  /** Counts for JSR-107 alone, when {@link #enable} says so. */
  public JCacheStatistics(boolean enabled) {
    this(enabled, false);
  }

  /**
   * Counts.
   *
   * @param enabled whether JSR-107 sees it
   * @param watched whether it counts all the same when JSR-107 does not
   */
  public JCacheStatistics(boolean enabled, boolean watched) {
    this.watched = watched;
    this.enabled = enabled;
    counting = enabled || watched;
    hits = new Tally(enabled);
    misses = new Tally(enabled);
    puts = new Tally(enabled);
    removals = new Tally(enabled);
    evictions = new Tally(enabled);
    clears = new Tally(enabled);
    firstGets = new Timer(enabled);
    getTimer = new Timer(enabled);
    putTimer = new Timer(enabled);
    removeTimer = new Timer(enabled);
    tallies = List.of(
        hits,
        misses,
        puts,
        removals,
        evictions,
        clears,
        firstGets.count,
        firstGets.nanos,
        getTimer.count,
        getTimer.nanos,
        putTimer.count,
        putTimer.nanos,
        removeTimer.count,
        removeTimer.nanos);
  }

  /** Whether JSR-107 sees what is counted. */
  public boolean enabled() {
    return enabled;
  }

  /** From now on misses and invalidations are no reason for an alert. */
  public void expectChurn() {
    churning = true;
  }

  /** Whether misses and invalidations are no reason for an alert. */
  public boolean expectsChurn() {
    return churning;
  }

  /** Starts or stops counting for JSR-107; what was counted stays. */
  public synchronized void enable(boolean on) {
    enabled = on;
    tallies.forEach(tally -> tally.show(on));
    counting = on || watched;
  }

  /** Now, if this read is to be timed, else 0. */
  public long startOfRead() {
    return counting && (!warm || (ThreadLocalRandom.current().nextInt() & (SAMPLE - 1)) == 0)
        ? System.nanoTime()
        : 0;
  }

  /** Now, if anything is counted, else 0. */
  public long startOfWrite() {
    return counting ? System.nanoTime() : 0;
  }

  /** A read that found a live entry. */
  public void hit() {
    if (counting) {
      hits.add(1);
    }
  }

  /** A read that found none. */
  public void miss() {
    if (counting) {
      misses.add(1);
    }
  }

  /** So many entries stored by the application. */
  public void put(int count) {
    if (counting) {
      puts.add(count);
    }
  }

  /** So many entries removed by the application. */
  public void removal(int count) {
    if (counting) {
      removals.add(count);
    }
  }

  /** One entry that had to go for want of room. */
  public void eviction() {
    if (counting) {
      evictions.add(1);
    }
  }

  /** The application removed everything at once; JSR-107 counts no removals then. */
  public void cleared() {
    if (counting) {
      clears.add(1);
    }
  }

  /** The end of a read that started then; 0 if it is not timed. */
  public void read(long startNanos) {
    if (startNanos == 0) {
      return;
    }
    if (warm) {
      getTimer.stop(startNanos, 1);
    } else {
      firstGets.stop(startNanos, 1);
      warm = firstGets.count.all() >= FIRST;
    }
  }

  /** The end of so many puts that started then; 0 if they are not timed. */
  public void wrote(long startNanos, int count) {
    putTimer.stop(startNanos, count);
  }

  /** The end of so many removals that started then; 0 if they are not timed. */
  public void removed(long startNanos, int count) {
    removeTimer.stop(startNanos, count);
  }

  /** Back to zero, for all who read it. */
  public synchronized void clear() {
    tallies.forEach(Tally::reset);
    warm = false;
  }

  /** Everything that was counted, whether JSR-107 sees it or not. */
  public Totals totals() {
    long reads = hits.all() + misses.all();
    double nanos = reads * averageReadNanos()
        + puts.all() * putTimer.averageNanos()
        + removals.all() * removeTimer.averageNanos();
    return new Totals(
        hits.all(), misses.all(), puts.all(), removals.all(), evictions.all(), clears.all(), nanos);
  }

  /** Milliseconds, of all timed reads that count. */
  public double averageReadMillis() {
    return averageReadNanos() / 1e6;
  }

  private double averageReadNanos() {
    long sampled = getTimer.count.all();
    long first = sampled < FIRST ? firstGets.count.all() : 0;
    long nanos = getTimer.nanos.all() + (first == 0 ? 0 : firstGets.nanos.all());
    return sampled + first == 0 ? 0 : (double) nanos / (sampled + first);
  }

  /** Milliseconds, of all puts. */
  public double averageWriteMillis() {
    return putTimer.averageNanos() / 1e6;
  }

  public long hits() {
    return hits.shown();
  }

  public long misses() {
    return misses.shown();
  }

  public long puts() {
    return puts.shown();
  }

  public long removals() {
    return removals.shown();
  }

  public long evictions() {
    return evictions.shown();
  }

  /** Microseconds. */
  public float averageGetMicros() {
    long sampled = getTimer.count.shown();
    long first = sampled < FIRST ? firstGets.count.shown() : 0;
    long nanos = getTimer.nanos.shown() + (first == 0 ? 0 : firstGets.nanos.shown());
    return sampled + first == 0 ? 0 : nanos / NANOS_PER_MICRO / (sampled + first);
  }

  /** Microseconds. */
  public float averagePutMicros() {
    return putTimer.shownMicros();
  }

  /** Microseconds. */
  public float averageRemoveMicros() {
    return removeTimer.shownMicros();
  }

  private static final class Timer {

    private final Tally count;
    private final Tally nanos;

    Timer(boolean shown) {
      count = new Tally(shown);
      nanos = new Tally(shown);
    }

    void stop(long startNanos, int operations) {
      if (startNanos != 0) {
        nanos.add(System.nanoTime() - startNanos);
        count.add(operations);
      }
    }

    double averageNanos() {
      long n = count.all();
      return n == 0 ? 0 : (double) nanos.all() / n;
    }

    float shownMicros() {
      long n = count.shown();
      return n == 0 ? 0 : nanos.shown() / NANOS_PER_MICRO / n;
    }
  }
}
