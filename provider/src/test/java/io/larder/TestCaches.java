package io.larder;

import io.larder.testing.RedisServer;
import java.net.URI;
import java.util.Properties;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;

/**
 * A manager of its own for one test, in one mode; its data in Redis is in a namespace of its own.
 */
final class TestCaches implements AutoCloseable {

  private final Mode mode;
  private final Properties properties;
  private final LarderCachingProvider provider = new LarderCachingProvider();
  private final CacheManager manager;

  private TestCaches(Mode mode, Properties properties) {
    this.mode = mode;
    this.properties = properties;
    this.manager = provider.getCacheManager(
        URI.create("larder:development"), TestCaches.class.getClassLoader(), properties);
  }

  /** Caches in that mode; the server is used in the modes that share. */
  static TestCaches in(Mode mode, RedisServer redis) {
    return in(mode, redis, new Properties());
  }

  /** Caches in that mode with more settings. */
  static TestCaches in(Mode mode, RedisServer redis, Properties more) {
    Properties properties = new Properties();
    properties.setProperty("allowed_classes", "io.larder.**");
    if (mode.isShared()) {
      properties.setProperty("redis_url", redis.url());
      properties.setProperty("namespace", "t" + UUID.randomUUID());
      properties.setProperty("enable_l1_cache", String.valueOf(mode == Mode.NEAR));
      properties.setProperty("operation_timeout_ms", "5000");
    }
    more.stringPropertyNames()
        .forEach(name -> properties.setProperty(name, more.getProperty(name)));
    return new TestCaches(mode, properties);
  }

  /** Another manager, as of another process, that shares the data. */
  TestCaches peer() {
    return new TestCaches(mode, properties);
  }

  /** Another manager over the same data, with some settings of its own. */
  TestCaches peer(Properties other) {
    Properties all = new Properties();
    all.putAll(properties);
    all.putAll(other);
    return new TestCaches(mode, all);
  }

  CacheManager manager() {
    return manager;
  }

  /** A configuration that fits the mode. */
  <K, V> MutableConfiguration<K, V> configuration(Class<K> keys, Class<V> values) {
    return new MutableConfiguration<K, V>()
        .setTypes(keys, values)
        .setStoreByValue(mode.isByValue())
        .setStatisticsEnabled(true);
  }

  <K, V> LarderCache<K, V> cache(MutableConfiguration<K, V> configuration) {
    return cache("cache", configuration);
  }

  <K, V> LarderCache<K, V> cache(String name, MutableConfiguration<K, V> configuration) {
    Cache<K, V> cache = manager.createCache(name, configuration);
    return larder(cache);
  }

  @SuppressWarnings("unchecked")
  private static <K, V> LarderCache<K, V> larder(Cache<K, V> cache) {
    return cache.unwrap(LarderCache.class);
  }

  @Override
  public void close() {
    provider.close();
  }
}
