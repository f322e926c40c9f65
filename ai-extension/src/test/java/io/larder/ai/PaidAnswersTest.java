package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.AiResult.Source;
import io.larder.testing.LogLines;
import io.larder.testing.RedisServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a model has answered reaches who asked, and is stored, whatever else goes wrong. */
final class PaidAnswersTest {

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
  private final AiRequest request =
      AiRequest.builder("qa").text("why?").tags("t").build();

  private AiAnswer<String> model() {
    return AiAnswer.of("answer " + calls.incrementAndGet());
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "REDIS", "NEAR", "CAFFEINE"})
  void anInterruptedCallersAnswerIsStoredAndItsLeaseGivenBack(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      CompletableFuture<Void> done = new CompletableFuture<>();
      new Thread(() -> {
            try {
              AiResult<String> first = cache.getOrCompute(request, () -> {
                Thread.currentThread().interrupt();
                return model();
              });
              assertThat(first.source()).isEqualTo(Source.MODEL);
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
              AiResult<String> second = cache.getOrCompute(request, this::model);
              assertThat(second.source()).isEqualTo(Source.CACHE);
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
              done.complete(null);
            } catch (Throwable e) {
              done.completeExceptionally(e);
            }
          })
          .start();
      done.get(60, TimeUnit.SECONDS);
      assertThat(cache.get(request))
          .hasValueSatisfying(hit -> assertThat(hit.value()).isEqualTo("answer 1"));
      assertThat(cache.stats().cacheFailures()).isZero();
      if (place.isShared()) {
        assertThat(caches.manager().getCache("ai-leases").iterator()).isExhausted();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRuleThatFailsForGoodCostsNoAnswer(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis);
        LogLines log = LogLines.listen()) {
      AiCache cache = caches.cache(builder -> builder.keepIf(answer -> {
        throw new AssertionError("a faulty rule");
      }));
      assertThat(way.ask(cache, request, this::model).value()).isEqualTo("answer 1");
      assertThat(way.ask(cache, request, this::model).value()).isEqualTo("answer 2");
      assertThat(log.with("a faulty rule")).hasSize(1).first().asString().contains("keepIf");
    }
  }

  @Test
  void aListenerCanFailOrUseTheCache() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis);
        LogLines log = LogLines.listen()) {
      AiCache cache = caches.cache();
      cache.onOperation(name -> {
        throw new IllegalStateException("a faulty listener");
      });
      AtomicInteger told = new AtomicInteger();
      cache.onOperation(name -> {
        told.incrementAndGet();
        cache.getOrCompute(AiRequest.of(name, "of the listener"), this::model);
        cache.get(AiRequest.of("another", "of the listener"));
      });
      assertThat(cache.getOrCompute(request, this::model).value()).isEqualTo("answer 3");
      assertThat(cache.getOrCompute(request, this::model).isHit()).isTrue();
      assertThat(told).hasValue(2);
      assertThat(log.with("a faulty listener")).hasSize(2);
    }
  }
}
