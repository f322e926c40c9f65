package io.larder.benchmarks;

import io.larder.LarderCache;
import io.larder.stats.TierStats;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A cache of Larder that is to answer from one of its tiers, and says so if it did not: a near hit
 * that in truth went to Redis would be a wrong figure.
 */
final class LarderContender implements Contender {

  private static final URI PRESET = URI.create("larder:production");
  private static final String PROVIDER = "io.larder.LarderCachingProvider";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final double LEAST_SHARE = 0.95;

  private final JCacheContender jcache;
  private final String tier;
  private @Nullable Keys filled;
  private long hitsBefore;
  private long missesBefore;

  private LarderContender(JCacheContender jcache, String tier) {
    this.jcache = jcache;
    this.tier = tier;
  }

  /**
   * A new cache under the preset "production".
   *
   * @param tier heap, near or redis: where its answers are to come from
   * @param settings what differs from the preset
   */
  static LarderContender open(
      String tier, Configuration<String, Object> configuration, Map<String, String> settings) {
    Properties properties = new Properties();
    properties.setProperty("namespace", "benchmarks-" + ProcessHandle.current().pid());
    properties.setProperty("fail_on_connection_error", "true");
    properties.setProperty("operation_timeout_ms", "10000");
    settings.forEach(properties::setProperty);
    CacheManager manager =
        Caching.getCachingProvider(PROVIDER).getCacheManager(PRESET, null, properties);
    return new LarderContender(JCacheContender.in(manager, tier, configuration), tier);
  }

  @Override
  public @Nullable Object get(String key) {
    return jcache.get(key);
  }

  @Override
  public void put(String key, Object value) {
    jcache.put(key, value);
  }

  @Override
  public void fill(Keys keys, Payload payload) {
    filled = keys;
    Contender.super.fill(keys, payload);
  }

  @Override
  public void putAll(Map<String, Object> entries) {
    jcache.putAll(entries);
  }

  /**
   * Reads until a pass over all keys was answered by the tier alone. The near tier answers once it
   * has heard of all writes, which may take a second.
   */
  @Override
  public void settle(Keys keys) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() - end < 0) {
      remember();
      Contender.super.settle(keys);
      if (hits() - hitsBefore == keys.count()) {
        remember();
        return;
      }
    }
    throw new IllegalStateException("after " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS)
        + " s not all answers come from " + tier + ": " + tiers());
  }

  @Override
  public void verify() {
    long hits = hits() - hitsBefore;
    long reads = hits + missesOfFirstTier() - missesBefore;
    if (hits < LEAST_SHARE * reads) {
      throw new IllegalStateException(
          "only " + hits + " of " + reads + " reads were answered by " + tier + ": " + tiers());
    }
  }

  private void remember() {
    hitsBefore = hits();
    missesBefore = missesOfFirstTier();
  }

  private long hits() {
    for (TierStats counted : tiers()) {
      if (counted.tier().equals(tier)) {
        return counted.hits();
      }
    }
    throw new IllegalStateException("there is no tier " + tier + ": " + tiers());
  }

  private long missesOfFirstTier() {
    return tiers().get(0).misses();
  }

  private List<TierStats> tiers() {
    return jcache.cache().unwrap(LarderCache.class).stats().tiers();
  }

  /** Removes each entry first: a cache that is destroyed leaves its bytes to Redis' own expiry. */
  @Override
  public void close() {
    Keys keys = filled;
    for (int from = 0; keys != null && from < keys.count(); from += PORTION) {
      jcache.cache().removeAll(keys.between(from, Math.min(from + PORTION, keys.count())));
    }
    jcache.close();
  }
}
