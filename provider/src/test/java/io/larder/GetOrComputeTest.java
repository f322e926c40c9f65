package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One computation per key, in one process and in two that share. */
final class GetOrComputeTest {

  private static RedisServer redis;
  private static ExecutorService threads;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    threads = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void stop() {
    threads.shutdownNow();
    redis.close();
  }

  /** How others get in the way of a computation. */
  enum Interference {
    PUT,
    REMOVE,
    CLEAR,
    REMOVE_ALL_KEYS,
    REMOVE_MATCHING;

    void on(LarderCache<String, String> cache) {
      switch (this) {
        case PUT -> cache.put("k", "other");
        case REMOVE -> cache.remove("k");
        case CLEAR -> cache.clear();
        case REMOVE_ALL_KEYS -> cache.removeAll(Set.of("k"));
        case REMOVE_MATCHING -> cache.removeMatching("k*");
      }
    }
  }

  /** A function that says when it is called and goes on when it is told. */
  private static final class Slow implements Function<String, String> {

    final AtomicInteger calls = new AtomicInteger();
    final CountDownLatch called = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    private final Function<String, String> answer;

    Slow(Function<String, String> answer) {
      this.answer = answer;
    }

    @Override
    public String apply(String key) {
      int call = calls.incrementAndGet();
      called.countDown();
      try {
        assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
      return answer.apply(key + call);
    }
  }

  private static LarderCache<String, String> cache(TestCaches caches) {
    return caches.cache(caches.configuration(String.class, String.class));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void computesOnceAndStores(Mode mode) throws Exception {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = cache(caches);
      Slow slow = new Slow(key -> "v " + key);
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(threads.submit(() -> cache.getOrCompute("k", slow)));
      }
      slow.called.await();
      ExtensionsTest.await(() -> cache.stats().misses() == 20);
      assertThat(cache.containsKey("k")).isFalse();
      slow.go.countDown();
      for (Future<String> one : all) {
        assertThat(one.get()).isEqualTo("v k1");
      }
      assertThat(cache.getOrCompute("k", slow)).isEqualTo("v k1");
      assertThat(cache.get("k")).isEqualTo("v k1");
      assertThat(slow.calls).hasValue(1);
      assertThat(cache.stats().misses()).isEqualTo(20);
      assertThat(cache.stats().hits()).isEqualTo(2);
      assertThat(cache.stats().puts()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void processesShareOneComputation(Mode mode) throws Exception {
    try (TestCaches one = TestCaches.in(mode, redis);
        TestCaches two = one.peer()) {
      LarderCache<String, String> cache = cache(one);
      LarderCache<String, String> other = cache(two);
      Slow slow = new Slow(key -> "v " + key);
      Future<String> holder = threads.submit(() -> cache.getOrCompute("k", slow));
      slow.called.await();
      List<Future<String>> waiting = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        waiting.add(threads.submit(() -> other.getOrCompute("k", slow)));
      }
      ExtensionsTest.await(() -> other.stats().misses() == 5);
      neighboursChange(cache);
      slow.go.countDown();
      assertThat(holder.get()).isEqualTo("v k1");
      for (Future<String> waiter : waiting) {
        assertThat(waiter.get()).isEqualTo("v k1");
      }
      assertThat(slow.calls).hasValue(1);
    }
  }

  private static void neighboursChange(LarderCache<String, String> cache) {
    for (int i = 0; i < 200; i++) {
      cache.put("neighbour" + i, "v");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void otherProcessTakesOverFromOneThatFailed(Mode mode) throws Exception {
    try (TestCaches one = TestCaches.in(mode, redis);
        TestCaches two = one.peer()) {
      LarderCache<String, String> cache = cache(one);
      LarderCache<String, String> other = cache(two);
      RuntimeException failure = new IllegalStateException("no answer");
      Slow failing = new Slow(key -> {
        throw failure;
      });
      Future<String> holder = threads.submit(() -> cache.getOrCompute("k", failing));
      failing.called.await();
      AtomicInteger calls = new AtomicInteger();
      Future<String> waiter =
          threads.submit(() -> other.getOrCompute("k", key -> "second " + calls.incrementAndGet()));
      ExtensionsTest.await(() -> other.stats().misses() == 1);
      failing.go.countDown();
      assertThatThrownBy(holder::get).hasCause(failure);
      assertThat(waiter.get()).isEqualTo("second 1");
      assertThat(cache.get("k")).isEqualTo("second 1");
      assertThat(failing.calls).hasValue(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void exceptionReachesAllWhoWaitAsItIsAndIsNotStored(Mode mode) throws Exception {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = cache(caches);
      cache.put("k", "v");
      cache.remove("k");
      if (mode == Mode.NEAR) {
        awaitNewsOfAllSoFar(cache);
      }
      RuntimeException failure = new IllegalStateException("no answer");
      Slow failing = new Slow(key -> {
        throw failure;
      });
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        all.add(threads.submit(() -> cache.getOrCompute("k", failing)));
      }
      failing.called.await();
      ExtensionsTest.await(() -> waitingIn(Computation.class) == 4);
      failing.go.countDown();
      for (Future<String> one : all) {
        assertThatThrownBy(one::get).isInstanceOf(ExecutionException.class).hasCause(failure);
      }
      assertThat(failing.calls.get()).isEqualTo(1);
      assertThat(cache.getOrCompute("k", key -> "now")).isEqualTo("now");
    }
  }

  /** News of a key that comes later would have those who ask then go on alone. */
  private static void awaitNewsOfAllSoFar(LarderCache<String, String> cache) {
    cache.put("last", "v");
    ExtensionsTest.await(() -> {
      long before = cache.stats().tiers().get(0).hits();
      cache.get("last");
      return cache.stats().tiers().get(0).hits() > before;
    });
  }

  /** How many threads wait within methods of that class. */
  static long waitingIn(Class<?> place) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING)
            .contains(thread.getKey().getState()))
        .filter(thread -> Stream.of(thread.getValue())
            .anyMatch(frame -> frame.getClassName().equals(place.getName())))
        .count();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void nullIsAnsweredAndNotStored(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = cache(caches);
      assertThat(cache.getOrCompute("k", key -> null)).isNull();
      assertThat(cache.containsKey("k")).isFalse();
      assertThat(cache.getOrCompute("k", key -> "v")).isEqualTo("v");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void optionsAreFollowed(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = cache(caches);
      ComputeOptions<String> options = ComputeOptions.<String>standard()
          .withTimeToLive(Duration.ofMinutes(1))
          .storingIf(value -> !value.equals("truncated"));
      assertThat(cache.getOrCompute("k", key -> "truncated", options)).isEqualTo("truncated");
      assertThat(cache.containsKey("k")).isFalse();
      assertThat(cache.getOrCompute("k", key -> "v", options)).isEqualTo("v");
      assertThat(cache.timeToLive("k").orElseThrow()).isLessThanOrEqualTo(Duration.ofMinutes(1));
      assertThatThrownBy(() -> options.withMaximumWait(Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("maximumWait is PT0S but must be positive");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whoHasWaitedEnoughComputesAlone(Mode mode) throws Exception {
    try (TestCaches one = TestCaches.in(mode, redis);
        TestCaches two = mode.isShared() ? one.peer() : TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = cache(one);
      Slow slow = new Slow(key -> "slow");
      Future<String> holder = threads.submit(() -> cache.getOrCompute("k", slow));
      slow.called.await();
      ComputeOptions<String> impatient =
          ComputeOptions.<String>standard().withMaximumWait(Duration.ofMillis(80));
      assertThat(cache.getOrCompute("k", key -> "own", impatient)).isEqualTo("own");
      if (mode.isShared()) {
        assertThat(cache(two).getOrCompute("k", key -> "own", impatient)).isEqualTo("own");
      }
      assertThat(cache.containsKey("k")).isFalse();
      slow.go.countDown();
      assertThat(holder.get()).isEqualTo("slow");
      assertThat(cache.get("k")).isEqualTo("slow");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whatChangedMeanwhileIsNotOverwritten(Mode mode) throws Exception {
    for (Interference interference : Interference.values()) {
      try (TestCaches one = TestCaches.in(mode, redis);
          TestCaches two = mode.isShared() ? one.peer() : null) {
        LarderCache<String, String> cache = cache(one);
        LarderCache<String, String> changer = two == null ? cache : cache(two);
        Slow slow = new Slow(key -> "stale");
        Future<String> holder = threads.submit(() -> cache.getOrCompute("k", slow));
        slow.called.await();

        interference.on(changer);

        if (interference != Interference.PUT) {
          assertThat(changer.getOrCompute("k", key -> "fresh")).isEqualTo("fresh");
        }
        slow.go.countDown();
        assertThat(holder.get()).isEqualTo("stale");
        String there = interference == Interference.PUT ? "other" : "fresh";
        assertThat(changer.get("k")).as("%s", interference).isEqualTo(there);
        assertThat(cache.get("k")).as("%s", interference).isEqualTo(there);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void functionMayAskForOtherKeysButNotForItsOwn(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = cache(caches);
      assertThat(cache.getOrCompute(
              "k", key -> cache.getOrCompute("other", other -> "inner") + " outer"))
          .isEqualTo("inner outer");
      assertThatThrownBy(() -> cache.getOrCompute("x", key -> cache.getOrCompute(key, k -> "v")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("cache: a function asked");
      assertThat(cache.getOrCompute("x", key -> "v")).isEqualTo("v");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void interruptedWaiterIsToldAndInterruptedHolderIsReplaced(Mode mode) throws Exception {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = cache(caches);
      Slow slow = new Slow(key -> "never");
      Future<String> holder = threads.submit(() -> cache.getOrCompute("k", slow));
      slow.called.await();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> cache.getOrCompute("k", key -> "mine"))
          .isInstanceOf(CacheException.class);
      assertThat(Thread.interrupted()).isTrue();
      Future<String> waiter = threads.submit(() -> cache.getOrCompute("k", key -> "mine"));
      ExtensionsTest.await(() -> cache.stats().misses() >= 2);
      TimeUnit.MILLISECONDS.sleep(50); // from the miss to the wait
      holder.cancel(true);
      assertThat(waiter.get()).isEqualTo("mine");
    }
  }

  @Test
  void withoutRedisEachProcessComputesForItself() {
    Properties settings = new Properties();
    settings.setProperty("operation_timeout_ms", "300");
    try (RedisServer own = RedisServer.startOwn();
        TestCaches caches = TestCaches.in(Mode.NEAR, own, settings)) {
      LarderCache<String, String> cache = cache(caches);
      cache.put("k0", "v");
      own.kill();
      for (int i = 1; i < 4; i++) {
        String value = "computed " + i;
        assertThat(cache.getOrCompute("k" + i, key -> value)).isEqualTo(value);
      }
      RuntimeException failure = new IllegalStateException("the model's own");
      assertThatThrownBy(() -> cache.getOrCompute("k", key -> {
            throw failure;
          }))
          .isSameAs(failure);
    }
  }

  @Test
  void redisThatDiesDuringTheComputationCostsTheStoringOnly() throws Exception {
    Properties settings = new Properties();
    settings.setProperty("operation_timeout_ms", "300");
    try (RedisServer own = RedisServer.startOwn();
        TestCaches caches = TestCaches.in(Mode.REDIS, own, settings)) {
      LarderCache<String, String> cache = cache(caches);
      Slow slow = new Slow(key -> "v");
      Future<String> holder = threads.submit(() -> cache.getOrCompute("k", slow));
      slow.called.await();
      own.kill();
      slow.go.countDown();
      assertThat(holder.get()).isEqualTo("v");
      assertThat(slow.calls).hasValue(1);
    }
  }
}
