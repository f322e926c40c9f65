package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.stats.RedisStatus.Connection;
import io.larder.testing.RedisServer;
import io.larder.testing.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections that are silent for ever without having ended, as after a lost route or in a firewall
 * that has forgotten them, while new ones are answered.
 */
final class ForgottenConnectionsTest {

  private static final long TIMEOUT_MILLIS = 500;

  /** Two seconds are promised; without a look at each connection it took 25 to 56. */
  private static final long BACK_NANOS = TimeUnit.SECONDS.toNanos(15);

  private RedisServer redis;
  private TcpProxy link;

  @BeforeEach
  void start() {
    redis = RedisServer.startOwn();
    link = TcpProxy.to(redis);
  }

  @AfterEach
  void stop() {
    link.close();
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 20})
  void areReplacedByOthers(int connections) throws Exception {
    Properties settings = Outages.settings("none", TIMEOUT_MILLIS);
    settings.setProperty("max_connections", String.valueOf(connections));
    Properties elsewhere = Outages.settings("none", 20_000);
    elsewhere.setProperty("redis_url", redis.url());
    try (TestCaches caches = TestCaches.in(Mode.NEAR, RedisServer.at(link.url()), settings);
        TestCaches others = caches.peer(elsewhere)) {
      Outages.await(Outages.watch(caches), Connection.CONNECTED);
      LarderCache<Integer, Integer> cache =
          caches.cache(caches.configuration(Integer.class, Integer.class));
      LarderCache<Integer, Integer> other =
          others.cache(others.configuration(Integer.class, Integer.class));
      useManyConnections(cache);
      awaitHears(cache, other, 1);

      link.forgetConnections();
      long start = System.nanoTime();
      awaitHears(cache, other, 2);
      Outages.await(
          () -> cache.get(7) == null
              && Outages.watch(caches).status().connection() == Connection.CONNECTED,
          "Redis in use");

      assertThat(System.nanoTime() - start).isLessThan(BACK_NANOS);
    }
  }

  private static void useManyConnections(LarderCache<Integer, Integer> cache)
      throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int from = 1000 * (t + 1);
      threads.add(new Thread(() -> {
        for (int i = 0; i < 200; i++) {
          cache.put(from + i, i);
        }
      }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Returns when a key that is read from the near tier follows another process' write. */
  private static void awaitHears(
      LarderCache<Integer, Integer> cache, LarderCache<Integer, Integer> other, int value) {
    other.put(1, -value);
    Outages.await(
        () -> {
          long before = nearHits(cache);
          return Integer.valueOf(-value).equals(cache.get(1)) && nearHits(cache) > before;
        },
        "a near hit");
    other.put(1, value);
    Outages.await(() -> Integer.valueOf(value).equals(cache.get(1)), "the new value");
  }

  private static long nearHits(LarderCache<?, ?> cache) {
    return cache.stats().tiers().stream()
        .filter(tier -> tier.tier().equals("near"))
        .mapToLong(tier -> tier.hits())
        .sum();
  }
}
