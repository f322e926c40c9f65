package io.larder.store;

import io.larder.log.Log;
import io.larder.stats.TierCounters;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;

/**
 * What a near tier is made of.
 *
 * @param maximumSize how many entries it holds at most
 * @param comparisonInterval how often it compares its buckets with the shared store
 * @param proofLifetime how long after the last comparison its entries may be read
 * @param timer runs the comparisons; the caller's to shut down
 * @param counters counts its hits and misses
 * @param log the cache's messages
 * @param keyCopies makes keys that nobody else can change, for the tier to keep
 * @param flights is told when running calls may no longer be joined
 */
public record NearSpec<K>(
    int maximumSize,
    Duration comparisonInterval,
    Duration proofLifetime,
    ScheduledExecutorService timer,
    TierCounters counters,
    Log log,
    FlightEnder<K> flights,
    UnaryOperator<K> keyCopies) {

  public NearSpec {
    requirePositive("maximumSize", maximumSize, maximumSize > 0);
    requirePositive("comparisonInterval", comparisonInterval, positive(comparisonInterval));
    if (proofLifetime.compareTo(comparisonInterval) <= 0) {
      throw new IllegalArgumentException("proofLifetime is "
          + proofLifetime
          + " but must be longer than comparisonInterval, "
          + comparisonInterval);
    }
    Objects.requireNonNull(timer, "timer");
    Objects.requireNonNull(counters, "counters");
    Objects.requireNonNull(log, "log");
    Objects.requireNonNull(flights, "flights");
  }

  /** A comparison each second, a proof that lives two, and nobody who shares calls. */
  public static <K> NearSpec<K> of(
      int maximumSize, ScheduledExecutorService timer, TierCounters counters, Log log) {
    return new NearSpec<>(
        maximumSize,
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        timer,
        counters,
        log,
        FlightEnder.none(),
        UnaryOperator.identity());
  }

  /** The same with someone to tell when running calls may no longer be joined. */
  public NearSpec<K> withFlights(FlightEnder<K> ender) {
    return new NearSpec<>(
        maximumSize, comparisonInterval, proofLifetime, timer, counters, log, ender, keyCopies);
  }

  /** The same with keys copied before they are kept. */
  public NearSpec<K> withKeyCopies(UnaryOperator<K> copies) {
    return new NearSpec<>(
        maximumSize, comparisonInterval, proofLifetime, timer, counters, log, flights, copies);
  }

  private static boolean positive(Duration duration) {
    return !duration.isZero() && !duration.isNegative();
  }

  private static void requirePositive(String name, Object value, boolean positive) {
    if (!positive) {
      throw new IllegalArgumentException(name + " is " + value + " but must be positive");
    }
  }
}
