package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nobody waits for itself or for ever, and who blocks holds nobody else up. */
final class WaitsTest {

  private static final Duration LEASE_TIME = Duration.ofSeconds(6);
  private static final Duration SHORT = Duration.ofMillis(200);
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

  private static <T> T soon(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(1, TimeUnit.MINUTES);
  }

  private static void quietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleepLongerThanALease() {
    try {
      TimeUnit.MILLISECONDS.sleep(LEASE_TIME.toMillis() + 1000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CompletableFuture<AiAnswer<String>> given(String text) {
    return CompletableFuture.completedFuture(AiAnswer.of(text));
  }

  @Test
  void suppliersThatBlockCostNobodyALeaseOrAThread() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache here = caches.cache(builder -> builder.leaseTime(LEASE_TIME));
      AiCache there = caches.peer().cache(builder -> builder.leaseTime(LEASE_TIME));
      CountDownLatch go = new CountDownLatch(1);
      Queue<String> threads = new ConcurrentLinkedQueue<>();
      List<CompletionStage<AiResult<String>>> results = soon(AiCaches.started(() -> {
        List<CompletionStage<AiResult<String>>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          String text = "question " + i;
          all.add(here.async().getOrCompute(AiRequest.of("qa", text), String.class, () -> {
            calls.incrementAndGet();
            threads.add(Thread.currentThread().getName());
            quietly(go);
            return given(text);
          }));
        }
        return all;
      }));
      while (calls.get() < 64) {
        Thread.onSpinWait();
      }
      CompletableFuture<AiResult<String>> theirs =
          AiCaches.started(() -> there.getOrCompute(AiRequest.of("qa", "question 0"), () -> {
            calls.incrementAndGet();
            return AiAnswer.of("theirs");
          }));
      sleepLongerThanALease();
      go.countDown();
      for (CompletionStage<AiResult<String>> result : results) {
        soon(result);
      }
      assertThat(soon(theirs).value()).isEqualTo("question 0");
      assertThat(calls).hasValue(100);
      assertThat(threads).noneMatch(name -> name.contains("timer"));
    }
  }

  @Test
  void whatFollowsAnAnswerMayWaitForOtherAnswers() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      List<CompletableFuture<String>> chains = new ArrayList<>();
      CompletableFuture<AiAnswer<String>> model = new CompletableFuture<>();
      for (int i = 0; i < 100; i++) {
        AiRequest first = AiRequest.of("qa", "first " + i);
        AiRequest second = AiRequest.of("qa", "second " + i);
        chains.add(cache
            .async()
            .getOrCompute(first, String.class, () -> model)
            .thenApply(answer -> cache
                .async()
                .getOrCompute(second, String.class, () -> given(answer.value() + "!"))
                .toCompletableFuture()
                .join()
                .value())
            .toCompletableFuture());
      }
      model.complete(AiAnswer.of("yes"));
      for (CompletableFuture<String> chain : chains) {
        assertThat(soon(chain)).isEqualTo("yes!");
      }
    }
  }

  @Test
  void aCallWithinACallForTheSameRequestIsMade() throws Exception {
    for (Place place : Place.values()) {
      try (AiCaches caches = AiCaches.in(place, redis)) {
        AiCache cache = caches.cache();
        assertThat(soon(cache
                    .async()
                    .getOrCompute(
                        request,
                        String.class,
                        () -> given("outer "
                            + cache
                                .getOrCompute(request, () -> AiAnswer.of("inner"))
                                .value())))
                .value())
            .isEqualTo("outer inner");
        cache.remove(request);
        assertThat(soon(cache
                    .async()
                    .getOrCompute(
                        request,
                        String.class,
                        () -> cache
                            .async()
                            .getOrCompute(request, String.class, () -> given("inner"))
                            .thenApply(inner -> AiAnswer.of("outer " + inner.value()))))
                .value())
            .isEqualTo("outer inner");
        cache.remove(request);
        assertThat(cache
                .getOrCompute(
                    request,
                    () -> AiAnswer.of("outer "
                        + soon(cache
                                .async()
                                .getOrCompute(request, String.class, () -> given("inner")))
                            .value()))
                .value())
            .isEqualTo("outer inner");
      }
    }
  }

  @Test
  void callsThatWaitForEachOtherComeApart() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache cache = caches.cache(builder -> builder.longestWait(SHORT));
      CountDownLatch both = new CountDownLatch(2);
      AiRequest other = AiRequest.of("qa", "why not?");
      CompletableFuture<String> one = crossing(cache, request, other, both);
      CompletableFuture<String> two = crossing(cache, other, request, both);
      assertThat(soon(one)).startsWith("outer");
      assertThat(soon(two)).startsWith("outer");
    }
  }

  private static CompletableFuture<String> crossing(
      AiCache cache, AiRequest first, AiRequest second, CountDownLatch both) {
    return AiCaches.started(() -> cache
        .getOrCompute(first, () -> {
          both.countDown();
          quietly(both);
          return AiAnswer.of(
              "outer " + cache.getOrCompute(second, () -> AiAnswer.of("inner")).value());
        })
        .value());
  }

  @Test
  void whoWaitsForAModelThatNeverAnswersAsksItself() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache cache = caches.cache(builder -> builder.longestWait(SHORT));
      AiCache there = caches.peer().cache(builder -> builder.longestWait(SHORT));
      CountDownLatch asked = new CountDownLatch(1);
      cache.async().getOrCompute(request, String.class, () -> {
        asked.countDown();
        return new CompletableFuture<>();
      });
      assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
      AiControl readOnly = AiControl.usual().withReadOnly();
      assertThat(soon(AiCaches.started(
                  () -> there.getOrCompute(request.with(readOnly), () -> AiAnswer.of("there"))))
              .value())
          .isEqualTo("there");
      assertThat(soon(cache
                  .async()
                  .getOrCompute(request.with(readOnly), String.class, () -> given("async")))
              .value())
          .isEqualTo("async");
      assertThat(
              soon(AiCaches.started(() -> cache.getOrCompute(request, () -> AiAnswer.of("here"))))
                  .value())
          .isEqualTo("here");
    }
  }

  @Test
  void twoAnswerCachesOnOneManagerMakeOneCall() throws Exception {
    for (Place place : Place.values()) {
      try (AiCaches caches = AiCaches.in(place, redis)) {
        calls.set(0);
        AiCache one = caches.cache(builder -> builder.leaseTime(LEASE_TIME));
        AiCache two = caches.cache(builder -> builder.leaseTime(Duration.ofMinutes(1)));
        one.getOrCompute(AiRequest.of("qa", "makes the caches"), () -> AiAnswer.of("made"));
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<AiResult<String>> slow =
            AiCaches.started(() -> two.getOrCompute(request, () -> {
              calls.incrementAndGet();
              asked.countDown();
              sleepLongerThanALease();
              return AiAnswer.of("once");
            }));
        assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
        AiResult<String> other = one.getOrCompute(request, () -> {
          calls.incrementAndGet();
          return AiAnswer.of("twice");
        });
        assertThat(other.value()).as(place.name()).isEqualTo("once");
        assertThat(soon(slow).value()).isEqualTo("once");
        assertThat(calls).hasValue(1);
      }
    }
  }

  @Test
  void aCallThatIsOnItsWayWhenItsCacheClosesKeepsItsLease() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache here = caches.cache(builder -> builder.leaseTime(LEASE_TIME));
      AiCache there = caches.peer().cache(builder -> builder.leaseTime(LEASE_TIME));
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      CompletableFuture<AiResult<String>> slow =
          AiCaches.started(() -> here.getOrCompute(request, () -> {
            asked.countDown();
            quietly(go);
            return AiAnswer.of("once");
          }));
      assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
      here.close();
      CompletableFuture<AiResult<String>> other =
          AiCaches.started(() -> there.getOrCompute(request, () -> AiAnswer.of("twice")));
      sleepLongerThanALease();
      go.countDown();
      assertThat(soon(slow).value()).isEqualTo("once");
      assertThat(soon(other).value()).isEqualTo("once");
    }
  }

  @Test
  void theTimesHaveBounds() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      assertThatThrownBy(() -> caches.cache(builder -> builder.longestWait(Duration.ZERO)))
          .hasMessageContaining("longestWait was PT0S");
      assertThatThrownBy(
              () -> caches.cache(builder -> builder.outagePatience(Duration.ofMillis(-1))))
          .hasMessageContaining("outagePatience was PT-0.001S");
    }
  }
}
