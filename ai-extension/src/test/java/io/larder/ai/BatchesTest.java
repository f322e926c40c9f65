package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.AiResult.Source;
import io.larder.testing.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many requests at a time: one call for what is missing. */
final class BatchesTest {

  private static final Map<String, BiConsumer<AiCache, AiRequest>> INVALIDATIONS = Map.of(
      "remove", AiCache::remove,
      "operation", (cache, request) -> cache.invalidateByOperation("embed"),
      "tag", (cache, request) -> cache.invalidateByTag("a"),
      "model", (cache, request) -> cache.invalidateByModel("m-a"),
      "tenant", (cache, request) -> cache.invalidateByTenant("t-a"),
      "pattern", (cache, request) -> cache.invalidatePattern("op:embed|txt:a|*"),
      "clear", (cache, request) -> cache.clear());
  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  /** What each call was asked for. */
  private final List<String> calls = new CopyOnWriteArrayList<>();

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private static AiRequest request(String text) {
    return AiRequest.builder("embed")
        .text(text)
        .model("m-" + text)
        .tenant("t-" + text)
        .tags(text)
        .build();
  }

  private static List<AiRequest> requests(String... texts) {
    return Stream.of(texts).map(BatchesTest::request).toList();
  }

  private List<AiAnswer<String>> model(List<AiRequest> missing) {
    String all = String.join("", missing.stream().map(AiRequest::text).toList());
    calls.add(all);
    return missing.stream()
        .map(request -> AiAnswer.of(request.text() + " of " + all))
        .toList();
  }

  private <X extends Exception> CompletableFuture<List<String>> batch(
      AiCache cache, AiBatchCall<String, X> call, String... texts) {
    return AiCaches.started(() -> {
      try {
        return cache.batches().getOrCompute(requests(texts), String.class, call).stream()
            .map(AiResult::value)
            .toList();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private List<AiAnswer<String>> held(List<AiRequest> missing) throws InterruptedException {
    List<AiAnswer<String>> answers = model(missing);
    asked.countDown();
    go.await();
    return answers;
  }

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(1, TimeUnit.MINUTES);
  }

  private static void awaitMisses(AiCache cache, int count) throws InterruptedException {
    while (cache.stats("embed").total().misses() < count) {
      Thread.onSpinWait();
    }
    AiCaches.awaitAllWait();
  }

  @ParameterizedTest
  @EnumSource
  void onlyWhatIsMissingIsAskedForAndOnce(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      assertThat(soon(batch(cache, this::model, "a", "b"))).containsExactly("a of ab", "b of ab");
      assertThat(soon(batch(cache, this::model, "c", "a", "c", "d")))
          .containsExactly("c of cd", "a of ab", "c of cd", "d of cd");
      assertThat(calls).containsExactly("ab", "cd");
      AiResult<String> hit = cache.get(request("d")).orElseThrow();
      assertThat(hit.source()).isEqualTo(Source.CACHE);
      assertThat(cache.stats("embed").total().modelCalls()).isEqualTo(2);
      assertThat(cache.batches().getOrCompute(List.of(), String.class, this::model))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "NEAR"})
  void whatIsInvalidatedDuringTheCallIsNotStored(Place place) throws Exception {
    for (Map.Entry<String, BiConsumer<AiCache, AiRequest>> kind : INVALIDATIONS.entrySet()) {
      try (AiCaches caches = AiCaches.in(place, redis)) {
        AiCache cache = caches.cache();
        List<AiResult<String>> results = cache
            .batches()
            .getOrCompute(requests("a", "b"), String.class, missing -> {
              kind.getValue().accept(cache, request("a"));
              return model(missing);
            });
        assertThat(results).extracting(AiResult::value).containsExactly("a of ab", "b of ab");
        assertThat(cache.get(request("a"))).as(kind.getKey()).isEmpty();
        boolean all = kind.getKey().equals("operation") || kind.getKey().equals("clear");
        assertThat(cache.get(request("b")).isPresent()).as(kind.getKey()).isEqualTo(!all);
      }
    }
  }

  @Test
  void concurrentBatchesAndCallsShareWhatTheyHaveInCommon() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      CompletableFuture<List<String>> first = batch(cache, this::held, "a", "b");
      asked.await();
      CompletableFuture<List<String>> second = batch(cache, this::model, "b", "c");
      CompletableFuture<String> single = AiCaches.started(
          () -> cache.getOrCompute(request("a"), () -> AiAnswer.of("another")).value());
      CompletableFuture<List<String>> circle = batch(cache, this::model, "c", "b", "a");
      awaitMisses(cache, 7);
      go.countDown();
      assertThat(soon(first)).containsExactly("a of ab", "b of ab");
      assertThat(soon(second)).containsExactly("b of ab", "c of c");
      assertThat(soon(single)).isEqualTo("a of ab");
      assertThat(soon(circle)).containsExactly("c of c", "b of ab", "a of ab");
      assertThat(calls).containsExactly("ab", "c");
    }
  }

  @Test
  void whatTheCallThrowsReachesAllWhoWaitAndIsNotStored() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      IOException failure = new IOException("no model");
      CompletableFuture<List<String>> first = batch(
          cache,
          missing -> {
            held(missing);
            throw failure;
          },
          "a",
          "b");
      asked.await();
      CompletableFuture<List<String>> second = batch(cache, this::model, "b", "c");
      awaitMisses(cache, 4);
      go.countDown();
      for (CompletableFuture<?> each : List.of(first, second)) {
        assertThatThrownBy(() -> soon(each))
            .isInstanceOf(ExecutionException.class)
            .hasRootCause(failure);
      }
      assertThat(cache.get(request("c"))).as("what came well").isPresent();
      assertThat(cache.stats("embed").total().modelFailures()).isEqualTo(1);
      assertThat(soon(batch(cache, this::model, "a", "b", "c"))).startsWith("a of ab");
      assertThatThrownBy(() -> cache
              .batches()
              .getOrCompute(
                  requests("x", "y"), String.class, missing -> model(missing.subList(0, 1))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the model gave 1 answers for 2 requests");
    }
  }

  @Test
  void whatAnotherCallerGaveUpOrDoesNotGetIsAskedFor() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      CompletableFuture<List<String>> first = batch(
          cache,
          missing -> {
            held(missing);
            throw new CancellationException();
          },
          "a");
      asked.await();
      CompletableFuture<List<String>> second = batch(cache, this::model, "a", "b");
      awaitMisses(cache, 3);
      go.countDown();
      assertThat(soon(second)).containsExactly("a of a", "b of b");
      assertThat(first).failsWithin(Duration.ofMinutes(1));
      AiCache brief = caches.cache(builder -> builder.longestWait(Duration.ofMillis(200)));
      CountDownLatch end = new CountDownLatch(1);
      CompletableFuture<List<String>> hung = batch(
          brief,
          missing -> {
            List<AiAnswer<String>> answers = model(missing);
            end.await();
            return answers;
          },
          "c");
      awaitMisses(brief, 1);
      assertThat(soon(batch(brief, this::model, "c"))).containsExactly("c of c");
      end.countDown();
      assertThat(soon(hung)).containsExactly("c of c");
      assertThat(calls).containsExactly("a", "b", "a", "c", "c");
    }
  }

  @Test
  void aBatchWithinACallForTheSameRequestDoesNotWaitForItself() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      CompletableFuture<List<String>> outer = batch(
          cache,
          missing -> List.of(AiAnswer.of("outer "
              + cache.getOrCompute(request("a"), () -> AiAnswer.of("inner")).value()
              + cache
                  .batches()
                  .getOrCompute(
                      List.of(request("a").with(AiControl.usual().withRefresh())),
                      String.class,
                      this::model)
                  .get(0)
                  .value())),
          "a");
      assertThat(soon(outer)).containsExactly("outer innera of a");
    }
  }

  private List<String> values(AiCache cache, AiRequest... requests) {
    return cache.batches().getOrCompute(List.of(requests), String.class, this::model).stream()
        .map(AiResult::value)
        .toList();
  }

  @Test
  void eachOfEqualRequestsUsesTheCacheAsItsControlSays() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      AiControl usual = AiControl.usual();
      AiRequest old = request("a");
      cache.put(old, AiAnswer.of("old"));

      assertThat(values(cache, old, old.with(usual.withRefresh()), old))
          .containsExactly("old", "a of a", "old");
      assertThat(cache.get(old).orElseThrow().value()).isEqualTo("a of a");

      AiRequest kept = request("b");
      assertThat(values(cache, kept.with(usual.withNoStore()), kept))
          .containsExactly("b of bb", "b of bb");
      assertThat(cache.get(kept)).isPresent();

      AiRequest shared = request("c");
      values(cache, shared, shared.with(usual.withMaxAge(Duration.ofMinutes(1))), shared);
      assertThat(calls).containsExactly("a", "bb", "c");
    }
  }
}
