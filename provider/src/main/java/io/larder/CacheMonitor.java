package io.larder;

import io.larder.config.AlertSettings;
import io.larder.config.AlertSettings.Levels;
import io.larder.stats.Alert;
import io.larder.stats.Alert.Level;
import io.larder.stats.JCacheStatistics;
import io.larder.stats.JCacheStatistics.Totals;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Compares what one cache counts with the thresholds of its alerts. Thread-safe; never waits.
 *
 * <p>Hit ratio and operation time are those since the check before; a check that finds fewer than
 * {@value #READS} reads leaves them for the next one, so that a cache without traffic has no hit
 * ratio to complain of. Invalidations are what this process has removed, entry by entry, and how
 * often it has cleared, in the last hour.
 */
final class CacheMonitor {

  private static final int READS = 10;
  private static final double MEGABYTE = 1 << 20;
  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** What alerts are about. */
  enum Metric {
    HIT_RATIO,
    OPERATION_TIME,
    INVALIDATIONS_PER_HOUR,
    MEMORY;

    String shown() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How many invalidations there were at a time. */
  private record Mark(long nanos, long invalidations) {}

  private final String cache;
  private final AlertSettings thresholds;
  private final JCacheStatistics statistics;
  private final LongSupplier memoryBytes;
  private final Consumer<Alert> alerts;
  private final Map<Metric, AlertLevel> levels = new EnumMap<>(Metric.class);
  private final Deque<Mark> marks = new ArrayDeque<>();
  private Totals reads;
  private Totals operations;

  /**
   * For that cache, from now on.
   *
   * @param statistics what it has counted
   * @param memoryBytes what its entries take in this process
   */
  CacheMonitor(
      String cache,
      AlertSettings thresholds,
      JCacheStatistics statistics,
      LongSupplier memoryBytes,
      Consumer<Alert> alerts) {
    this.cache = cache;
    this.thresholds = thresholds;
    this.statistics = statistics;
    this.memoryBytes = memoryBytes;
    this.alerts = alerts;
    for (Metric metric : Metric.values()) {
      levels.put(metric, new AlertLevel());
    }
    reads = statistics.totals();
    operations = reads;
    marks.add(new Mark(System.nanoTime(), invalidations(reads)));
  }

  String cache() {
    return cache;
  }

  /** Looks at what was counted. */
  synchronized void check(long nowNanos) {
    Totals now = statistics.totals();
    if (now.operations() < operations.operations() || now.reads() < reads.reads()) {
      startAgain(now, nowNanos);
      return;
    }
    hitRatio(now);
    operationTime(now);
    invalidations(now, nowNanos);
  }

  /** The statistics were cleared. */
  private void startAgain(Totals now, long nowNanos) {
    reads = now;
    operations = now;
    marks.clear();
    marks.add(new Mark(nowNanos, invalidations(now)));
  }

  private void hitRatio(Totals now) {
    long count = now.reads() - reads.reads();
    if (count < READS) {
      return;
    }
    double ratio = (double) (now.hits() - reads.hits()) / count;
    reads = now;
    Levels limits = thresholds.hitRatio();
    Level level = statistics.expectsChurn() || ratio >= limits.warning()
        ? Level.CLEARED
        : ratio < limits.critical() ? Level.CRITICAL : Level.WARNING;
    String measured = String.format(Locale.ROOT, "the hit ratio of %d reads is %.2f", count, ratio);
    tell(Metric.HIT_RATIO, level, measured, "below", limits);
  }

  private void operationTime(Totals now) {
    long count = now.operations() - operations.operations();
    if (count == 0) {
      return;
    }
    double millis = Math.max(0, now.operationNanos() - operations.operationNanos()) / 1e6 / count;
    operations = now;
    Levels limits = thresholds.operationMillis();
    String measured =
        String.format(Locale.ROOT, "%d operations took %.2f ms on average", count, millis);
    tell(Metric.OPERATION_TIME, above(millis, limits), measured, "above", limits);
  }

  private void invalidations(Totals now, long nowNanos) {
    long count = invalidations(now);
    while (marks.size() > 1 && nowNanos - marks.element().nanos() > HOUR_NANOS) {
      marks.remove();
    }
    long inHour = count - marks.element().invalidations();
    if (nowNanos - marks.getLast().nanos() >= MINUTE_NANOS) {
      marks.add(new Mark(nowNanos, count));
    }
    Levels limits = thresholds.invalidationsPerHour();
    String measured = inHour + " invalidations within an hour";
    Level level = statistics.expectsChurn() ? Level.CLEARED : above(inHour, limits);
    tell(Metric.INVALIDATIONS_PER_HOUR, level, measured, "above", limits);
  }

  private static long invalidations(Totals totals) {
    return totals.removals() + totals.clears();
  }

  /** Looks at what the entries take. */
  void checkMemory() {
    double megabytes = memoryBytes.getAsLong() / MEGABYTE;
    Levels limits = thresholds.memoryMegabytes();
    String measured =
        String.format(Locale.ROOT, "the entries in this process take about %.1f MB", megabytes);
    tell(Metric.MEMORY, above(megabytes, limits), measured, "above", limits);
  }

  private static Level above(double value, Levels limits) {
    return value > limits.critical()
        ? Level.CRITICAL
        : value > limits.warning() ? Level.WARNING : Level.CLEARED;
  }

  private void tell(Metric metric, Level level, String measured, String beyond, Levels limits) {
    AlertLevel reached = java.util.Objects.requireNonNull(levels.get(metric));
    reached.checked(level).ifPresent(news -> {
      double limit = news == Level.CRITICAL ? limits.critical() : limits.warning();
      String message = news == Level.CLEARED
          ? measured
          : measured + ", " + beyond + " "
              + (limit == Math.rint(limit) ? "" + (long) limit : limit);
      alerts.accept(new Alert(Instant.now(), news, cache, metric.shown(), message));
    });
  }
}
