package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.store.StoreUnavailableException;
import io.larder.testing.RedisSentinels;
import io.larder.testing.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A master that sentinels replace, while near caches are used. */
final class SentinelTest {

  private static final int KEYS = 100;

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
      RedisServer lost = redis.master();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));

      lost.kill();
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
      writer.clear();
      await("the clear is heard", () -> reader.get(1) == null);
    }
  }

  private static LarderCache<Integer, String> open(TestCaches caches) {
    return caches.cache(caches.configuration(Integer.class, String.class));
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
