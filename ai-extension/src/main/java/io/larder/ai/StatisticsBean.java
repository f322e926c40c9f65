package io.larder.ai;

import io.larder.ai.stats.AiFigures;
import io.larder.ai.stats.OperationCounters;
import io.larder.ai.stats.Percentiles;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** One operation's counts as a bean. */
final class StatisticsBean implements AiStatisticsMXBean {

  private final OperationCounters counters;

  StatisticsBean(OperationCounters counters) {
    this.counters = counters;
  }

  private AiFigures total() {
    return counters.stats().total();
  }

  @Override
  public long getHits() {
    return total().hits();
  }

  @Override
  public long getMisses() {
    return total().misses();
  }

  @Override
  public double getHitRatio() {
    return total().hitRatio();
  }

  @Override
  public long getCoalescedCalls() {
    return total().coalesced();
  }

  @Override
  public long getSavedCalls() {
    return total().savedCalls();
  }

  @Override
  public long getSavedTokens() {
    return total().savedTokens();
  }

  @Override
  public BigDecimal getSavedCost() {
    return total().savedCost();
  }

  @Override
  public long getModelCalls() {
    return total().modelCalls();
  }

  @Override
  public long getModelFailures() {
    return total().modelFailures();
  }

  @Override
  public long getSkippedForLength() {
    return total().skippedForLength();
  }

  @Override
  public long getNotStored() {
    return total().notStored();
  }

  @Override
  public Map<String, Double> getLookupMicros() {
    return times(total().lookup(), Duration.ofNanos(1000));
  }

  @Override
  public Map<String, Double> getModelCallMillis() {
    return times(total().modelCall(), Duration.ofMillis(1));
  }

  private static Map<String, Double> times(Percentiles percentiles, Duration unit) {
    double nanos = unit.toNanos();
    Map<String, Double> times = new TreeMap<>();
    times.put("p50", percentiles.p50().toNanos() / nanos);
    times.put("p95", percentiles.p95().toNanos() / nanos);
    times.put("p99", percentiles.p99().toNanos() / nanos);
    return times;
  }

  @Override
  public Map<String, Long> getHitsByTextTier() {
    return byTier(AiFigures::hits);
  }

  @Override
  public Map<String, Long> getMissesByTextTier() {
    return byTier(AiFigures::misses);
  }

  private Map<String, Long> byTier(ToLongFunction<AiFigures> figure) {
    Map<String, Long> all = new TreeMap<>();
    counters
        .stats()
        .byTier()
        .forEach((tier, figures) -> all.put(tier.name(), figure.applyAsLong(figures)));
    return all;
  }
}
