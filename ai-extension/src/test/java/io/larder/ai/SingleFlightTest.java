package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.AiResult.Source;
import io.larder.testing.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Concurrent identical requests make one call. */
final class SingleFlightTest {

  private static final int CALLERS = 16;
  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private final List<Thread> callers = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = threads(CALLERS, callers);
  private final AtomicInteger calls = new AtomicInteger();
  private final AiRequest request = AiRequest.of("qa", "why?");

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  /** Threads that are noted. */
  static ExecutorService threads(int count, List<Thread> noted) {
    return Executors.newFixedThreadPool(count, task -> {
      Thread thread = new Thread(task);
      noted.add(thread);
      return thread;
    });
  }

  /**
   * Returns when all who have missed have come to the flight: when they wait, and those do who work
   * for the answer cache.
   */
  static void awaitAllWait(List<Thread> callers) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!Stream.concat(callers.stream(), workers()).allMatch(SingleFlightTest::waits)) {
      assertThat(System.nanoTime()).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(5); // until they wait
    }
  }

  private static Stream<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("larder-ai "));
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  private AiAnswer<String> slow() throws InterruptedException {
    int number = calls.incrementAndGet();
    TimeUnit.MILLISECONDS.sleep(100); // a model at work
    return AiAnswer.of("answer " + number);
  }

  @ParameterizedTest
  @EnumSource
  void manyCallersOneCall(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache here = caches.cache();
      AiCache there = place.isShared() ? caches.peer().cache() : here;
      List<Future<AiResult<String>>> results = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        AiCache cache = i % 2 == 0 ? here : there;
        results.add(threads.submit(() -> cache.getOrCompute(request, this::slow)));
      }
      int fromModel = 0;
      for (Future<AiResult<String>> result : results) {
        assertThat(result.get().value()).isEqualTo("answer 1");
        fromModel += result.get().source() == Source.MODEL ? 1 : 0;
      }
      assertThat(calls).hasValue(1);
      assertThat(fromModel).isEqualTo(1);
      long coalesced = here.stats().operations().get("qa").total().savedCalls();
      assertThat(
              here == there
                  ? coalesced
                  : coalesced + there.stats().operations().get("qa").total().savedCalls())
          .isEqualTo(CALLERS - 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyAsynchronousCallersOneCall(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache here = caches.cache();
      AiCache there = place.isShared() ? caches.peer().cache() : here;
      CompletableFuture<AiAnswer<String>> model = new CompletableFuture<>();
      List<CompletableFuture<AiResult<String>>> results = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        results.add((i % 2 == 0 ? here : there)
            .async()
            .getOrCompute(request, String.class, () -> {
              calls.incrementAndGet();
              return model;
            })
            .toCompletableFuture());
      }
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
          .execute(() -> model.complete(AiAnswer.of("late")));
      for (CompletableFuture<AiResult<String>> result : results) {
        assertThat(result.get(20, TimeUnit.SECONDS).value()).isEqualTo("late");
      }
      assertThat(calls).hasValue(1);
      assertThat(here.async().get(request, String.class).toCompletableFuture().get())
          .isPresent();
    }
  }

  @Test
  void aFailureReachesAllWhoWaitedAndNobodyAsksAgain() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      IOException failure = new IOException("no model");
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      List<Future<?>> results = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        results.add(threads.submit(() -> cache.getOrCompute(request, () -> {
          calls.incrementAndGet();
          asked.countDown();
          go.await();
          throw failure;
        })));
      }
      asked.await();
      while (cache.stats().operations().get("qa").total().misses() < CALLERS) {
        Thread.onSpinWait();
      }
      awaitAllWait(callers);
      go.countDown();
      for (Future<?> result : results) {
        assertThatThrownBy(result::get)
            .isInstanceOf(ExecutionException.class)
            .extracting(Throwable::getCause)
            .isSameAs(failure);
      }
      assertThat(calls).hasValue(1);
    }
  }

  @Test
  void whenThePilotIsInterruptedTheOthersGoOn() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      CountDownLatch asked = new CountDownLatch(1);
      Future<?> pilot = threads.submit(() -> cache.getOrCompute(request, () -> {
        asked.countDown();
        new CountDownLatch(1).await();
        return AiAnswer.of("never");
      }));
      asked.await();
      Future<AiResult<String>> waiter =
          threads.submit(() -> cache.getOrCompute(request, this::slow));
      while (cache.stats().operations().get("qa").total().misses() < 2) {
        Thread.onSpinWait();
      }
      pilot.cancel(true);
      assertThat(waiter.get(20, TimeUnit.SECONDS).value()).isEqualTo("answer 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoOptsOutDoesNotShare(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Future<AiResult<String>> usual = threads.submit(() -> cache.getOrCompute(request, () -> {
        asked.countDown();
        go.await();
        return AiAnswer.of("shared");
      }));
      asked.await();
      Future<AiResult<String>> reader = threads.submit(
          () -> cache.getOrCompute(request.with(AiControl.usual().withReadOnly()), this::slow));
      while (cache.stats().operations().get("qa").total().misses() < 2) {
        Thread.onSpinWait();
      }
      awaitAllWait(callers);
      for (AiControl control :
          List.of(AiControl.usual().withRefresh(), AiControl.usual().withNoStore())) {
        assertThat(cache.getOrCompute(request.with(control), this::slow).source())
            .isEqualTo(Source.MODEL);
        cache.remove(request);
      }
      go.countDown();
      assertThat(usual.get().value()).isEqualTo("shared");
      assertThat(reader.get().source()).isEqualTo(Source.SHARED_CALL);
      assertThat(cache.get(request)).as("removed while it was on its way").isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsInvalidatedOnItsWayIsNotAnswered(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      AiCaches others = place.isShared() ? caches.peer() : caches;
      cache.getOrCompute(request, () -> {
        others.cache().invalidateByOperation("qa");
        return AiAnswer.of("old");
      });
      caches.awaitHeardOf(others, request);
      assertThat(cache.get(request)).isEmpty();
      AiRequest tagged = AiRequest.builder("qa").text("x").tags("t").build();
      cache.getOrCompute(tagged, () -> {
        cache.invalidateByTag("t");
        return AiAnswer.of("old");
      });
      assertThat(cache.get(tagged)).isEmpty();
    }
  }

  @Test
  void aCallThatAsksForItselfDoesNotWaitForItself() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      assertThat(cache
              .getOrCompute(
                  request,
                  () -> AiAnswer.of("outer "
                      + cache.getOrCompute(request, () -> AiAnswer.of("inner")).value()))
              .value())
          .isEqualTo("outer inner");
    }
  }
}
