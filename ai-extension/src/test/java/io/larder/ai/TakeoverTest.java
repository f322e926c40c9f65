package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that hangs is taken over by one of those who wait for it, and not by all. */
final class TakeoverTest {

  private static final int WAITERS = 16;
  /** Far longer than a call takes that does not hang, on a busy machine too. */
  private static final Duration LONGEST = Duration.ofSeconds(4);

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
  private long callMillis = 100;
  private final CountDownLatch end = new CountDownLatch(1);
  private final AiRequest request = AiRequest.of("qa", "why?");

  @AfterEach
  void endWhatHangs() {
    end.countDown();
  }

  private static AiCache cache(AiCaches caches) {
    return caches.cache(builder -> builder.longestWait(LONGEST));
  }

  /** A model whose first calls hang. */
  private AiAnswer<String> model(int hanging) {
    int number = calls.incrementAndGet();
    try {
      if (number <= hanging) {
        end.await();
      } else {
        TimeUnit.MILLISECONDS.sleep(callMillis); // a model at work
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return AiAnswer.of("answer " + number);
  }

  private CompletableFuture<String> asked(AiCache cache, Way way, int hanging) {
    return AiCaches.started(() -> {
      try {
        return way.ask(cache, request, () -> model(hanging)).value();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private CompletableFuture<String> hung(AiCache cache, Way way, int hanging) {
    CompletableFuture<String> hung = asked(cache, way, hanging);
    while (calls.get() == 0) {
      Thread.onSpinWait();
    }
    return hung;
  }

  private static String soon(CompletableFuture<String> answer) throws Exception {
    return answer.get(1, TimeUnit.MINUTES);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "ASYNC"})
  void ofManyWhoWaitOneTakesOver(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = cache(caches);
      CompletableFuture<String> hung = hung(cache, way, 1);
      List<CompletableFuture<String>> others = new ArrayList<>();
      for (int i = 0; i < WAITERS; i++) {
        others.add(asked(cache, way, 1));
      }
      for (CompletableFuture<String> other : others) {
        assertThat(soon(other)).isEqualTo("answer 2");
      }
      end.countDown();
      assertThat(soon(hung)).isEqualTo("answer 1");
      assertThat(calls).hasValue(2);
      assertThat(cache.get(request).orElseThrow().value()).as("of the later").isEqualTo("answer 2");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "ASYNC"})
  void ofManyProcessesThatWaitOneTakesOver(Way way) throws Exception {
    callMillis = 1000; // all look for the lease meanwhile
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      CompletableFuture<String> hung = hung(cache(caches), way, 1);
      List<CompletableFuture<String>> others = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        // they would ask on their own if the lease were given back late
        AiCache there = caches.peer().cache(builder -> builder.longestWait(Duration.ofMinutes(5)));
        for (int j = 0; j < 4; j++) {
          others.add(asked(there, way, 1));
        }
      }
      for (CompletableFuture<String> other : others) {
        assertThat(soon(other)).isEqualTo("answer 2");
      }
      end.countDown();
      assertThat(soon(hung)).isEqualTo("answer 1");
      assertThat(calls).hasValue(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "ASYNC"})
  void nobodyWaitsForEverThoughTheModelAlwaysHangs(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache(builder -> builder.longestWait(Duration.ofMillis(50)));
      List<CompletableFuture<String>> all = new ArrayList<>();
      for (int i = 0; i < WAITERS; i++) {
        all.add(asked(cache, way, WAITERS));
      }
      for (int i = 0; i < 6000 && calls.get() < WAITERS; i++) {
        TimeUnit.MILLISECONDS.sleep(10); // until all have asked
      }
      assertThat(calls).hasValue(WAITERS);
      end.countDown();
      for (CompletableFuture<String> each : all) {
        assertThat(soon(each)).startsWith("answer ");
      }
    }
  }

  /** The lease is had only when all have joined. */
  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "ASYNC"})
  void whoJoinedBeforeTheModelWasAskedWaitsNoLonger(Way way) throws Exception {
    CountDownLatch joined = new CountDownLatch(1);
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis);
        AiCache cache = AiCache.builder(Watched.of(caches.manager(), (name, method) -> {
              if (name.equals("ai-leases") && method.equals("putIfAbsent")) {
                quietly(joined);
              }
            }))
            .longestWait(LONGEST)
            .build()) {
      List<CompletableFuture<String>> all = new ArrayList<>();
      for (int i = 0; i <= WAITERS; i++) {
        all.add(asked(cache, way, 1));
      }
      while (cache.stats("qa").total().misses() <= WAITERS) {
        Thread.onSpinWait();
      }
      joined.countDown();
      long ended = 0;
      while (ended < WAITERS) {
        ended = all.stream().filter(CompletableFuture::isDone).count();
        TimeUnit.MILLISECONDS.sleep(5); // until all have their answers but one
      }
      end.countDown();
      for (CompletableFuture<String> each : all) {
        assertThat(soon(each)).isIn("answer 1", "answer 2");
      }
      assertThat(calls).hasValue(2);
    }
  }

  private static void quietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoHasJoinedEndsThoughTheCacheIsClosed() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = cache(caches);
      hung(cache, Way.ASYNC, 1);
      CompletableFuture<String> joined = asked(cache, Way.ASYNC, 1);
      while (cache.stats("qa").total().misses() < 2) {
        Thread.onSpinWait();
      }
      AiCaches.awaitAllWait();
      cache.close();
      assertThat(soon(joined)).isEqualTo("answer 2");
    }
  }

  @Test
  void aStageThatCannotBeFollowedLeavesNothing() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      CompletableFuture<AiAnswer<String>> broken = new CompletableFuture<>() {
        @Override
        public CompletableFuture<AiAnswer<String>> whenComplete(
            BiConsumer<? super AiAnswer<String>, ? super Throwable> action) {
          throw new UnsupportedOperationException("no");
        }
      };
      CompletableFuture<AiResult<String>> failed =
          cache.async().getOrCompute(request, String.class, () -> broken).toCompletableFuture();
      assertThatThrownBy(() -> failed.get(1, TimeUnit.MINUTES))
          .hasRootCauseInstanceOf(UnsupportedOperationException.class);
      assertThat(cache.getOrCompute(request, () -> AiAnswer.of("next")).value()).isEqualTo("next");
      assertThat(caches.manager().getCache("ai-leases")).isEmpty();
    }
  }

  @Test
  void whoComesLaterDoesNotJoinAStreamThatStandsStill() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = cache(caches);
      CompletableFuture<String> hung = hung(cache, Way.STREAM, 1);
      TimeUnit.MILLISECONDS.sleep(LONGEST.toMillis() + 100); // until the stream has stood that long
      List<CompletableFuture<String>> others = new ArrayList<>();
      for (int i = 0; i < WAITERS; i++) {
        others.add(asked(cache, Way.STREAM, 1));
      }
      for (CompletableFuture<String> other : others) {
        assertThat(soon(other)).isEqualTo("answer 2");
      }
      end.countDown();
      assertThat(soon(hung)).isEqualTo("answer 1");
      assertThat(calls).hasValue(2);
    }
  }
}
