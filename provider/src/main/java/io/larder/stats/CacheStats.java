package io.larder.stats;

import java.util.List;

/**
 * What a cache has counted so far.
 *
 * @param hits reads that found an entry, of whichever tier (counted while statistics are enabled)
 * @param tiers what each tier counted, nearest first; always counted
 */
public record CacheStats(
    long hits, long misses, long puts, long removals, long evictions, List<TierStats> tiers) {

  public CacheStats {
    tiers = List.copyOf(tiers);
  }
}
