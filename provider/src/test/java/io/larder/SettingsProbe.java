package io.larder;

import io.larder.testing.RedisServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;

/** Measures {@link Effects} in this JVM or, with environment variables, in one of its own. */
final class SettingsProbe {

  private SettingsProbe() {}

  static Map<String, String> measure(
      RedisServer redis, String uri, Properties properties, int database, String... caches)
      throws InterruptedException {
    Set<String> before = Effects.connected(redis);
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager = provider.getCacheManager(
          URI.create(uri), SettingsProbe.class.getClassLoader(), properties);
      TreeMap<String, String> all = Effects.of(manager, redis, database, caches);
      LarderCache<Object, Object> cache = manager
          .createCache("load", new MutableConfiguration<Object, Object>())
          .unwrap(LarderCache.class);
      all.put("connections", Effects.connections(cache, redis, before));
      return all;
    }
  }

  /** Measures in a JVM of its own with these environment variables. */
  static Child child(
      RedisServer redis, Map<String, String> environment, int database, String... caches) {
    Map<String, String> all = new TreeMap<>(environment);
    all.put("LARDER_TEST_REDIS_URL", redis.url());
    List<String> arguments = new ArrayList<>(List.of(String.valueOf(database)));
    arguments.addAll(List.of(caches));
    return Child.run(SettingsProbe.class, all, arguments.toArray(String[]::new));
  }

  public static void main(String[] args) throws InterruptedException {
    String[] caches = java.util.Arrays.copyOfRange(args, 1, args.length);
    measure(
            RedisServer.start(),
            "larder:default",
            new Properties(),
            Integer.parseInt(args[0]),
            caches)
        .forEach((what, value) -> System.out.println(what + "=" + value));
  }
}
