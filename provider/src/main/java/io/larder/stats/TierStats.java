package io.larder.stats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one tier of a cache has counted so far, and about how much it holds.
 *
 * @param tier {@code heap}, {@code near} or {@code redis}
 * @param hits reads that found a live entry here
 * @param misses reads that did not
 * @param undecodable reads that found bytes which are no entry of this cache, and so missed
 * @param entryCount entries that are here, approximately; empty for Redis, which would have to scan
 * @param memoryUsageBytes what they take, estimated from a sample; empty for Redis
 */
public record TierStats(
    String tier,
    long hits,
    long misses,
    long undecodable,
    OptionalLong entryCount,
    OptionalLong memoryUsageBytes) {

  /** What those counters say now. */
  public static TierStats of(String tier, TierCounters counters, TierSize size) {
    return new TierStats(
        tier,
        counters.hits(),
        counters.misses(),
        counters.undecodables(),
        size.entries(),
        size.bytes());
  }

  /** Hits by reads, from 0 to 1; 0 without reads. */
  public double hitRatio() {
    return CacheStats.ratio(hits, misses);
  }

  /**
   * {@code hit_ratio}, {@code total_operations} (reads of this tier), {@code cache_hits},
   * {@code cache_misses} and, where they are known, {@code entry_count} and
   * {@code memory_usage_bytes}.
   */
  public Map<String, Number> asMap() {
    Map<String, Number> map = new LinkedHashMap<>();
    map.put("hit_ratio", hitRatio());
    map.put("total_operations", hits + misses);
    map.put("cache_hits", hits);
    map.put("cache_misses", misses);
    entryCount.ifPresent(count -> map.put("entry_count", count));
    memoryUsageBytes.ifPresent(bytes -> map.put("memory_usage_bytes", bytes));
    return Collections.unmodifiableMap(map);
  }
}
