package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.LogLines;
import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
      CompletableFuture<String> theirs = AiCaches.started(() -> there
          .getOrCompute(request, () -> {
            asked.countDown();
            awaitQuietly(go);
            return AiAnswer.of("theirs");
          })
          .value());
      asked.await();
      CompletableFuture<String> mine = AiCaches.started(() -> {
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

  /** They wait for a call that is on its way here, and ends also when the cache is closed. */
  @Test
  void whoWaitsForACallHereWhenTheCacheClosesGetsItsAnswer() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      CompletableFuture<AiAnswer<String>> model = new CompletableFuture<>();
      List<CompletableFuture<AiResult<String>>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(cache
            .async()
            .getOrCompute(request, String.class, () -> {
              calls.incrementAndGet();
              return model;
            })
            .toCompletableFuture());
      }
      while (calls.get() == 0 || cache.stats("qa").total().misses() < 8) {
        Thread.onSpinWait();
      }
      AiCaches.awaitAllWait(); // from the miss to the flight
      cache.close();
      model.complete(AiAnswer.of("late"));
      for (CompletableFuture<AiResult<String>> result : results) {
        assertThat(result.get(20, TimeUnit.SECONDS).value()).isEqualTo("late");
      }
      assertThat(calls).hasValue(1);
    }
  }

  /** What subscribers throw at the model's thread is their own affair. */
  @Test
  void aSubscriberThatThrowsEndsNobodyElsesStream() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis);
        SubmissionPublisher<String> model = new SubmissionPublisher<>(Runnable::run, 256)) {
      AiCache cache = caches.cache();
      Flow.Publisher<String> stream = cache.streamText(request, () -> model);
      Throwing atNext = new Throwing("next");
      Throwing atEnd = new Throwing("end");
      Throwing good = new Throwing("never");
      for (Throwing each : List.of(atNext, atEnd, good)) {
        stream.subscribe(each);
      }
      while (cache.stats("qa").total().misses() < 3 || !model.hasSubscribers()) {
        Thread.onSpinWait();
      }
      AiCaches.awaitAllWait(); // from the miss to the stream
      model.submit("whole");
      model.close();
      assertThatThrownBy(() -> atNext.end.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(AssertionError.class);
      assertThat(atEnd.end.get(20, TimeUnit.SECONDS)).isEqualTo("whole");
      assertThat(good.end.get(20, TimeUnit.SECONDS)).isEqualTo("whole");
      assertThat(cache.get(request).orElseThrow().value()).isEqualTo("whole");
    }
  }

  private static final class Throwing implements Flow.Subscriber<String> {

    private final String where;
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> end = new CompletableFuture<>();

    private Throwing(String where) {
      this.where = where;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String piece) {
      if (where.equals("next")) {
        throw new AssertionError("thrown at a piece");
      }
      text.append(piece);
    }

    @Override
    public void onError(Throwable e) {
      end.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
      end.complete(text.toString());
      if (where.equals("end")) {
        throw new AssertionError("thrown at the end");
      }
    }
  }

  @Test
  void aStreamThatGivesNullsFails() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      assertFails(cache, subscriber -> subscriber.onError(null), "the model's stream ended with");
      assertFails(cache, subscriber -> subscriber.onNext(null), "the model's stream gave null");
      assertThatThrownBy(() -> Pieces.all(cache.streamText(request, () -> null)))
          .hasMessageContaining("the model call gave null, not a publisher");
      assertThatThrownBy(() -> Pieces.all(cache.stream(request, String.class, () -> null)))
          .hasMessageContaining("the model call gave null, not a publisher");
      assertThat(cache.get(request)).isEmpty();
    }
  }

  private void assertFails(AiCache cache, Consumer<Flow.Subscriber<?>> end, String told) {
    AtomicInteger cancelled = new AtomicInteger();
    Flow.Publisher<String> publisher = subscriber -> {
      subscriber.onSubscribe(new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {
          cancelled.incrementAndGet();
        }
      });
      subscriber.onNext("half");
      assertThatThrownBy(() -> end.accept(subscriber)).isInstanceOf(NullPointerException.class);
      subscriber.onComplete();
    };
    assertThatThrownBy(() -> Pieces.all(cache.streamText(request, () -> publisher)))
        .hasCauseInstanceOf(NullPointerException.class)
        .hasMessageContaining(told);
    assertThat(cancelled).hasValue(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
