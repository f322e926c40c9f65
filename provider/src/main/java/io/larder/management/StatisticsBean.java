package io.larder.management;

import io.larder.stats.JCacheStatistics;
import javax.cache.management.CacheStatisticsMXBean;

/**
 * A cache's statistics in JMX (JSR-107 section 12.3). Percentages from 0 to 100, times in
 * microseconds.
 */
public final class StatisticsBean implements CacheStatisticsMXBean {

  private static final float PERCENT = 100f;

  private final JCacheStatistics statistics;

  public StatisticsBean(JCacheStatistics statistics) {
    this.statistics = statistics;
  }

  @Override
  public void clear() {
    statistics.clear();
  }

  @Override
  public long getCacheHits() {
    return statistics.hits();
  }

  @Override
  public float getCacheHitPercentage() {
    return share(statistics.hits());
  }

  @Override
  public long getCacheMisses() {
    return statistics.misses();
  }

  @Override
  public float getCacheMissPercentage() {
    return share(statistics.misses());
  }

  @Override
  public long getCacheGets() {
    return statistics.hits() + statistics.misses();
  }

  @Override
  public long getCachePuts() {
    return statistics.puts();
  }

  @Override
  public long getCacheRemovals() {
    return statistics.removals();
  }

  @Override
  public long getCacheEvictions() {
    return statistics.evictions();
  }

  @Override
  public float getAverageGetTime() {
    return statistics.averageGetMicros();
  }

  @Override
  public float getAveragePutTime() {
    return statistics.averagePutMicros();
  }

  @Override
  public float getAverageRemoveTime() {
    return statistics.averageRemoveMicros();
  }

  private float share(long part) {
    long gets = getCacheGets();
    return gets == 0 ? 0 : part * PERCENT / gets;
  }
}
