package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.stats.Health;
import io.larder.stats.RedisStatus.Connection;
import io.larder.store.StoreUnavailableException;
import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A master of a cluster goes while near caches are used: how long calls take, and what stays. */
final class ClusterFailoverTest {

  private static final long TIMEOUT_MILLIS = 1_000;

  /** For a busy machine, beyond the operation timeout. */
  private static final long SLACK_MILLIS = 5_000;

  /** From the failover to the last failure: the client looks for masters once a second. */
  private static final long RECOVERY_MILLIS = 3_000;

  private static final int KEYS = 200;
  private static final int THREADS = 4;

  enum Loss {
    KILLED,
    PAUSED
  }

  private final AtomicBoolean working = new AtomicBoolean(true);
  private final AtomicLong longestNanos = new AtomicLong();
  private final AtomicLong lastFailureNanos = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();

  private RedisCluster cluster;
  private TestCaches one;
  private TestCaches two;
  private ExecutorService threads;

  @BeforeEach
  void start() {
    cluster = RedisCluster.start(
        "--cluster-node-timeout", "1000", "--cluster-replica-validity-factor", "0");
    Properties settings = new Properties();
    settings.setProperty("operation_timeout_ms", String.valueOf(TIMEOUT_MILLIS));
    settings.setProperty("fallback", "fail");
    one = TestCaches.in(Mode.NEAR, cluster.asServer(), settings);
    two = one.peer();
    // A busy machine may have found Redis too slow at the start.
    Outages.await(Outages.watch(one), Connection.CONNECTED);
    Outages.await(Outages.watch(two), Connection.CONNECTED);
    threads = Executors.newFixedThreadPool(THREADS);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    one.close();
    two.close();
    cluster.close();
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void replicaTakesTheLostMastersPlace(Loss loss) throws Exception {
    List<LarderCache<Integer, String>> caches = List.of(open(one), open(two));
    List<Future<?>> load = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      LarderCache<Integer, String> cache = caches.get(i % caches.size());
      load.add(threads.submit(() -> work(cache)));
    }
    awaitASecondWithoutFailure();
    long before = failures.get();

    assertAllWell();

    RedisServer lost = cluster.masterOf("larder:{x}");
    RedisServer replica = cluster.replicaOf(lost);
    // It waits until both managers have told that something is wrong.
    replica.command("CONFIG", "SET", "cluster-replica-no-failover", "yes");
    if (loss == Loss.KILLED) {
      lost.kill();
    } else {
      lost.pause();
    }
    awaitHealth("an outage is told of", Health.Status.UNHEALTHY::equals);
    long start = System.nanoTime();
    replica.command("CONFIG", "SET", "cluster-replica-no-failover", "no");
    cluster.awaitFailedOver(lost);
    long failedOver = System.nanoTime();
    awaitASecondWithoutFailure();
    assertThat(failures.get()).isGreaterThan(before);
    assertThat((lastFailureNanos.get() - failedOver) / 1_000_000)
        .isLessThan(RECOVERY_MILLIS + SLACK_MILLIS);
    if (loss == Loss.PAUSED) {
      lost.resume();
      pass(1_500);
    }
    working.set(false);
    for (Future<?> worker : load) {
      worker.get();
    }

    System.out.printf(
        "%s: %d calls, %d failed, longest %d ms, replaced %d ms after that was allowed, last failure %d ms later%n",
        loss,
        calls.get(),
        failures.get(),
        longestNanos.get() / 1_000_000,
        (failedOver - start) / 1_000_000,
        (lastFailureNanos.get() - failedOver) / 1_000_000);
    assertThat(longestNanos.get() / 1_000_000).isLessThan(TIMEOUT_MILLIS + SLACK_MILLIS);
    assertNothingOldIsNear(caches);
    assertAllWell();
  }

  /** Redis is used, and does what it is asked, fast or not. */
  private void assertAllWell() {
    awaitHealth("nothing is wrong", health -> health != Health.Status.UNHEALTHY);
    Outages.await(Outages.watch(one), Connection.CONNECTED);
    Outages.await(Outages.watch(two), Connection.CONNECTED);
  }

  private void awaitHealth(String what, Predicate<Health.Status> expected) {
    for (TestCaches each : List.of(one, two)) {
      LarderCacheManager manager = each.manager().unwrap(LarderCacheManager.class);
      await(what, () -> expected.test(manager.health().status()));
    }
  }

  private void awaitASecondWithoutFailure() {
    await("all calls are answered", () -> {
      long failed = failures.get();
      long made = calls.get();
      pass(1_000);
      return failures.get() == failed && calls.get() > made;
    });
  }

  private static LarderCache<Integer, String> open(TestCaches caches) {
    return caches.cache(caches.configuration(Integer.class, String.class));
  }

  private void work(LarderCache<Integer, String> cache) {
    while (working.get()) {
      int key = ThreadLocalRandom.current().nextInt(KEYS);
      timed(() -> cache.get(key));
      timed(() -> cache.put(key, "v" + System.nanoTime()));
    }
  }

  private void timed(Runnable call) {
    long start = System.nanoTime();
    try {
      call.run();
    } catch (StoreUnavailableException e) {
      failures.incrementAndGet();
      lastFailureNanos.accumulateAndGet(System.nanoTime(), Math::max);
    }
    longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
    calls.incrementAndGet();
  }

  /** Everything is near, and is what is in Redis; a key whose last put failed is in neither. */
  private void assertNothingOldIsNear(List<LarderCache<Integer, String>> caches) {
    for (TestCaches each : List.of(one, two)) {
      RedisWatch watch = Outages.watch(each);
      Outages.await(() -> watch.status().journalledKeys() == 0, "the replay");
    }
    Properties settings = new Properties();
    settings.setProperty("enable_l1_cache", "false");
    settings.setProperty("operation_timeout_ms", "20000");
    int there = 0;
    try (TestCaches plain = one.peer(settings)) {
      LarderCache<Integer, String> truth = open(plain);
      for (int key = 0; key < KEYS; key++) {
        String value = truth.get(key);
        there += value == null ? 0 : 1;
        for (LarderCache<Integer, String> cache : caches) {
          assertAnswers(cache, key, value);
        }
      }
    }
    assertThat(there).isGreaterThan(KEYS / 2);
  }

  private static void assertAnswers(
      LarderCache<Integer, String> cache, int key, @Nullable String value) {
    String[] found = {null};
    await(key + " is near as " + value, () -> {
      long hits = near(cache);
      try {
        found[0] = cache.get(key);
      } catch (StoreUnavailableException e) {
        return false;
      }
      // The message of the last change may be on its way.
      return Objects.equals(found[0], value) && (value == null || near(cache) > hits);
    });
  }

  private static long near(LarderCache<?, ?> cache) {
    return cache.stats().tiers().get(0).hits();
  }

  private static void pass(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not after 40 s: " + what).isLessThan(end);
      pass(2);
    }
  }
}
