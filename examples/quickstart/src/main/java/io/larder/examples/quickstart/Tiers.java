package io.larder.examples.quickstart;

import io.larder.LarderCache;
import io.larder.LarderCacheManager;
import io.larder.config.RedisSettings;
import io.larder.config.Settings;
import io.larder.stats.TierStats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.cache.Cache;

/**
 * The tiers of the cache (heap; or near and redis) and which of them served a read. For one thread:
 * each read is told by the tier that has counted one more hit than before it.
 */
final class Tiers {

  static final String COMPUTED = "computed";

  private final LarderCache<?, ?> cache;
  private final Map<String, Long> hits = new HashMap<>();

  Tiers(Cache<?, ?> cache) {
    this.cache = cache.unwrap(LarderCache.class);
    lastServed();
  }

  /** The tier that served the read since the last call, or {@link #COMPUTED} where none did. */
  String lastServed() {
    String served = COMPUTED;
    for (TierStats tier : cache.stats().tiers()) {
      Long before = hits.put(tier.tier(), tier.hits());
      if (before != null && tier.hits() > before) {
        served = tier.tier();
      }
    }
    return served;
  }

  /** Which tiers there are, and by which settings. */
  String description() {
    Settings settings = cache.getCacheManager().unwrap(LarderCacheManager.class).settings();
    List<TierStats> tiers = cache.stats().tiers();
    return String.format(
        "Larder, preset %s, %s %s%s",
        settings.preset(),
        tiers.size() == 1 ? "tier" : "tiers",
        tiers.stream().map(TierStats::tier).collect(Collectors.joining(", ")),
        settings.redis().map(RedisSettings::maskedUrl).map(url -> " at " + url).orElse(""));
  }
}
