package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.stats.Health;
import io.larder.store.StoreUnavailableException;
import io.larder.testing.RedisSentinels;
import io.larder.testing.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A master that sentinels replace, while near caches are used. */
final class SentinelTest {

  private static final int KEYS = 100;
  private static final long NEVER_MILLIS = TimeUnit.HOURS.toMillis(1);

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "sesam-open"})
  void worksOnWithTheNewMaster(String password) {
    Properties settings = new Properties();
    settings.setProperty("fail_on_connection_error", "true");
    try (RedisSentinels redis = RedisSentinels.start(folder, password);
        TestCaches one = TestCaches.in(Mode.NEAR, RedisServer.at(redis.url()), settings);
        TestCaches two = one.peer()) {
      LarderCache<Integer, String> writer = open(one);
      LarderCache<Integer, String> reader = open(two);
      for (int i = 0; i < KEYS; i++) {
        writer.put(i, "before");
      }
      awaitNear(reader, "before");
      List<TestCaches> both = List.of(one, two);
      awaitHealth("nothing is wrong", both, health -> health != Health.Status.UNHEALTHY);
      RedisServer lost = redis.master();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));

      // They wait until both managers have told that something is wrong.
      redis.replaceAfter(NEVER_MILLIS);
      lost.kill();
      awaitHealth("an outage is told of", both, Health.Status.UNHEALTHY::equals);
      // A replica that has not heard of the master for ten times as long would not be taken.
      redis.replaceAfter(2_000);
      redis.awaitFailedOver(lost);

      for (int i = 0; i < KEYS; i++) {
        int key = i;
        await(key + " is written", () -> written(() -> writer.put(key, "after")));
      }
      for (LarderCache<Integer, String> cache : List.of(writer, reader)) {
        awaitNear(cache, "after");
        for (int i = 0; i < KEYS; i++) {
          assertThat(cache.get(i)).isEqualTo("after");
        }
      }
      awaitHealth("nothing is wrong", both, health -> health != Health.Status.UNHEALTHY);
      writer.clear();
      await("the clear is heard", () -> reader.get(1) == null);
    }
  }

  private static LarderCache<Integer, String> open(TestCaches caches) {
    return caches.cache(caches.configuration(Integer.class, String.class));
  }

  private static void awaitHealth(
      String what, List<TestCaches> all, Predicate<Health.Status> expected) {
    for (TestCaches each : all) {
      LarderCacheManager manager = each.manager().unwrap(LarderCacheManager.class);
      await(what, () -> expected.test(manager.health().status()));
    }
  }

  private static boolean written(Runnable write) {
    try {
      write.run();
      return true;
    } catch (StoreUnavailableException e) {
      return false;
    }
  }

  /** Each process follows to the new master by itself, and its calls fail until then. */
  private static void awaitNear(LarderCache<Integer, String> cache, String value) {
    for (int i = 0; i < KEYS; i++) {
      int key = i;
      await(key + " is near as " + value, () -> {
        long hits = cache.stats().tiers().get(0).hits();
        try {
          return value.equals(cache.get(key)) && cache.stats().tiers().get(0).hits() > hits;
        } catch (StoreUnavailableException e) {
          return false;
        }
      });
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not after 60 s: " + what).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
