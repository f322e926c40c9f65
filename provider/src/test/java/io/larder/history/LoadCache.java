package io.larder.history;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ModifiedExpiryPolicy;

/** The caches that a load works on; a history knows them by their ordinals. */
enum LoadCache {
  /** With a near tier; its entries are eternal. */
  NEAR(Promises.near(), 6),
  /** With a near tier, and entries that expire soon. */
  EXPIRING(Promises.near().expiring(400), 2),
  /** Without a near tier. */
  FAR(Promises.shared(), 2),
  /** With a near tier that is too small for its keys. */
  TIGHT(Promises.near(), 2);

  /** Each cache as often as its weight says. */
  static final List<LoadCache> WEIGHTED = List.of(values()).stream()
      .flatMap(cache -> java.util.Collections.nCopies(cache.weight, cache).stream())
      .toList();

  private final Promises promises;
  private final int weight;

  LoadCache(Promises promises, int weight) {
    this.promises = promises;
    this.weight = weight;
  }

  Promises promises() {
    return promises;
  }

  /**
   * Settings that make the caches what they are. A call that Redis does not answer throws: what a
   * fallback answered silently could not be told from what is shared.
   */
  static Properties settings() {
    Properties settings = new Properties();
    settings.setProperty("fallback", "fail");
    settings.setProperty("default_ttl", "0");
    settings.setProperty("memory_cache_size", "1000");
    settings.setProperty("caches.FAR*.enable_l1_cache", "false");
    settings.setProperty("caches.TIGHT*.memory_cache_size", "8");
    return settings;
  }

  MutableConfiguration<String, String> configuration() {
    MutableConfiguration<String, String> configuration = new MutableConfiguration<String, String>()
        .setTypes(String.class, String.class)
        .setStatisticsEnabled(true);
    if (promises.ttlNanos() != Long.MAX_VALUE) {
      configuration.setExpiryPolicyFactory(ModifiedExpiryPolicy.factoryOf(
          new Duration(TimeUnit.MILLISECONDS, TimeUnit.NANOSECONDS.toMillis(promises.ttlNanos()))));
    }
    return configuration;
  }
}
