package io.larder.benchmarks;

import java.util.Map;
import javax.cache.Caching;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.jcache.configuration.RedissonConfiguration;

/** The caches that are measured over Redis, each with the settings it comes with. */
public enum RedisPeer {
  RBUCKET {
    @Override
    Contender open(String redisUrl) {
      return new BucketContender(client(redisUrl));
    }
  },
  REDISSON_JCACHE {
    @Override
    Contender open(String redisUrl) {
      return JCacheContender.in(
          Caching.getCachingProvider("org.redisson.jcache.JCachingProvider").getCacheManager(),
          "redisson",
          RedissonConfiguration.fromConfig(
              config(redisUrl), JCacheContender.configuration(Payload.TEXT)));
    }
  },
  /** Without the near tier and, as the others, without compression. */
  LARDER {
    @Override
    Contender open(String redisUrl) {
      return larder(
          Map.of("redis_url", redisUrl, "enable_l1_cache", "false", "compression", "none"));
    }
  },
  /** Without the near tier, with the compression of the preset "production". */
  LARDER_COMPRESSED {
    @Override
    Contender open(String redisUrl) {
      return larder(Map.of("redis_url", redisUrl, "enable_l1_cache", "false"));
    }
  };

  /** A new, empty cache. */
  abstract Contender open(String redisUrl);

  private static Contender larder(Map<String, String> settings) {
    return LarderContender.open("redis", JCacheContender.configuration(Payload.TEXT), settings);
  }

  private static RedissonClient client(String redisUrl) {
    return Redisson.create(config(redisUrl));
  }

  private static Config config(String redisUrl) {
    Config config = new Config();
    config.useSingleServer().setAddress(redisUrl);
    return config;
  }
}
