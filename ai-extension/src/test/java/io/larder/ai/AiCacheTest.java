package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.AiResult.Source;
import io.larder.ai.config.TextTier;
import io.larder.testing.RedisServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an answer cache promises wherever it runs. */
final class AiCacheTest {

  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private final AtomicInteger calls = new AtomicInteger();

  private AiAnswer<String> model() {
    return AiAnswer.of("answer " + calls.incrementAndGet());
  }

  @ParameterizedTest
  @EnumSource
  void asksOnceAndTellsOfTheHit(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      AiRequest request =
          AiRequest.builder("summarize").text("a text").model("m1").build();
      AiResult<String> first = cache.getOrCompute(
          request, () -> model().withUsage(100, 20).withCost(new BigDecimal("0.0125")));
      AiResult<String> second = cache.getOrCompute(request, this::model);
      AiResult<String> third = cache.get(request).orElseThrow();
      assertThat(calls).hasValue(1);
      assertThat(first.source()).isEqualTo(Source.MODEL);
      assertThat(first.usage()).isEqualTo(new AiUsage(100, 20));
      assertThat(second.value()).isEqualTo("answer 1");
      assertThat(second.source()).isEqualTo(Source.CACHE);
      assertThat(second.usage()).isEqualTo(AiUsage.NONE);
      assertThat(second.details().usage()).isEqualTo(new AiUsage(100, 20));
      assertThat(second.details().cost()).isEqualByComparingTo("0.0125");
      assertThat(second.details().model()).isEqualTo("m1");
      assertThat(second.details().operation()).isEqualTo("summarize");
      assertThat(second.details().textLength()).isEqualTo(6);
      assertThat(second.details().textTier()).isEqualTo(TextTier.SMALL);
      assertThat(second.details().createdAt()).isEqualTo(first.details().createdAt());
      // a hit is left out that is just being added to the shared count
      assertThat(third.details().hits()).isBetween(1L, 2L);
      var figures = cache.stats().operations().get("summarize").total();
      assertThat(figures.hits()).isEqualTo(2);
      assertThat(figures.misses()).isEqualTo(1);
      assertThat(figures.savedTokens()).isEqualTo(240);
      assertThat(figures.savedCost()).isEqualByComparingTo("0.025");
      assertThat(caches.manager().getCache("ai.summarize")).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsNothingOfFailures(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      AiRequest request = AiRequest.of("qa", "why?");
      IOException failure = new IOException("no model");
      assertThatThrownBy(() -> cache.getOrCompute(request, () -> {
            calls.incrementAndGet();
            throw failure;
          }))
          .isSameAs(failure);
      assertThat(calls).hasValue(1);
      assertThat(cache.get(request)).isEmpty();
      assertThat(cache.getOrCompute(request, this::model).value()).isEqualTo("answer 2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsNoIncompleteAnswers(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      AiRequest request = AiRequest.of("qa", "why?");
      for (AiAnswer<String> answer : List.of(
          AiAnswer.of("trunc").withFinish(FinishReason.LENGTH),
          AiAnswer.of("bad").withFinish(FinishReason.FILTERED),
          AiAnswer.of("odd").withFinish(FinishReason.OTHER),
          AiAnswer.of(" \n"),
          AiAnswer.<String>of(null))) {
        AiResult<String> result = cache.getOrCompute(request, () -> answer);
        assertThat(result.value()).isEqualTo(answer.value());
        assertThat(cache.get(request)).isEmpty();
      }
      assertThat(cache.stats().operations().get("qa").total().notStored()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void obeysTheCallersControl(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
      AiCache cache = caches.cache(builder -> builder.clock(now::get));
      AiRequest request = AiRequest.of("qa", "why?");
      AiControl usual = AiControl.usual();
      assertThat(text(cache, request.with(usual.withNoStore()))).isEqualTo("answer 1");
      assertThat(text(cache, request.with(usual.withReadOnly()))).isEqualTo("answer 2");
      assertThat(text(cache, request)).isEqualTo("answer 3");
      assertThat(text(cache, request.with(usual.withReadOnly()))).isEqualTo("answer 3");
      assertThat(text(cache, request.with(usual.withNoStore()))).isEqualTo("answer 3");
      assertThat(text(cache, request.with(usual.withRefresh().withNoStore())))
          .isEqualTo("answer 4");
      assertThat(text(cache, request)).isEqualTo("answer 3");
      assertThat(text(cache, request.with(usual.withRefresh()))).isEqualTo("answer 5");
      assertThat(text(cache, request)).isEqualTo("answer 5");
      now.set(now.get().plusSeconds(100));
      assertThat(text(cache, request.with(usual.withMaxAge(Duration.ofSeconds(100)))))
          .isEqualTo("answer 5");
      assertThat(text(cache, request.with(usual.withMaxAge(Duration.ofSeconds(99)))))
          .isEqualTo("answer 6");
      assertThat(text(cache, request)).isEqualTo("answer 6");
      AiRequest brief = AiRequest.of("qa", "how?").with(usual.withTtl(Duration.ofSeconds(60)));
      assertThat(text(cache, brief)).isEqualTo("answer 7");
      now.set(now.get().plusSeconds(59));
      assertThat(text(cache, brief)).isEqualTo("answer 7");
      now.set(now.get().plusSeconds(1));
      assertThat(text(cache, brief)).isEqualTo("answer 8");
    }
  }

  private String text(AiCache cache, AiRequest request) {
    return cache.getOrCompute(request, this::model).value();
  }

  @ParameterizedTest
  @EnumSource
  void removesAndInvalidates(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      AiRequest qa =
          AiRequest.builder("qa").text("1").tenant("a").model("m").tags("x").build();
      AiRequest other = AiRequest.builder("qa").text("2").tenant("b").model("n").build();
      AiRequest longer = AiRequest.of("qa_long", "1");
      List.of(qa, other, longer).forEach(request -> text(cache, request));
      assertThat(cache.remove(other)).isTrue();
      assertThat(cache.remove(other)).isFalse();
      assertThat(cache.get(other)).isEmpty();
      text(cache, other);
      assertThat(cache.invalidateByOperation("qa")).isEqualTo(2);
      assertThat(cache.get(qa)).isEmpty();
      assertThat(cache.get(other)).isEmpty();
      assertThat(cache.get(longer)).isPresent();
      assertThat(cache.invalidateByOperation("qa")).isZero();
      List.of(qa, other).forEach(request -> text(cache, request));
      cache.invalidateByTenant("a");
      assertThat(cache.get(qa)).isEmpty();
      assertThat(cache.get(other)).isPresent();
      text(cache, qa);
      cache.invalidateByModel("n");
      assertThat(cache.get(qa)).isPresent();
      assertThat(cache.get(other)).isEmpty();
      cache.invalidateByTag("x");
      assertThat(cache.get(qa)).isEmpty();
      List.of(qa, other).forEach(request -> text(cache, request));
      assertThat(cache.invalidatePattern("op:qa|txt:?|*")).isEqualTo(2);
      assertThat(cache.get(qa)).isEmpty();
      assertThat(cache.get(longer)).isPresent();
      cache.clear();
      assertThat(cache.get(longer)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void storesWhatTheApplicationHas(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      AiRequest request = AiRequest.of("embed", "text");
      cache.put(request, AiAnswer.of(new float[] {1, 2}));
      assertThat(cache.get(request, float[].class).orElseThrow().value()).containsExactly(1, 2);
      assertThat(cache.get(request)).as("of another type").isEmpty();
      cache.put(request, AiAnswer.of(List.of("a", "b")));
      assertThat(cache.get(request, List.class).orElseThrow().value()).isEqualTo(List.of("a", "b"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesOnWithoutAManager(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      AiRequest request = AiRequest.of("qa", "why?");
      text(cache, request);
      caches.manager().close();
      assertThat(text(cache, request)).isEqualTo("answer 2");
      assertThat(cache.get(request)).isEmpty();
      assertThat(text(cache, AiRequest.of("never_used", "why?"))).isEqualTo("answer 3");
      assertThat(cache.stats().cacheFailures()).isPositive();
    }
  }
}
