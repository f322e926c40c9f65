package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.stats.RedisStatus.Connection;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What tests of outages share: settings with short waits, and waiting for a state. */
final class Outages {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private Outages() {}

  /** A fallback, and an operation timeout that a busy machine meets while Redis is there. */
  static Properties settings(String fallback, long timeoutMillis) {
    Properties properties = new Properties();
    properties.setProperty("fallback", fallback);
    properties.setProperty("operation_timeout_ms", String.valueOf(timeoutMillis));
    return properties;
  }

  static RedisWatch watch(TestCaches caches) {
    return caches.manager().unwrap(LarderCacheManager.class).redisWatch().orElseThrow();
  }

  static void await(RedisWatch watch, Connection connection) {
    await(() -> watch.status().connection() == connection, connection.name());
  }

  static void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Has calls fail until the breaker opens. */
  static void awaitOpen(RedisWatch watch, Runnable call) {
    await(
        () -> {
          call.run();
          return watch.status().connection() != Connection.CONNECTED;
        },
        "the breaker opens");
  }
}
