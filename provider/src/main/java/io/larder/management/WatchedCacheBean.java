package io.larder.management;

import io.larder.stats.Alert;
import io.larder.stats.CacheStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a cache has counted, and its latest alerts, in JMX. */
public final class WatchedCacheBean implements WatchedCacheMXBean {

  private final Supplier<CacheStats> stats;
  private final Supplier<List<Alert>> alerts;

  public WatchedCacheBean(Supplier<CacheStats> stats, Supplier<List<Alert>> alerts) {
    this.stats = stats;
    this.alerts = alerts;
  }

  @Override
  public double getHitRatio() {
    return stats.get().hitRatio();
  }

  @Override
  public long getTotalOperations() {
    return stats.get().totalOperations();
  }

  @Override
  public long getCacheHits() {
    return stats.get().hits();
  }

  @Override
  public long getCacheMisses() {
    return stats.get().misses();
  }

  @Override
  public long getEntryCount() {
    return stats.get().entryCount();
  }

  @Override
  public long getMemoryUsageBytes() {
    return stats.get().memoryUsageBytes();
  }

  @Override
  public double getAverageOperationTimeMillis() {
    return stats.get().averageOperationMillis();
  }

  @Override
  public double getAverageCompressionRatio() {
    return stats.get().codec().compressionRatio();
  }

  @Override
  public double getAverageCompressionTimeMillis() {
    return stats.get().codec().averageCompressionMillis();
  }

  @Override
  public long getTotalBytesSaved() {
    return stats.get().codec().bytesSaved();
  }

  @Override
  public String getRating() {
    return stats.get().rating().name();
  }

  @Override
  public Map<String, Double> getStatistics() {
    return doubles(stats.get().asMap());
  }

  @Override
  public Map<String, Map<String, Double>> getTiers() {
    Map<String, Map<String, Double>> tiers = new LinkedHashMap<>();
    stats.get().tiersAsMap().forEach((tier, values) -> tiers.put(tier, doubles(values)));
    return tiers;
  }

  private static Map<String, Double> doubles(Map<String, Number> values) {
    Map<String, Double> doubles = new LinkedHashMap<>();
    values.forEach((name, value) -> doubles.put(name, value.doubleValue()));
    return doubles;
  }

  @Override
  public List<String> getLastAlerts() {
    return alerts.get().stream()
        .map(alert ->
            alert.time() + " " + alert.level() + " " + alert.metric() + ": " + alert.message())
        .toList();
  }
}
