package io.larder.stats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What a cache has counted since it was created or its statistics were last cleared. Counted while
 * JSR-107 statistics are enabled or {@code enable_monitoring} is on (the default).
 *
 * @param hits reads that found an entry, of whichever tier
 * @param misses reads that found none
 * @param puts entries stored by the application
 * @param removals entries removed by the application, one by one
 * @param evictions entries of the heap that had to go for want of room
 * @param averageOperationMillis what a read, put or removal took on average, milliseconds
 * @param codec encoding and compression; all zero on the heap, where nothing is encoded
 * @param tiers what each tier counted, nearest first; always counted
 */
public record CacheStats(
    long hits,
    long misses,
    long puts,
    long removals,
    long evictions,
    double averageOperationMillis,
    CodecCounters.Totals codec,
    List<TierStats> tiers) {

  private static final double MILLIS_PER_SECOND = 1000;

  public CacheStats {
    tiers = List.copyOf(tiers);
  }

  /** What those counters say now. */
  public static CacheStats of(
      JCacheStatistics counted, CodecCounters codec, List<TierStats> tiers) {
    JCacheStatistics.Totals totals = counted.totals();
    return new CacheStats(
        totals.hits(),
        totals.misses(),
        totals.puts(),
        totals.removals(),
        totals.evictions(),
        totals.operations() == 0 ? 0 : totals.operationNanos() / 1e6 / totals.operations(),
        codec.totals(),
        tiers);
  }

  static double ratio(long hits, long misses) {
    return hits + misses == 0 ? 0 : (double) hits / (hits + misses);
  }

  /** Hits by reads, from 0 to 1; 0 without reads. */
  public double hitRatio() {
    return ratio(hits, misses);
  }

  /** Reads, puts and removals. */
  public long totalOperations() {
    return hits + misses + puts + removals;
  }

  /** Entries in this process (heap or near), approximately; 0 for a cache in Redis alone. */
  public long entryCount() {
    return sum(TierStats::entryCount);
  }

  /**
   * What the entries in this process take, in bytes, estimated from a sample of them; 0 for a cache
   * in Redis alone.
   */
  public long memoryUsageBytes() {
    return sum(TierStats::memoryUsageBytes);
  }

  private long sum(Function<TierStats, OptionalLong> size) {
    return tiers.stream().mapToLong(tier -> size.apply(tier).orElse(0)).sum();
  }

  /**
   * What one thread gets out of the cache in a second: the inverse of the average time. It says how
   * fast the cache is, not how busy; 0 before the first operation.
   */
  public double operationsPerSecond() {
    return averageOperationMillis == 0 ? 0 : MILLIS_PER_SECOND / averageOperationMillis;
  }

  /** The rating of speed and hit ratio. */
  public Rating rating() {
    return Rating.of(operationsPerSecond(), hitRatio());
  }

  /**
   * The statistics under the names by which they are documented: {@code hit_ratio},
   * {@code total_operations}, {@code cache_hits}, {@code cache_misses}, {@code entry_count},
   * {@code memory_usage_bytes}, {@code avg_operation_time_ms}, {@code avg_compression_ratio},
   * {@code avg_compression_time_ms}, {@code total_bytes_saved}.
   */
  public Map<String, Number> asMap() {
    Map<String, Number> map = new LinkedHashMap<>();
    map.put("hit_ratio", hitRatio());
    map.put("total_operations", totalOperations());
    map.put("cache_hits", hits);
    map.put("cache_misses", misses);
    map.put("entry_count", entryCount());
    map.put("memory_usage_bytes", memoryUsageBytes());
    map.put("avg_operation_time_ms", averageOperationMillis);
    map.put("avg_compression_ratio", codec.compressionRatio());
    map.put("avg_compression_time_ms", codec.averageCompressionMillis());
    map.put("total_bytes_saved", codec.bytesSaved());
    return Collections.unmodifiableMap(map);
  }

  /**
   * The statistics of each tier ({@link TierStats#asMap}), nearest first: {@code L1} for the near
   * tier and {@code Redis}, or {@code L1} alone for a cache on the heap.
   */
  public Map<String, Map<String, Number>> tiersAsMap() {
    Map<String, Map<String, Number>> map = new LinkedHashMap<>();
    tiers.forEach(tier -> map.put(tier.tier().equals("redis") ? "Redis" : "L1", tier.asMap()));
    return Collections.unmodifiableMap(map);
  }
}
