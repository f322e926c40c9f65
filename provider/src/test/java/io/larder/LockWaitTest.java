package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.stats.RedisStatus.Connection;
import io.larder.store.LockTimeoutException;
import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.processor.EntryProcessorResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call on many keys that others keep locked waits in vain once, not once for each. */
final class LockWaitTest {

  private static final int KEYS = 20;
  private static final long TIMEOUT_MILLIS = 3_000;
  private static final long SLACK_MILLIS = 15_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void stop() {
    end.countDown();
    threads.shutdown();
  }

  @Test
  void invokeAllWaitsOnce() throws Exception {
    try (RedisServer redis = RedisServer.start();
        TestCaches caches =
            TestCaches.in(Mode.REDIS, redis, Outages.settings("memory", TIMEOUT_MILLIS))) {
      Cache<String, String> cache = caches.cache(caches.configuration(String.class, String.class));
      Outages.await(Outages.watch(caches), Connection.CONNECTED);
      Map<String, String> entries = new LinkedHashMap<>();
      CountDownLatch held = new CountDownLatch(KEYS);
      List<Future<?>> holders = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        String key = "held" + i;
        entries.put(key, "v");
        holders.add(threads.submit(() -> cache.invoke(key, (entry, given) -> hold(held))));
      }
      entries.put("free", "v");
      assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();

      long start = System.nanoTime();
      Map<String, EntryProcessorResult<Boolean>> results =
          cache.invokeAll(entries.keySet(), (entry, given) -> {
            entry.setValue("new");
            return true;
          });
      assertThat(millisSince(start)).isLessThan(TIMEOUT_MILLIS + SLACK_MILLIS);
      for (int i = 0; i < KEYS; i++) {
        EntryProcessorResult<Boolean> result = results.get("held" + i);
        assertThatThrownBy(result::get).hasCauseInstanceOf(LockTimeoutException.class);
      }
      assertThat(results.get("free").get()).isTrue();
      assertThat(cache.get("free")).isEqualTo("new");

      end.countDown();
      for (Future<?> holder : holders) {
        holder.get();
      }
      assertThat(cache
              .invokeAll(Set.of("held1"), (entry, given) -> entry.exists())
              .get("held1")
              .get())
          .isFalse();
    }
  }

  private Object hold(CountDownLatch held) {
    held.countDown();
    try {
      assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return true;
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }
}
