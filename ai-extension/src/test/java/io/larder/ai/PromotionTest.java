package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.LarderCache;
import io.larder.stats.TierStats;
import io.larder.testing.RedisServer;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers the near tier holds. */
final class PromotionTest {

  private static final int READS = 5;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
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

  /** Whether the near tier answers this read. */
  private static boolean readsNear(AiCaches caches, AiCache cache, AiRequest request) {
    long before = nearHits(caches, request.operation());
    assertThat(cache.get(request)).isPresent();
    return nearHits(caches, request.operation()) > before;
  }

  /** How many of the reads the near tier answered, once it is known to answer any. */
  private static long nearReads(AiCaches caches, AiCache cache, AiRequest request, int times) {
    nearTierInUse(caches, cache, request);
    return IntStream.range(0, times)
        .filter(i -> readsNear(caches, cache, request))
        .count();
  }

  /** Returns a request whose answer the near tier holds, as soon as it is read there. */
  private static AiRequest nearTierInUse(AiCaches caches, AiCache cache, AiRequest request) {
    AiRequest small = AiRequest.of(request.operation(), "small");
    cache.put(small, AiAnswer.of("answer"));
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!readsNear(caches, cache, small)) {
      assertThat(System.nanoTime()).as("time to wait for the near tier").isLessThan(deadline);
    }
    return small;
  }

  /**
   * Whether the near tier comes to hold an answer. After a stall it is not read for a moment: that
   * it has none is believed only if it answers other reads in between.
   */
  private static boolean comesNear(AiCaches caches, AiCache cache, AiRequest request) {
    AiRequest small = nearTierInUse(caches, cache, request);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    boolean inUse;
    do {
      assertThat(System.nanoTime()).as("time to wait for the near tier").isLessThan(deadline);
      inUse = true;
      for (int i = 0; i < READS; i++) {
        if (readsNear(caches, cache, request)) {
          return true;
        }
        inUse &= readsNear(caches, cache, small);
      }
    } while (!inUse);
    return false;
  }

  /** What the near tier is not to hold is read so often only: more hits would promote it. */
  private static void assertNear(AiCaches caches, AiCache cache, AiRequest request, boolean near) {
    if (near) {
      assertThat(comesNear(caches, cache, request)).isTrue();
    } else {
      assertThat(nearReads(caches, cache, request, READS)).isZero();
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
      assertNear(caches, writer, request, near);
      AiCaches peer = caches.peer();
      assertNear(peer, peer.cache(), request, near);
    }
  }

  @Test
  void tenHitsPromoteAMediumAnswer() throws Exception {
    try (AiCaches caches = caches(true)) {
      AiCache cache = caches.cache();
      AiRequest request = AiRequest.of("qa", "x".repeat(15));
      cache.put(request, AiAnswer.of("answer"));
      assertThat(nearReads(caches, cache, request, 10)).isZero();
      assertThat(comesNear(caches, cache, request)).isTrue();
    }
  }

  @Test
  void withoutPromotionTheNearTierHoldsAll() throws Exception {
    try (AiCaches caches = caches(false)) {
      AiCache cache = caches.cache();
      AiRequest request = AiRequest.of("qa", "x".repeat(100));
      cache.put(request, AiAnswer.of("answer"));
      assertThat(comesNear(caches, cache, request)).isTrue();
    }
  }
}
