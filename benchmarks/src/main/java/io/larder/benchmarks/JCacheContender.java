package io.larder.benchmarks;

import java.util.Map;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/** A cache of a JCache provider. */
final class JCacheContender implements Contender {

  private final Cache<String, Object> cache;

  private JCacheContender(Cache<String, Object> cache) {
    this.cache = cache;
  }

  /** A new, empty cache of that name. */
  static JCacheContender in(
      CacheManager manager, String name, Configuration<String, Object> configuration) {
    return new JCacheContender(manager.createCache(name, configuration));
  }

  /** Nothing set but the types. */
  @SuppressWarnings("unchecked")
  static MutableConfiguration<String, Object> configuration(Payload payload) {
    return new MutableConfiguration<String, Object>()
        .setTypes(String.class, (Class<Object>) payload.type());
  }

  Cache<String, Object> cache() {
    return cache;
  }

  @Override
  public @Nullable Object get(String key) {
    return cache.get(key);
  }

  @Override
  public void put(String key, Object value) {
    cache.put(key, value);
  }

  @Override
  public void putAll(Map<String, Object> entries) {
    cache.putAll(entries);
  }

  @Override
  public void close() {
    CacheManager manager = cache.getCacheManager();
    manager.destroyCache(cache.getName());
    manager.close();
  }
}
