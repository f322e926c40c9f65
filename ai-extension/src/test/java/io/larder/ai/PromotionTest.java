package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.LarderCache;
import io.larder.stats.TierStats;
import io.larder.testing.RedisServer;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers the near tier holds. */
final class PromotionTest {

  private static final int READS = 5;
  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private static AiCaches caches(boolean promotion) {
    Properties settings = new Properties();
    settings.setProperty("ai_config.text_size_tiers.small", "10");
    settings.setProperty("ai_config.text_size_tiers.medium", "20");
    settings.setProperty("ai_config.text_size_tiers.large", "30");
    settings.setProperty("ai_config.enable_smart_promotion", String.valueOf(promotion));
    return AiCaches.in(Place.NEAR, redis, settings);
  }

  private static long nearHits(AiCaches caches, String operation) {
    LarderCache<?, ?> cache =
        caches.manager().getCache("ai." + operation).unwrap(LarderCache.class);
    return cache.stats().tiers().stream()
        .filter(tier -> tier.tier().equals("near"))
        .mapToLong(TierStats::hits)
        .sum();
  }

  /** How many of the reads the near tier answered, once it is known to answer any. */
  private static long nearReads(AiCaches caches, AiCache cache, AiRequest request, int times) {
    AiRequest small = AiRequest.of(request.operation(), "small");
    cache.put(small, AiAnswer.of("answer"));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (nearHits(caches, request.operation()) == 0) {
      read(cache, small, 1);
      assertThat(System.nanoTime()).as("time to wait for the near tier").isLessThan(deadline);
    }
    long before = nearHits(caches, request.operation());
    read(cache, request, times);
    return nearHits(caches, request.operation()) - before;
  }

  private static void read(AiCache cache, AiRequest request, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(cache.get(request)).isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "qa, 9, true",
    "qa, 10, false",
    "qa, 19, false",
    "sentiment, 10, true",
    "summarize, 19, true",
    "key_points, 19, true",
    "classify, 19, true",
    "summarize, 20, false",
    "sentiment, 20, true",
    "sentiment, 29, true",
    "sentiment, 30, false"
  })
  void sizeAndOperationDecide(String operation, int length, boolean near) throws Exception {
    try (AiCaches caches = caches(true)) {
      AiCache writer = caches.cache();
      AiRequest request = AiRequest.of(operation, "x".repeat(length));
      writer.put(request, AiAnswer.of("answer"));
      assertThat(nearReads(caches, writer, request, READS) > 0).isEqualTo(near);
      AiCaches peer = caches.peer();
      assertThat(nearReads(peer, peer.cache(), request, READS) > 0).isEqualTo(near);
    }
  }

  @Test
  void tenHitsPromoteAMediumAnswer() throws Exception {
    try (AiCaches caches = caches(true)) {
      AiCache cache = caches.cache();
      AiRequest request = AiRequest.of("qa", "x".repeat(15));
      cache.put(request, AiAnswer.of("answer"));
      assertThat(nearReads(caches, cache, request, 10)).isZero();
      assertThat(nearReads(caches, cache, request, READS)).isPositive();
    }
  }

  @Test
  void withoutPromotionTheNearTierHoldsAll() throws Exception {
    try (AiCaches caches = caches(false)) {
      AiCache cache = caches.cache();
      AiRequest request = AiRequest.of("qa", "x".repeat(100));
      cache.put(request, AiAnswer.of("answer"));
      assertThat(nearReads(caches, cache, request, READS)).isPositive();
    }
  }
}
