package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.LarderCacheManager;
import io.larder.ai.AiResult.Source;
import io.larder.stats.RedisStatus.Connection;
import io.larder.testing.RedisServer;
import io.larder.testing.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What happens to callers while Redis is away: they get their answers from the model, soon, one
 * call for all of a process, and nothing of it is an error. Afterwards answers are shared again.
 */
final class OutageTest {

  private static final int CALLERS = 8;

  /** Far more than the few times that a call waits for the operation timeout. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final RedisServer redis = RedisServer.startOwn();
  private final TcpProxy link = TcpProxy.to(redis);
  private final List<Thread> callers = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = SingleFlightTest.threads(CALLERS, callers);
  private final AtomicInteger calls = new AtomicInteger();

  /** How Redis is away. */
  enum Fault {
    KILLED {
      @Override
      void begin(OutageTest test) {
        test.redis.kill();
      }

      @Override
      void end(OutageTest test) {
        test.redis.startAgain();
      }
    },
    PAUSED {
      @Override
      void begin(OutageTest test) {
        test.redis.pause();
      }

      @Override
      void end(OutageTest test) {
        test.redis.resume();
      }
    },
    SLOWER_THAN_THE_TIMEOUT {
      @Override
      void begin(OutageTest test) {
        test.link.slow(2000);
      }

      @Override
      void end(OutageTest test) {
        test.link.mend();
      }
    },
    NO_REPLIES {
      @Override
      void begin(OutageTest test) {
        test.link.cutReplies();
      }

      @Override
      void end(OutageTest test) {
        test.link.mend();
      }
    };

    abstract void begin(OutageTest test);

    abstract void end(OutageTest test);
  }

  @BeforeEach
  void knowTheFault() {
    assertThat(redis.own()).isTrue();
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    link.close();
    if (!redis.runs()) {
      redis.resume();
    }
    redis.close();
  }

  private AiCaches caches(String fallback) {
    Properties settings = new Properties();
    settings.setProperty("redis_url", link.url());
    settings.setProperty("fallback", fallback);
    settings.setProperty("operation_timeout_ms", "1000");
    settings.setProperty("connection_timeout", "30");
    return AiCaches.in(Place.NEAR, redis, settings);
  }

  private AiAnswer<String> model() throws InterruptedException {
    int number = calls.incrementAndGet();
    TimeUnit.MILLISECONDS.sleep(50); // a model at work
    return AiAnswer.of("answer " + number);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(5); // until the condition holds
    }
  }

  private static void awaitBack(AiCaches caches) throws InterruptedException {
    var watch = caches.manager().unwrap(LarderCacheManager.class).redisWatch().orElseThrow();
    await(() -> watch.status().connection() == Connection.CONNECTED);
  }

  private static <T> T soon(Callable<T> call) throws Exception {
    long start = System.nanoTime();
    T result = call.call();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    return result;
  }

  @ParameterizedTest
  @CsvSource({
    "KILLED, memory, PLAIN",
    "KILLED, none, ASYNC",
    "KILLED, fail, STREAM",
    "PAUSED, memory, ASYNC",
    "PAUSED, none, STREAM",
    "PAUSED, fail, PLAIN",
    "SLOWER_THAN_THE_TIMEOUT, memory, STREAM",
    "SLOWER_THAN_THE_TIMEOUT, none, PLAIN",
    "NO_REPLIES, fail, ASYNC"
  })
  void callersAreServedAndShareAgainAfterwards(Fault fault, String fallback, Way way)
      throws Exception {
    try (AiCaches caches = caches(fallback);
        AiCaches others = caches.peer()) {
      AiCache here = caches.cache();
      AiCache there = others.cache();
      remembered(here, way, "before");
      remembered(there, way, "before");
      fault.begin(this);
      oneCallForAllWhoAsk(here, way);
      failuresPassOnce(here, way);
      AiRequest cutOff = AiRequest.of("qa", "cut off");
      assertThat(soon(() -> way.ask(here, cutOff, this::truncated)).value()).isEqualTo("trunc");
      if (fallback.equals("memory")) {
        remembered(here, way, "again");
      }
      fault.end(this);
      awaitBack(caches);
      awaitBack(others);
      assertThat(here.get(cutOff)).isEmpty();
      assertThat(there.get(cutOff)).isEmpty();
      if (fault != Fault.KILLED) {
        keptInRedis(here);
        keptInRedis(there);
      }
      sharedAgain(here, there, way);
    }
  }

  @ParameterizedTest
  @CsvSource({"memory", "none"})
  void whatIsInvalidatedMeanwhileIsInvalidForAllAfterwards(String fallback) throws Exception {
    try (AiCaches caches = caches(fallback);
        AiCaches others = caches.peer()) {
      AiCache here = caches.cache();
      AiCache there = others.cache();
      remembered(here, Way.PLAIN, "by operation");
      remembered(there, Way.PLAIN, "by operation");
      AiRequest tagged = AiRequest.builder("summarize").text("by tag").tags("t").build();
      await(() -> here.getOrCompute(tagged, () -> AiAnswer.of("old")).isHit());
      Fault.NO_REPLIES.begin(this);
      here.invalidateByTag("t");
      here.invalidateByOperation("qa");
      assertThat(here.get(tagged)).isEmpty();
      assertThat(here.get(AiRequest.of("qa", "by operation"))).isEmpty();
      Fault.NO_REPLIES.end(this);
      awaitBack(caches);
      awaitBack(others);
      for (AiCache cache : List.of(here, there)) {
        await(() -> cache.get(tagged).isEmpty());
        await(() -> cache.get(AiRequest.of("qa", "by operation")).isEmpty());
      }
      assertThat(here.get(tagged)).isEmpty();
    }
  }

  private AiAnswer<String> truncated() {
    return AiAnswer.of("trunc").withFinish(FinishReason.LENGTH);
  }

  private void oneCallForAllWhoAsk(AiCache cache, Way way) throws Exception {
    calls.set(10);
    AiRequest request = AiRequest.of("qa", "meanwhile");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<Future<String>> results = new ArrayList<>();
    long misses = cache.stats("qa").total().misses();
    for (int i = 0; i < CALLERS; i++) {
      results.add(threads.submit(() -> soon(() -> way.ask(cache, request, () -> {
            inside.countDown();
            assertThat(go.await(1, TimeUnit.MINUTES)).isTrue();
            return model();
          })
          .value())));
    }
    assertThat(inside.await(1, TimeUnit.MINUTES)).isTrue();
    await(() -> cache.stats("qa").total().misses() >= misses + CALLERS);
    SingleFlightTest.awaitAllWait(callers);
    go.countDown();
    for (Future<String> result : results) {
      assertThat(result.get(1, TimeUnit.MINUTES)).isEqualTo("answer 11");
    }
    assertThat(calls).hasValue(11);
  }

  private void failuresPassOnce(AiCache cache, Way way) {
    calls.set(20);
    IOException failure = new IOException("no model");
    assertThatThrownBy(() -> soon(() -> way.ask(cache, AiRequest.of("qa", "failing"), () -> {
          calls.incrementAndGet();
          throw failure;
        })))
        .isSameAs(failure);
    assertThat(calls).hasValue(21);
  }

  /** Not at once: a cold start takes longer than the timeout, and an outage has an edge. */
  private void remembered(AiCache cache, Way way, String text) throws InterruptedException {
    await(() -> {
      try {
        return way.ask(cache, AiRequest.of("qa", text), this::model).isHit();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
  }

  /** Not at once: a stall of one trip is an outage, too, and the fallback does not have it. */
  private static void keptInRedis(AiCache cache) throws InterruptedException {
    await(() -> cache.get(AiRequest.of("qa", "before")).isPresent());
  }

  /** An answer made meanwhile may be asked for once more, by whoever comes first. */
  private void sharedAgain(AiCache here, AiCache there, Way way) throws Exception {
    calls.set(30);
    for (String text : List.of("meanwhile", "before", "afterwards")) {
      AiRequest request = AiRequest.of("qa", text);
      String answer = soon(() -> way.ask(here, request, this::model)).value();
      AiResult<String> shared = soon(() -> way.ask(there, request, this::model));
      assertThat(shared.value()).as(text).isEqualTo(answer);
      // found at the second look, if the first one got no reply in time
      assertThat(shared.source()).as(text).isIn(Source.CACHE, Source.SHARED_CALL);
    }
    assertThat(calls.get()).isBetween(31, 33);
  }
}
