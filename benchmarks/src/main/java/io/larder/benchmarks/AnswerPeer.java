package io.larder.benchmarks;

import io.larder.LarderCache;
import io.larder.ai.AiAnswer;
import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import io.larder.ai.stats.AiFigures;
import io.larder.stats.TierStats;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheManager;
import javax.cache.Caching;

/** What is done with a prompt: looking its answer up, by provider, and hashing it once. */
public enum AnswerPeer {
  HASH {
    @Override
    Lookup open(String redisUrl) {
      return AnswerPeer::hash;
    }
  },
  LARDER_NEAR {
    @Override
    Lookup open(String redisUrl) {
      return larder("near", Map.of("redis_url", redisUrl));
    }
  },
  LARDER_HEAP {
    @Override
    Lookup open(String redisUrl) {
      return larder("heap", Map.of());
    }
  },
  CAFFEINE_JCACHE {
    @Override
    Lookup open(String redisUrl) {
      return new Answers(Caching.getCachingProvider(CAFFEINE).getCacheManager(), "");
    }
  };

  private static final String LARDER = "io.larder.LarderCachingProvider";
  private static final String CAFFEINE =
      "com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider";
  private static final String OPERATION = "sentiment"; // the near tier holds it for texts this long
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final double LEAST_SHARE = 0.95;

  /** Something that is done with a prompt. */
  interface Lookup extends AutoCloseable {

    Object find(String prompt);

    /** Makes ready for the measurement: every answer is there, and where it is to come from. */
    default void settle(String[] prompts) {}

    /** Throws if the answers came from elsewhere. */
    @Override
    default void close() {}
  }

  abstract Lookup open(String redisUrl);

  private static String hash(String prompt) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(prompt.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Lookup larder(String tier, Map<String, String> settings) {
    Properties properties = new Properties();
    properties.setProperty("namespace", "benchmarks-" + ProcessHandle.current().pid());
    properties.setProperty("operation_timeout_ms", "10000");
    settings.forEach(properties::setProperty);
    CacheManager manager = Caching.getCachingProvider(LARDER)
        .getCacheManager(URI.create("larder:ai-production"), null, properties);
    return new Answers(manager, tier);
  }

  /** As an application asks: the request is made anew each time. */
  private static final class Answers implements Lookup {

    private final CacheManager manager;
    private final String tier;
    private final AiCache cache;
    private long hitsBefore;
    private long readsBefore;

    private Answers(CacheManager manager, String tier) {
      this.manager = manager;
      this.tier = tier;
      this.cache = AiCache.on(manager);
    }

    @Override
    public Object find(String prompt) {
      AiRequest request = AiRequest.builder(OPERATION)
          .text(prompt)
          .model("m-1")
          .option("temperature", 0.2)
          .option("max_tokens", 256)
          .build();
      return cache.getOrCompute(request, () -> AiAnswer.of("positive").withUsage(2000, 1));
    }

    @Override
    public void settle(String[] prompts) {
      find(prompts[0]); // makes the cache
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (System.nanoTime() < end) {
        hitsBefore = hits();
        readsBefore = reads();
        for (String prompt : prompts) {
          find(prompt);
        }
        if (hits() - hitsBefore == prompts.length) {
          return;
        }
      }
      throw new IllegalStateException("not all answers come from " + tier);
    }

    @Override
    public void close() {
      try (manager;
          cache) {
        long reads = reads() - readsBefore;
        long hits = hits() - hitsBefore;
        if (hits < LEAST_SHARE * reads) {
          throw new IllegalStateException(
              "only " + hits + " of " + reads + " answers came from " + tier);
        }
        cache.clear();
      }
    }

    private long reads() {
      AiFigures counted = cache.stats(OPERATION).total();
      return counted.hits() + counted.misses();
    }

    private long hits() {
      if (tier.isEmpty()) {
        return cache.stats(OPERATION).total().hits();
      }
      for (TierStats counted :
          manager.getCache("ai." + OPERATION).unwrap(LarderCache.class).stats().tiers()) {
        if (counted.tier().equals(tier)) {
          return counted.hits();
        }
      }
      throw new IllegalStateException("there is no tier " + tier);
    }
  }
}
