package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.LarderCache;
import io.larder.ai.config.AiConfig;
import io.larder.ai.config.TextTier;
import io.larder.ai.micrometer.AiCacheMetrics;
import io.larder.ai.stats.AiRecommendation.Kind;
import io.larder.ai.stats.AiStats;
import io.larder.ai.stats.OperationCounters;
import io.larder.ai.stats.TierCounters;
import io.larder.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What is counted, and where it can be read. */
final class StatisticsTest {

  private static String ask(AiCache cache, AiRequest request) {
    return cache
        .getOrCompute(request, () -> AiAnswer.of("answer").withUsage(10, 5))
        .value();
  }

  @Test
  void figuresAreOverJmxAndMicrometer() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache();
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      new AiCacheMetrics(cache).bindTo(registry);
      for (int i = 0; i < 4; i++) {
        ask(cache, AiRequest.of("qa", "why?"));
      }
      ask(cache, AiRequest.of("qa", "x".repeat(1000)));
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      ObjectName name = new ObjectName(
          "io.larder:type=AiStatistics,CacheManager=larder.ai-production,Operation=qa");
      assertThat(server.getAttribute(name, "Hits")).isEqualTo(3L);
      assertThat(server.getAttribute(name, "Misses")).isEqualTo(2L);
      assertThat(server.getAttribute(name, "SavedTokens")).isEqualTo(45L);
      assertThat(server.getAttribute(name, "ModelCalls")).isEqualTo(2L);
      assertThat(server.getAttribute(name, "LookupMicros")).isNotNull();
      assertThat(registry
              .get("larder.ai.lookups")
              .tags("operation", "qa", "result", "hit", "tier", "SMALL")
              .functionCounter()
              .count())
          .isEqualTo(3);
      assertThat(registry.get("larder.ai.saved.tokens").functionCounter().count())
          .isEqualTo(45);
      Map<TextTier, ?> tiers = cache.stats("qa").byTier();
      assertThat(tiers).containsOnlyKeys(TextTier.SMALL, TextTier.MEDIUM);
      assertThat(cache.stats("qa").total().lookup().count()).isEqualTo(5);
      cache.close();
      assertThat(server.isRegistered(name)).isFalse();
    }
  }

  @Test
  void adviceFollowsFromTheFigures() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
      AiCache cache = caches.cache(builder -> builder
          .clock(now::get)
          .config(AiConfig.defaults()
              .withMaxTextLength(100)
              .withOperationTtl("qa", Duration.ofSeconds(100))));
      for (int i = 0; i < 100; i++) {
        ask(cache, AiRequest.of("extract", "text " + i));
        ask(cache, AiRequest.of("translate", "x".repeat(i < 20 ? 101 : 100)));
        now.set(now.get().plusMillis(i < 90 ? 1 : 99_000));
        cache.put(AiRequest.of("qa", "early"), AiAnswer.of("a"));
        ask(cache, AiRequest.of("qa", "early"));
      }
      cache.put(AiRequest.of("qa", "late"), AiAnswer.of("a"));
      now.set(now.get().plusSeconds(80));
      for (int i = 0; i < 20; i++) {
        ask(cache, AiRequest.of("qa", "late"));
      }
      AiStats stats = cache.stats();
      assertThat(stats.recommendations())
          .extracting(advice -> advice.operation() + " " + advice.kind())
          .containsExactlyInAnyOrder(
              "extract " + Kind.RARELY_HIT,
              "translate " + Kind.TEXT_TOO_LONG,
              "qa " + Kind.TTL_TOO_SHORT);
    }
  }

  @Test
  void callsThatAreSharedSpeakForAnOperationAsHitsDo() {
    OperationCounters counters = new OperationCounters("qa");
    TierCounters small = counters.of(TextTier.SMALL);
    for (int i = 0; i < 100; i++) {
      small.miss(1);
    }
    for (int i = 0; i < 4; i++) {
      small.shared();
    }
    assertThat(counters.recommendations(Duration.ZERO, 1000))
        .singleElement()
        .satisfies(advice -> assertThat(advice.message())
            .contains("0 of 100 look-ups found an answer, and 4 shared a call"));
    small.shared();
    assertThat(counters.recommendations(Duration.ZERO, 1000)).isEmpty();
  }

  @Test
  void hitsOfOthersAreAddedUp() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache one = caches.cache();
      AiCache two = caches.cache();
      AiRequest request = AiRequest.of("qa", "why?");
      ask(one, request);
      ask(one, request);
      ask(two, request);
      one.close();
      two.close();
      AiCache three = caches.cache();
      ask(three, request);
      three.close();
      AiCache four = caches.cache();
      ask(four, request);
      assertThat(caches
              .manager()
              .<String, String>getCache("ai-hits")
              .iterator()
              .next()
              .getValue())
          .isEqualTo("3");
    }
  }

  @Test
  void countsOfHitsTellNothingOfPromptsAndEndWithTheAnswers() throws Exception {
    try (RedisServer redis = RedisServer.start();
        AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache cache = caches.cache(builder -> builder.config(AiConfig.defaults()
          .withDefaultTtl(Duration.ofHours(1))
          .withOperationTtl("qa", Duration.ofHours(2))));
      AiRequest request = AiRequest.of("qa", "readable");
      ask(cache, request);
      ask(cache, request);
      cache.close();
      LarderCache<String, String> counts =
          caches.manager().getCache("ai-hits").unwrap(LarderCache.class);
      String key = counts.iterator().next().getKey();
      assertThat(key).doesNotContain("readable");
      assertThat(counts.timeToLive(key))
          .hasValueSatisfying(left -> assertThat(left).isLessThanOrEqualTo(Duration.ofHours(2)));
      cache.clear();
      assertThat(counts.iterator()).isExhausted();
    }
  }

  @Test
  void aDefaultTimeToLiveInCodeComesBeforeTheManagers() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache(
          builder -> builder.config(AiConfig.defaults().withDefaultTtl(Duration.ofMinutes(7))));
      ask(cache, AiRequest.of("translate", "why?"));
      LarderCache<String, StoredAnswer> answers =
          caches.manager().getCache("ai.translate").unwrap(LarderCache.class);
      assertThat(answers.timeToLive(answers.iterator().next().getKey()))
          .hasValueSatisfying(left -> assertThat(left).isLessThanOrEqualTo(Duration.ofMinutes(7)));
    }
  }
}
