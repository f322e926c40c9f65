package io.larder.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Caffeine's own cache, without JCache around it. */
final class CaffeineContender implements Contender {

  private final Cache<String, Object> cache;

  CaffeineContender(Caffeine<Object, Object> builder) {
    this.cache = builder.build();
  }

  @Override
  public @Nullable Object get(String key) {
    return cache.getIfPresent(key);
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
    cache.invalidateAll();
  }
}
