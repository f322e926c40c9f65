package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams are recorded while they stream and replayed as they came. */
final class StreamTest {

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

  /** Collects what it asked for. */
  private static final class Collector<T> implements Flow.Subscriber<T> {

    private final List<T> seen = new ArrayList<>();
    private final CompletableFuture<List<T>> end = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final long first;

    private Collector(long first) {
      this.first = first;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.complete(given);
      if (first > 0) {
        given.request(first);
      }
    }

    @Override
    public synchronized void onNext(T element) {
      seen.add(element);
    }

    @Override
    public void onError(Throwable e) {
      end.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
      end.complete(seen);
    }

    private synchronized int size() {
      return seen.size();
    }
  }

  private static <T> List<T> all(Flow.Publisher<T> publisher) throws Exception {
    Collector<T> collector = new Collector<>(Long.MAX_VALUE);
    publisher.subscribe(collector);
    return collector.end.get(20, TimeUnit.SECONDS);
  }

  private <T> Flow.Publisher<T> of(List<T> elements) {
    calls.incrementAndGet();
    return subscriber -> {
      SubmissionPublisher<T> publisher = new SubmissionPublisher<>(Runnable::run, 256);
      publisher.subscribe(subscriber);
      elements.forEach(publisher::submit);
      publisher.close();
    };
  }

  @ParameterizedTest
  @EnumSource
  void aTextIsReplayedInItsPieces(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      List<String> pieces = List.of("Be", "", "cause ", "\uD83D", "\uDE00");
      assertThat(all(cache.streamText(request, () -> of(pieces)))).isEqualTo(pieces);
      assertThat(all(cache.streamText(request, () -> of(pieces)))).isEqualTo(pieces);
      assertThat(calls).hasValue(1);
      assertThat(cache.get(request).orElseThrow().value()).isEqualTo("Because \uD83D\uDE00");
      AiRequest whole = AiRequest.of("qa", "whole");
      cache.put(whole, AiAnswer.of("all at once"));
      assertThat(all(cache.streamText(whole, () -> of(pieces)))).containsExactly("all at once");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theEndTellsWhatItTook(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      List<AiChunk<Integer>> pieces =
          List.of(AiChunk.of(1), AiChunk.of(2), AiChunk.end(FinishReason.STOP, new AiUsage(10, 2)));
      List<AiChunk<Integer>> live = all(cache.stream(request, Integer.class, () -> of(pieces)));
      assertThat(live).isEqualTo(pieces);
      List<AiChunk<Integer>> again = all(cache.stream(request, Integer.class, () -> of(pieces)));
      assertThat(again).extracting(AiChunk::value).containsExactly(1, 2, null);
      assertThat(again).allMatch(AiChunk::replayed);
      assertThat(again.get(2).end().finish()).isEqualTo(FinishReason.STOP);
      assertThat(again.get(2).end().usage()).isEqualTo(AiUsage.NONE);
      assertThat(cache.stats().operations().get("qa").total().savedTokens()).isEqualTo(12);
    }
  }

  @Test
  void whatEndsBadlyIsNotStored() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AiCache cache = caches.cache();
      all(cache.stream(
          request,
          String.class,
          () -> of(List.of(AiChunk.of("cut"), AiChunk.end(FinishReason.LENGTH, AiUsage.NONE)))));
      assertThat(cache.get(request)).isEmpty();
      IllegalStateException failure = new IllegalStateException("broken");
      SubmissionPublisher<String> broken = new SubmissionPublisher<>(Runnable::run, 16);
      Collector<String> collector = new Collector<>(Long.MAX_VALUE);
      cache
          .streamText(request, () -> subscriber -> {
            broken.subscribe(subscriber);
            broken.submit("half");
            broken.closeExceptionally(failure);
          })
          .subscribe(collector);
      assertThat(collector.end)
          .failsWithin(20, TimeUnit.SECONDS)
          .withThrowableOfType(java.util.concurrent.ExecutionException.class)
          .havingCause()
          .isSameAs(failure);
      assertThat(collector.seen).containsExactly("half");
      assertThat(cache.get(request)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void backpressureIsHonouredLiveAndReplayed(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      for (int round = 0; round < 2; round++) {
        Collector<String> collector = new Collector<>(0);
        cache.streamText(request, () -> of(List.of("a", "b", "c"))).subscribe(collector);
        Flow.Subscription subscription = collector.subscription.get(20, TimeUnit.SECONDS);
        for (int wanted = 1; wanted <= 3; wanted++) {
          subscription.request(1);
          while (collector.size() < wanted) {
            Thread.onSpinWait();
          }
          assertThat(collector.size()).isEqualTo(wanted);
        }
        assertThat(collector.end.get(20, TimeUnit.SECONDS)).containsExactly("a", "b", "c");
      }
      assertThat(calls).hasValue(1);
    }
  }

  @Test
  void aCancelledStreamIsCancelledAtItsSourceAndNotStored() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache cache = caches.cache();
      SubmissionPublisher<String> source = new SubmissionPublisher<>(Runnable::run, 16);
      Collector<String> collector = new Collector<>(Long.MAX_VALUE);
      cache.streamText(request, () -> source).subscribe(collector);
      while (source.getNumberOfSubscribers() == 0) {
        Thread.onSpinWait();
      }
      source.submit("a");
      collector.subscription.get().cancel();
      while (source.getNumberOfSubscribers() > 0) {
        source.offer("b", null);
      }
      assertThat(all(cache.streamText(request, () -> of(List.of("new"))))).containsExactly("new");
    }
  }

  @ParameterizedTest
  @EnumSource
  void concurrentSubscribersShareOneStream(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      AiCache there = place.isShared() ? caches.peer().cache() : cache;
      SubmissionPublisher<String> source = new SubmissionPublisher<>(Runnable::run, 16);
      List<Collector<String>> collectors = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Collector<String> collector = new Collector<>(Long.MAX_VALUE);
        collectors.add(collector);
        (i % 2 == 0 ? cache : there)
            .streamText(request, () -> {
              calls.incrementAndGet();
              return source;
            })
            .subscribe(collector);
      }
      while (source.getNumberOfSubscribers() == 0) {
        Thread.onSpinWait();
      }
      source.submit("x");
      source.submit("y");
      source.close();
      for (Collector<String> collector : collectors) {
        assertThat(collector.end.get(20, TimeUnit.SECONDS)).containsExactly("x", "y");
      }
      assertThat(calls).hasValue(1);
    }
  }
}
