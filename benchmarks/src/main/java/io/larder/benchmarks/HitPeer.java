package io.larder.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.jcache.configuration.CaffeineConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/**
 * The caches whose hits are measured, all with the same bound. Those whose name ends with
 * STATISTICS count hits and misses.
 */
public enum HitPeer {
  CAFFEINE(Copies.NO) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return new CaffeineContender(Caffeine.newBuilder().maximumSize(BOUND));
    }
  },
  CAFFEINE_STATISTICS(Copies.NO) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return new CaffeineContender(Caffeine.newBuilder().maximumSize(BOUND).recordStats());
    }
  },
  CAFFEINE_EXPIRY(Copies.NO) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return new CaffeineContender(
          Caffeine.newBuilder().maximumSize(BOUND).expireAfterWrite(Duration.ofHours(2)));
    }
  },
  LARDER_HEAP(Copies.YES) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return heap(payload, false);
    }
  },
  LARDER_HEAP_STATISTICS(Copies.YES) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return heap(payload, true);
    }
  },
  LARDER_HEAP_REFERENCE_STATISTICS(Copies.NO) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return heap(payload, true);
    }
  },
  LARDER_NEAR_STATISTICS(Copies.YES) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return LarderContender.open(
          "near",
          configuration(payload, true),
          Map.of("redis_url", redisUrl, "memory_cache_size", "" + BOUND));
    }
  },
  CAFFEINE_JCACHE(Copies.YES) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return caffeineJCache(payload, false);
    }
  },
  CAFFEINE_JCACHE_STATISTICS(Copies.YES) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return caffeineJCache(payload, true);
    }
  },
  CAFFEINE_JCACHE_REFERENCE(Copies.NO) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return caffeineJCache(payload, false);
    }
  },
  CAFFEINE_JCACHE_REFERENCE_STATISTICS(Copies.NO) {
    @Override
    Contender open(Payload payload, String redisUrl) {
      return caffeineJCache(payload, true);
    }
  };

  private static final int BOUND = 20_000;
  private static final String CAFFEINE_PROVIDER =
      "com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider";

  /** Whether a cache is by value, so that each reader of a mutable object has a copy of his own. */
  private enum Copies {
    YES,
    NO
  }

  private final Copies copies;

  HitPeer(Copies copies) {
    this.copies = copies;
  }

  /** A new, empty cache. */
  abstract Contender open(Payload payload, String redisUrl);

  boolean byValue() {
    return copies == Copies.YES;
  }

  MutableConfiguration<String, Object> configuration(Payload payload, boolean statistics) {
    return JCacheContender.configuration(payload)
        .setStoreByValue(byValue())
        .setStatisticsEnabled(statistics);
  }

  Contender heap(Payload payload, boolean statistics) {
    return LarderContender.open(
        "heap",
        configuration(payload, statistics),
        Map.of("heap_cache_size", "" + BOUND, "default_ttl", "0"));
  }

  Contender caffeineJCache(Payload payload, boolean statistics) {
    CaffeineConfiguration<String, Object> bounded =
        new CaffeineConfiguration<>(configuration(payload, statistics));
    bounded.setMaximumSize(OptionalLong.of(BOUND));
    return JCacheContender.in(
        Caching.getCachingProvider(CAFFEINE_PROVIDER).getCacheManager(), name(), bounded);
  }
}
