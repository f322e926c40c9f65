package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import io.larder.testing.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The lease under which one process asks the model, when it ends too early and when it is late. */
final class LeaseTest {

  private static final Duration LEASE_TIME = Duration.ofSeconds(5);
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

  /** A call to a model that answers when it is let. */
  private final class Held {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final CompletableFuture<String> answer;

    private Held(AiCache cache) {
      answer = AiCaches.started(() -> cache
          .getOrCompute(request, () -> {
            int number = calls.incrementAndGet();
            asked.countDown();
            quietly(go);
            return AiAnswer.of("answer " + number);
          })
          .value());
    }

    private void awaitAsked() throws InterruptedException {
      assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
    }

    private String end() throws Exception {
      go.countDown();
      return answer.get(1, TimeUnit.MINUTES);
    }
  }

  private static void quietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AiCache cache(AiCaches caches) {
    return caches.cache(builder -> builder.leaseTime(LEASE_TIME));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 6000 && !condition.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(10); // until the condition holds
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void aLeaseThatRedisLostIsMadeAgainWhileItsHolderIsAtWork() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis);
        AiCaches others = caches.peer()) {
      AiCache here = cache(caches);
      Held mine = new Held(here);
      mine.awaitAsked();
      Cache<String, String> leases = caches.manager().getCache("ai-leases");
      String key = here.keyOf(request);
      assertThat(leases.remove(key)).isTrue();
      await(() -> leases.containsKey(key));
      Held theirs = new Held(cache(others));
      assertThat(mine.end()).isEqualTo("answer 1");
      assertThat(theirs.end()).isEqualTo("answer 1");
      assertThat(calls).hasValue(1);
      await(() -> !leases.containsKey(key));
    }
  }

  @Test
  void whoIsCutOffForLongerThanItsLeaseLosesItToAnotherAndTakesNothingAway() throws Exception {
    try (TcpProxy link = TcpProxy.to(redis)) {
      Properties linked = new Properties();
      linked.setProperty("redis_url", link.url());
      linked.setProperty("connection_timeout", "30");
      try (AiCaches cutOff = AiCaches.in(Place.REDIS, redis, linked)) {
        Properties direct = new Properties();
        direct.setProperty("namespace", cutOff.namespace());
        try (AiCaches others = AiCaches.in(Place.REDIS, redis, direct)) {
          Held first = new Held(cache(cutOff));
          first.awaitAsked();
          link.cut();
          AiCache there = cache(others);
          Held second = new Held(there);
          second.awaitAsked();
          link.mend();
          assertThat(first.end()).isEqualTo("answer 1");
          Cache<String, String> leases = others.manager().getCache("ai-leases");
          assertThat(leases.containsKey(there.keyOf(request))).isTrue();
          assertThat(second.end()).isEqualTo("answer 2");
          assertThat(calls).hasValue(2);
        }
      }
    }
  }

  /** Each is a trip to Redis: one after the other, those of thousands of calls would come late. */
  @Test
  void renewalsAreMadeManyAtATime() throws Exception {
    CountDownLatch renewing = new CountDownLatch(16);
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis);
        AiCache cache = AiCache.builder(Watched.of(caches.manager(), (name, method) -> {
              if (name.equals("ai-leases") && method.equals("replace")) {
                renewing.countDown();
                quietly(renewing);
              }
            }))
            .leaseTime(LEASE_TIME)
            .build()) {
      CompletableFuture<AiAnswer<String>> model = new CompletableFuture<>();
      List<CompletionStage<AiResult<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        AiRequest one = AiRequest.of("qa", "question " + i);
        answers.add(cache.async().getOrCompute(one, String.class, () -> model));
      }
      assertThat(renewing.await(1, TimeUnit.MINUTES)).isTrue();
      model.complete(AiAnswer.of("yes"));
      for (CompletionStage<AiResult<String>> answer : answers) {
        assertThat(answer.toCompletableFuture().get(1, TimeUnit.MINUTES).value())
            .isEqualTo("yes");
      }
    }
  }
}
