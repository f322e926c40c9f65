package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.FallbackKind;
import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@code getOrCompute} answers while Redis is away, with each fallback: its line in the table
 * of docs/consistency.md. It never throws because of Redis, and waits for nobody but its own
 * process.
 */
final class DegradedComputationsTest {

  private static final long TIMEOUT_MILLIS = 20_000;

  private static final Map<FallbackKind, TestCaches> MANAGERS = new EnumMap<>(FallbackKind.class);

  private static RedisServer redis;

  private final AtomicInteger calls = new AtomicInteger();

  @BeforeAll
  static void beginWithoutRedis() {
    redis = RedisServer.startOwn();
    redis.kill();
    for (FallbackKind kind : FallbackKind.values()) {
      String fallback = kind.name().toLowerCase(Locale.ROOT);
      MANAGERS.put(
          kind, TestCaches.in(Mode.NEAR, redis, Outages.settings(fallback, TIMEOUT_MILLIS)));
    }
  }

  @AfterAll
  static void end() {
    MANAGERS.values().forEach(TestCaches::close);
    redis.close();
  }

  private static LarderCache<String, String> cache(FallbackKind kind, String name) {
    TestCaches caches = MANAGERS.get(kind);
    return caches.cache(name, caches.configuration(String.class, String.class));
  }

  private static long journalled(FallbackKind kind) {
    return Outages.watch(MANAGERS.get(kind)).status().journalledKeys();
  }

  private Function<String, String> counting(String answer) {
    return key -> {
      calls.incrementAndGet();
      return answer;
    };
  }

  @ParameterizedTest
  @EnumSource
  void isComputedWithoutWaitingAndKeptInMemoryOnly(FallbackKind kind) {
    LarderCache<String, String> cache = cache(kind, "kept");
    long before = journalled(kind);
    long start = System.nanoTime();
    assertThat(cache.getOrCompute("k", counting("1"))).isEqualTo("1");
    assertThat(calls).hasValue(1);
    String second = cache.getOrCompute("k", counting("2"));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertThat(millis).isLessThan(TIMEOUT_MILLIS / 2);
    if (kind == FallbackKind.MEMORY) {
      assertThat(second).isEqualTo("1");
      assertThat(calls).hasValue(1);
      assertThat(cache.get("k")).isEqualTo("1");
    } else {
      assertThat(second).isEqualTo("2");
      assertThat(calls).hasValue(2);
    }
    assertThat(journalled(kind) - before).isEqualTo(kind == FallbackKind.FAIL ? 0 : 1);
  }

  @ParameterizedTest
  @EnumSource(names = "FAIL", mode = EnumSource.Mode.EXCLUDE)
  void whatWasWrittenSinceIsAnswered(FallbackKind kind) {
    LarderCache<String, String> cache = cache(kind, "written");
    cache.put("k", "written");
    boolean kept = kind == FallbackKind.MEMORY;
    assertThat(cache.getOrCompute("k", counting("computed")))
        .isEqualTo(kept ? "written" : "computed");
    assertThat(calls).hasValue(kept ? 0 : 1);
  }

  @ParameterizedTest
  @EnumSource
  void callersAtTheSameTimeShareOneComputation(FallbackKind kind) throws Exception {
    LarderCache<String, String> cache = cache(kind, "shared");
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    AtomicReferenceArray<String> answers = new AtomicReferenceArray<>(4);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < answers.length(); i++) {
      int caller = i;
      Thread thread = new Thread(() -> answers.set(caller, cache.getOrCompute("k", key -> {
        calls.incrementAndGet();
        computing.countDown();
        awaitQuietly(end);
        return "computed by " + caller;
      })));
      threads.add(thread);
      thread.start();
      awaitQuietly(computing);
    }
    for (Thread thread : threads) {
      Outages.await(() -> isWaiting(thread), "all wait for the one that computes");
    }
    end.countDown();
    for (int i = 0; i < answers.length(); i++) {
      threads.get(i).join();
      assertThat(answers.get(i)).isEqualTo("computed by 0");
    }
    assertThat(calls).hasValue(1);
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailureOfTheFunctionIsItsOwnAndNothingIsAnsweredOfNull(FallbackKind kind) {
    LarderCache<String, String> cache = cache(kind, "failing");
    IllegalStateException own = new IllegalStateException("of the function");
    assertThatThrownBy(() -> cache.getOrCompute("k", key -> {
          calls.incrementAndGet();
          throw own;
        }))
        .isSameAs(own);
    assertThat(cache.getOrCompute("k", counting(null))).isNull();
    assertThat(cache.getOrCompute("k", counting("late"))).isEqualTo("late");
    assertThat(calls).hasValue(3);
  }
}
