package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.LogLines;
import io.larder.testing.RedisServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call comes to an end, whatever the application hands in and whenever the cache closes. */
final class EndsTest {

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
  private final AiRequest request = AiRequest.of("qa", "why?");

  private AiAnswer<String> model() {
    return AiAnswer.of("answer " + calls.incrementAndGet());
  }

  @ParameterizedTest
  @EnumSource
  void aFaultyRuleOfWhatIsStoredCostsNoAnswer(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis);
        LogLines log = LogLines.listen()) {
      AiCache cache = caches.cache(builder -> builder.keepIf(answer -> {
        throw new IllegalStateException("a faulty rule");
      }));
      assertThat(way.ask(cache, request, this::model).value()).isEqualTo("answer 1");
      assertThat(way.ask(cache, request, this::model).value()).isEqualTo("answer 2");
      assertThat(cache.stats("qa").total().notStored()).isEqualTo(2);
      assertThat(log.with("a faulty rule")).hasSize(1).first().asString().contains("ai.qa: ");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aModelThatGivesNullFailsItsCallersAndNobodyWaits(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache cache = caches.cache();
      assertThatThrownBy(() -> way.ask(cache, request, () -> null))
          .isInstanceOf(NullPointerException.class);
      assertThat(way.ask(cache, request, this::model).value()).isEqualTo("answer 1");
    }
  }

  @Test
  void anAsynchronousModelThatGivesNoStageFailsItsCallers() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache cache = caches.cache();
      CompletableFuture<AiResult<String>> result =
          cache.async().getOrCompute(request, String.class, () -> null).toCompletableFuture();
      assertThatThrownBy(() -> result.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(NullPointerException.class);
      assertThat(cache.getOrCompute(request, this::model).value()).isEqualTo("answer 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClosedCacheLetsCallsThrough(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache cache = caches.cache();
      cache.close();
      assertThat(way.ask(cache, request, this::model).value()).isEqualTo("answer 1");
      caches.manager().close();
      assertThat(way.ask(cache, AiRequest.of("qa", "more"), this::model).value())
          .isEqualTo("answer 2");
    }
  }

  /** Another process has the lease; who waits for it when the cache closes asks the model. */
  @ParameterizedTest
  @EnumSource
  void whoWaitsWhenTheCacheClosesGoesOn(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache here = caches.cache();
      AiCache there = caches.peer().cache();
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      CompletableFuture<String> theirs = CompletableFuture.supplyAsync(() -> there
          .getOrCompute(request, () -> {
            asked.countDown();
            awaitQuietly(go);
            return AiAnswer.of("theirs");
          })
          .value());
      asked.await();
      CompletableFuture<String> mine = CompletableFuture.supplyAsync(() -> {
        try {
          return way.ask(here, request, this::model).value();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      });
      while (here.stats("qa").total().misses() < 1) {
        Thread.onSpinWait();
      }
      here.close();
      assertThat(mine.get(20, TimeUnit.SECONDS)).isEqualTo("answer 1");
      go.countDown();
      assertThat(theirs.get(20, TimeUnit.SECONDS)).isEqualTo("theirs");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
