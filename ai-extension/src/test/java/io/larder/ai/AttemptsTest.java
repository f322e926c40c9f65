package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.Attempts.Attempt;
import io.larder.testing.RedisServer;
import io.larder.testing.TcpProxy;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What calls on their way leave behind, and what happens to them, whenever something comes between.
 */
final class AttemptsTest {

  private static final Duration LONG = Duration.ofMinutes(10);
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

  private static void quietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(1, TimeUnit.MINUTES);
  }

  private CompletableFuture<String> asked(
      AiCache cache, Way way, CountDownLatch asked, CountDownLatch go) {
    return AiCaches.started(() -> {
      try {
        return way.ask(cache, request, () -> {
              int number = calls.incrementAndGet();
              asked.countDown();
              go.await();
              return AiAnswer.of("answer " + number);
            })
            .value();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void whatIsJustBeingStoredIsThereWhenItsAttemptHasBeenShut() throws Exception {
    Attempts attempts = new Attempts();
    CountDownLatch storing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicBoolean stored = new AtomicBoolean();
    Attempt attempt = attempts.begin("key");
    AiCaches.started(() -> attempt.store(() -> {
      storing.countDown();
      quietly(go);
      stored.set(true);
      return true;
    }));
    quietly(storing);
    CompletableFuture<Boolean> shut = AiCaches.started(() -> {
      attempts.shut("key"::equals);
      return stored.get();
    });
    assertThatThrownBy(() -> shut.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    go.countDown();
    assertThat(soon(shut)).isTrue();
    assertThat(attempt.store(() -> true)).isFalse();
  }

  /**
   * Its pilot had not asked when the removal came, so that what it asks for then is as good as new.
   */
  @ParameterizedTest
  @EnumSource
  void aCallThatBeginsAfterARemovalIsJoinedAndStored(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      AiCache there = caches.peer().cache();
      AiCache here = caches.cache();
      CountDownLatch first = new CountDownLatch(1);
      CountDownLatch fail = new CountDownLatch(1);
      AiCaches.started(() -> there.getOrCompute(request, () -> {
        first.countDown();
        quietly(fail);
        throw new IllegalStateException("no model there");
      }));
      quietly(first);
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      CompletableFuture<String> pilot = asked(here, way, asked, go);
      awaitMisses(here, 1);
      here.remove(request);
      fail.countDown();
      quietly(asked);
      CompletableFuture<String> second = asked(here, way, asked, go);
      awaitMisses(here, 2);
      go.countDown();
      assertThat(soon(pilot)).isEqualTo("answer 1");
      assertThat(soon(second)).isEqualTo("answer 1");
      assertThat(here.get(request).orElseThrow().value()).isEqualTo("answer 1");
      assertThat(calls).hasValue(1);
    }
  }

  private static void awaitMisses(AiCache cache, int count) throws InterruptedException {
    while (cache.stats("qa").total().misses() < count) {
      Thread.onSpinWait();
    }
    AiCaches.awaitAllWait();
  }

  /** The clock is read when a call begins, which is where the subscriber goes. */
  @Test
  void aStreamThatIsCancelledWhileItBeginsLeavesNothingAndAsksForNothing() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
      CompletableFuture<Void> cancelled = new CompletableFuture<>();
      // a lease that is never given back stays for longer than this looks
      AiCache cache = caches.cache(builder -> builder.leaseTime(LONG).clock(() -> {
        subscription.join().cancel();
        cancelled.complete(null);
        return InstantSource.system().instant();
      }));
      cache
          .streamText(request, () -> {
            calls.incrementAndGet();
            return new SubmissionPublisher<>();
          })
          .subscribe(new Subscriber(subscription));
      soon(cancelled);
      AiCaches.awaitAllWait(); // until the call has begun to the end
      Cache<String, String> leases = caches.manager().getCache("ai-leases");
      for (int i = 0;
          i < 6000 && (!underway(cache).isEmpty() || leases.iterator().hasNext());
          i++) {
        TimeUnit.MILLISECONDS.sleep(10); // until all is over
      }
      assertThat(underway(cache)).isEmpty();
      assertThat(calls).hasValue(0);
      assertThat(leases.iterator()).isExhausted();
    }
  }

  /** The keys of the calls on their way. */
  private static List<String> underway(AiCache cache) throws ReflectiveOperationException {
    Field field = AiCache.class.getDeclaredField("answers");
    field.setAccessible(true);
    List<String> keys = new CopyOnWriteArrayList<>();
    ((Answers) field.get(cache)).attempts().shut(key -> {
      keys.add(key);
      return false;
    });
    return keys;
  }

  @Test
  void aStreamThatFailsIsNotHeldUpByRedis() throws Exception {
    try (TcpProxy link = TcpProxy.to(redis)) {
      Properties linked = new Properties();
      linked.setProperty("redis_url", link.url());
      linked.setProperty("operation_timeout_ms", "20000");
      try (AiCaches caches = AiCaches.in(Place.REDIS, redis, linked)) {
        AiCache cache = caches.cache();
        SubmissionPublisher<String> model = new SubmissionPublisher<>(Runnable::run, 16);
        cache.streamText(request, () -> model).subscribe(new Subscriber(new CompletableFuture<>()));
        while (!model.hasSubscribers()) {
          Thread.onSpinWait();
        }
        link.cut();
        CompletableFuture<Void> failing = AiCaches.started(() -> {
          model.closeExceptionally(new IllegalStateException("no model"));
          return null;
        });
        try {
          assertThat(failing).succeedsWithin(Duration.ofSeconds(10));
        } finally {
          link.mend();
        }
      }
    }
  }

  private record Subscriber(CompletableFuture<Flow.Subscription> subscription)
      implements Flow.Subscriber<String> {

    @Override
    public void onSubscribe(Flow.Subscription given) {
      given.request(Long.MAX_VALUE);
      subscription.complete(given);
    }

    @Override
    public void onNext(String piece) {}

    @Override
    public void onError(Throwable e) {}

    @Override
    public void onComplete() {}
  }

  /** The second look for the answer fails in a way that nobody reckons with. */
  @ParameterizedTest
  @EnumSource
  void anErrorInALookForTheAnswerGivesTheLeaseBack(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      AtomicInteger looks = new AtomicInteger(Integer.MIN_VALUE);
      AiCache cache = caches.cache(builder -> builder.clock(() -> {
        if (looks.incrementAndGet() == 2) {
          throw new AssertionError("a faulty clock");
        }
        return InstantSource.system().instant().plusSeconds(looks.get() > 0 ? 60 : 0);
      }));
      cache.put(request, AiAnswer.of("too old"));
      AiRequest young = request.with(AiControl.usual().withMaxAge(Duration.ofSeconds(1)));
      looks.set(0);
      assertThatThrownBy(() -> way.ask(cache, young, () -> AiAnswer.of("never")))
          .isInstanceOfAny(AssertionError.class, java.util.concurrent.ExecutionException.class)
          .hasStackTraceContaining("a faulty clock");
      assertThat(caches.manager().getCache("ai-leases").iterator()).isExhausted();
      assertThat(underway(cache)).isEmpty();
      assertThat(way.ask(cache, young, () -> AiAnswer.of("young")).value()).isEqualTo("young");
    }
  }
}
