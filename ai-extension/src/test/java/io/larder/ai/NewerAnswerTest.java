package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that is on its way while its answer is invalidated or replaced keeps it to itself. */
final class NewerAnswerTest {

  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private final AiRequest request =
      AiRequest.builder("qa").text("why?").tags("physics").build();

  /** A call that answers when it is let. */
  private static final class Slow {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final CompletableFuture<String> answer;

    private Slow(AiCache cache, Way way, AiRequest request) throws InterruptedException {
      answer = later(() -> way.ask(cache, request, () -> {
            asked.countDown();
            go.await();
            return AiAnswer.of("old");
          })
          .value());
      assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
    }

    private String end() throws Exception {
      go.countDown();
      return answer.get(1, TimeUnit.MINUTES);
    }
  }

  private static CompletableFuture<String> later(Callable<String> call) {
    CompletableFuture<String> result = new CompletableFuture<>();
    new Thread(() -> {
          try {
            result.complete(call.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        })
        .start();
    return result;
  }

  private static final Map<String, BiConsumer<AiCache, AiRequest>> INVALIDATIONS = Map.of(
      "remove", AiCache::remove,
      "operation", (cache, request) -> cache.invalidateByOperation("qa"),
      "tag", (cache, request) -> cache.invalidateByTag("physics"),
      "pattern", (cache, request) -> cache.invalidatePattern("op:qa|*"),
      "clear", (cache, request) -> cache.clear());

  @ParameterizedTest
  @EnumSource
  void whoAsksAfterAnInvalidationGetsNothingFromBefore(Way way) throws Exception {
    for (Place place : new Place[] {Place.HEAP, Place.NEAR}) {
      for (Map.Entry<String, BiConsumer<AiCache, AiRequest>> kind : INVALIDATIONS.entrySet()) {
        try (AiCaches caches = AiCaches.in(place, redis)) {
          AiCache cache = caches.cache();
          Slow slow = new Slow(cache, way, request);
          kind.getValue().accept(cache, request);
          CompletableFuture<String> after =
              later(() -> way.ask(cache, request, () -> AiAnswer.of("new")).value());
          assertThat(after.get(1, TimeUnit.MINUTES))
              .as("%s in %s", kind.getKey(), place)
              .isEqualTo("new");
          assertThat(slow.end()).isEqualTo("old");
          assertThat(cache.get(request).orElseThrow().value())
              .as("%s in %s", kind.getKey(), place)
              .isEqualTo("new");
        }
      }
    }
  }

  @Test
  void anInvalidationElsewhereKeepsOthersFromJoining() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache cache = caches.cache();
      Slow slow = new Slow(cache, Way.PLAIN, request);
      caches.peer().cache().invalidateByTag("physics");
      CompletableFuture<String> after =
          later(() -> cache.getOrCompute(request, () -> AiAnswer.of("new")).value());
      assertThat(after.get(1, TimeUnit.MINUTES)).isEqualTo("new");
      assertThat(slow.end()).isEqualTo("old");
      assertThat(cache.get(request).orElseThrow().value()).isEqualTo("new");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOlderCallDoesNotReplaceANewerAnswer(Way way) throws Exception {
    for (Place place : Place.values()) {
      try (AiCaches caches = AiCaches.in(place, redis)) {
        AiCache cache = caches.cache();
        Slow slow = new Slow(cache, way, request);
        cache.getOrCompute(
            request.with(AiControl.usual().withRefresh()), () -> AiAnswer.of("refreshed"));
        assertThat(slow.end()).isEqualTo("old");
        assertThat(cache.get(request).orElseThrow().value()).isEqualTo("refreshed");
        cache.remove(request);
        Slow again = new Slow(cache, way, request);
        cache.put(request, AiAnswer.of("corrected"));
        assertThat(again.end()).isEqualTo("old");
        assertThat(cache.get(request).orElseThrow().value()).isEqualTo("corrected");
      }
    }
  }

  @Test
  void anOlderCallOfAnotherProcessDoesNotReplaceANewerAnswer() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache early = caches.cache(builder -> builder.clock(at(1000)));
      AiCache late = caches.peer().cache(builder -> builder.clock(at(2000)));
      Slow slow = new Slow(early, Way.PLAIN, request);
      late.put(request, AiAnswer.of("corrected"));
      assertThat(slow.end()).isEqualTo("old");
      assertThat(early.get(request).orElseThrow().value()).isEqualTo("corrected");
      assertThat(early.stats("qa").total().notStored()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheApplicationWantsCountsThoughAClockIsBehind(Place place) throws Exception {
    try (AiCaches here = AiCaches.in(place, redis)) {
      AiCaches there = place.isShared() ? here.peer() : here;
      AiCache ahead = here.cache(builder -> builder.clock(at(2000)));
      AiCache behind = there.cache(builder -> builder.clock(at(1000)));
      for (AiControl control :
          List.of(AiControl.usual(), AiControl.usual().withTtl(Duration.ofHours(1)))) {
        AiRequest asked = request.with(control);
        ahead.put(asked, AiAnswer.of("from the future"));
        behind.put(asked, AiAnswer.of("corrected"));
        here.awaitHeardOf(there, request);
        assertThat(ahead.get(request).orElseThrow().value()).isEqualTo("corrected");
      }
      ahead.put(request, AiAnswer.of("from the future"));
      there.awaitHeardOf(here, request);
      behind.getOrCompute(
          request.with(AiControl.usual().withRefresh()), () -> AiAnswer.of("refreshed"));
      here.awaitHeardOf(there, request);
      assertThat(ahead.get(request).orElseThrow().value()).isEqualTo("refreshed");
      ahead.put(request, AiAnswer.of("from the future"));
      ahead.invalidateByTag("physics");
      there.awaitHeardOf(here, request);
      behind.getOrCompute(request, () -> AiAnswer.of("new"));
      here.awaitHeardOf(there, request);
      assertThat(ahead.get(request).orElseThrow().value()).isEqualTo("new");
    }
  }

  private static InstantSource at(long millis) {
    return InstantSource.fixed(Instant.ofEpochMilli(millis));
  }
}
