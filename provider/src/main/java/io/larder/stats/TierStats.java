package io.larder.stats;

/**
 * What one tier of a cache has counted so far.
 *
 * @param tier {@code heap}, {@code near} or {@code redis}
 * @param hits reads that found a live entry here
 * @param misses reads that did not
 * @param undecodable reads that found bytes which are no entry of this cache, and so missed
 */
public record TierStats(String tier, long hits, long misses, long undecodable) {

  /** What those counters say now. */
  public static TierStats of(String tier, TierCounters counters) {
    return new TierStats(tier, counters.hits(), counters.misses(), counters.undecodables());
  }
}
