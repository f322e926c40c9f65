package io.larder.ai.platform;

import io.larder.ai.config.AiConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/** Any JCache provider: no near hint, no time to live of an entry's own. */
final class PlainPlatform implements Platform {

  @Override
  public AiConfig config() {
    return AiConfig.defaults();
  }

  @Override
  public Duration defaultTtl(String cacheName) {
    return AiConfig.defaults().defaultTtl();
  }

  @Override
  public boolean isApart() {
    return false;
  }

  @Override
  public @Nullable Duration apartFor() {
    return null;
  }

  @Override
  public boolean isSettled() {
    return true;
  }

  @Override
  public long callsApart() {
    return 0;
  }

  @Override
  public <V> void put(Cache<String, V> cache, String key, V value, @Nullable Duration ttl) {
    cache.put(key, value);
  }

  @Override
  public @Nullable String refusal(String cacheName, Object answer) {
    return null;
  }

  @Override
  public boolean dropsUnreadable() {
    return false;
  }

  @Override
  public <V> void admitNear(Cache<String, V> cache, BiPredicate<String, V> admission) {}

  @Override
  public <V> long removeMatching(Cache<String, V> cache, String glob) {
    Glob pattern = new Glob(glob);
    List<String> found = new ArrayList<>();
    for (Cache.Entry<String, V> entry : cache) {
      if (pattern.matches(entry.getKey())) {
        found.add(entry.getKey());
      }
    }
    return found.stream().filter(cache::remove).count();
  }
}
