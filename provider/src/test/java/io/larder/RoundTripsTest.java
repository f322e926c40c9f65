package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What each JCache operation costs Redis, counted by Redis itself. Commands inside a script count
 * too, so one script is its EVALSHA and what it calls.
 */
final class RoundTripsTest {

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void readsAndBlindWritesTakeOneTrip() {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis)) {
      Cache<String, String> cache = caches.cache(strings(caches));
      exercise(cache);
      cache.put("present", "v");

      assertThat(trips(() -> cache.get("present"))).isEqualTo(Map.of("mget", 1L));
      assertThat(trips(() -> cache.get("absent"))).isEqualTo(Map.of("mget", 1L));
      assertThat(trips(() -> cache.put("present", "w"))).isEqualTo(Map.of("evalsha", 1L));
      assertThat(trips(() -> cache.put("new", "w"))).isEqualTo(Map.of("evalsha", 1L));
      assertThat(trips(() -> cache.containsKey("present"))).isEqualTo(Map.of("evalsha", 1L));
      assertThat(trips(() -> cache.remove("present"))).isEqualTo(Map.of("evalsha", 1L));
      assertThat(trips(() -> cache.remove("absent"))).isEqualTo(Map.of("evalsha", 1L));
    }
  }

  @Test
  void manyEntriesTakeOnePipeline() {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis)) {
      Cache<String, String> cache = caches.cache(strings(caches));
      exercise(cache);
      Map<String, String> hundred = new LinkedHashMap<>();
      for (int i = 0; i < 100; i++) {
        hundred.put("key" + i, "value" + i);
      }

      // One script for each of the buckets, all in one pipeline; a single MGET for all of them.
      assertThat(trips(() -> cache.putAll(hundred)).keySet()).containsOnly("evalsha");
      assertThat(trips(() -> cache.putAll(hundred)).get("evalsha")).isLessThanOrEqualTo(64);
      assertThat(trips(() -> cache.getAll(hundred.keySet()))).isEqualTo(Map.of("mget", 1L));
      assertThat(trips(() -> cache.removeAll(hundred.keySet())).get("evalsha"))
          .isLessThanOrEqualTo(64);
    }
  }

  /** Its sweep in the background, page by page, is in the count; a script for each entry is not. */
  @Test
  void clearCostsTheSameHoweverMuchThereIs() {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis)) {
      Cache<String, String> cache = caches.cache(strings(caches));
      Map<String, String> many = new LinkedHashMap<>();
      for (int i = 0; i < 5_000; i++) {
        many.put("key" + i, "v");
      }
      cache.putAll(many);

      assertThat(trips(cache::clear).get("evalsha")).isBetween(64L, 1_000L);
      assertThat(cache.containsKey("key7")).isFalse();
    }
  }

  @Test
  void invokeOnNearKeyTakesOneTrip() {
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis)) {
      LarderCache<String, Integer> cache =
          caches.cache(caches.configuration(String.class, Integer.class));
      cache.put("n", 0);
      awaitNear(cache, "n");
      increment(cache);
      int[] increments = {1};

      Map<String, Long> trips = nearTrips(cache, "n", () -> {
        increments[0]++;
        increment(cache);
      });

      assertThat(trips).isEqualTo(Map.of("mget", 0L, "evalsha", 1L));
      assertThat(cache.get("n")).isEqualTo(increments[0]);
    }
  }

  @Test
  void nearHitTakesNone() {
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis)) {
      LarderCache<String, String> cache = caches.cache(strings(caches));
      cache.put("k", "v");

      assertThat(nearTrips(cache, "k", () -> cache.get("k")))
          .isEqualTo(Map.of("mget", 0L, "evalsha", 0L));
      assertThat(near(cache)).isPositive();
    }
  }

  @Test
  void readsThatMoveDeadlinesHaveNoNearTier() {
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis)) {
      LarderCache<String, String> cache = caches.cache(
          strings(caches).setExpiryPolicyFactory(TouchedExpiryPolicy.factoryOf(Duration.ONE_HOUR)));
      cache.put("k", "v");
      cache.get("k");

      assertThat(cache.stats().tiers()).extracting("tier").containsExactly("redis");
      assertThat(trips(() -> cache.get("k"))).isEqualTo(Map.of("evalsha", 1L));
    }
  }

  @Test
  void noOperationUsesKeys() {
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis)) {
      Cache<String, String> cache = caches.cache(strings(caches));
      exercise(cache);
      cache.clear();
      caches.manager().destroyCache("cache");

      assertThat(redis.commandStats()).doesNotContainKey("keys");
    }
  }

  private static void increment(Cache<String, Integer> cache) {
    cache.invoke("n", (entry, arguments) -> {
      entry.setValue(entry.getValue() + 1);
      return null;
    });
  }

  /** Every operation once, so that scripts are loaded and connections made. */
  private static void exercise(Cache<String, String> cache) {
    cache.put("x", "v");
    cache.get("x");
    cache.containsKey("x");
    cache.getAll(java.util.Set.of("x", "y"));
    cache.putAll(Map.of("x", "1", "y", "2"));
    cache.getAndPut("x", "3");
    cache.putIfAbsent("z", "4");
    cache.replace("z", "5");
    cache.replace("z", "5", "6");
    cache.getAndReplace("z", "7");
    cache.invoke("z", (entry, arguments) -> entry.getValue());
    cache.iterator().forEachRemaining(entry -> {});
    cache.remove("z", "7");
    cache.getAndRemove("y");
    cache.remove("x");
    cache.removeAll(java.util.Set.of("x", "y"));
    cache.removeAll();
  }

  private static void awaitNear(LarderCache<String, ?> cache, String key) {
    long end = System.nanoTime() + 20_000_000_000L;
    long before = near(cache);
    while (near(cache) == before) {
      assertThat(System.nanoTime()).as("not near after 20 s").isLessThan(end);
      cache.get(key);
    }
  }

  private static long near(LarderCache<?, ?> cache) {
    return cache.stats().tiers().get(0).hits();
  }

  private static MutableConfiguration<String, String> strings(TestCaches caches) {
    return caches.configuration(String.class, String.class);
  }

  /** Reads and scripts that clients sent meanwhile. */
  private static Map<String, Long> trips(Runnable operation) {
    TreeMap<String, Long> before = redis.commandStats();
    operation.run();
    TreeMap<String, Long> after = redis.commandStats();
    Map<String, Long> sent = new TreeMap<>();
    for (String command : new String[] {"mget", "evalsha", "eval", "exists", "keys"}) {
      long count = sent(before, after, command);
      if (count > 0) {
        sent.put(command, count);
      }
    }
    return sent;
  }

  /**
   * The same of an operation that the near tier has answered. Where the machine stands still just
   * before it, what is near is too old for that, and the operation is made again.
   */
  private static Map<String, Long> nearTrips(
      LarderCache<String, ?> cache, String key, Runnable operation) {
    long end = System.nanoTime() + 20_000_000_000L;
    Map<String, Long> trips;
    long before;
    do {
      awaitNear(cache, key);
      before = near(cache);
      trips = nearTrips(operation);
    } while (near(cache) == before && System.nanoTime() < end);
    return trips;
  }

  /**
   * The same for a near cache, which asks for the heads of its buckets each second: who asks for
   * nothing else is not counted.
   */
  private static Map<String, Long> nearTrips(Runnable operation) {
    Map<String, Long> sent = new TreeMap<>(Map.of("mget", 0L, "evalsha", 0L));
    String end = UUID.randomUUID().toString();
    try (RespConnection monitor = redis.connect()) {
      monitor.command("MONITOR");
      operation.run();
      redis.command("ECHO", end);
      for (String line = heard(monitor); !line.contains(end); line = heard(monitor)) {
        // The time, the client's database and address (or "lua"), and the command.
        String command = line.substring(line.indexOf('"') + 1).toLowerCase(Locale.ROOT);
        boolean comparison = command.startsWith("mget") && !command.contains("}:");
        if (!line.contains(" lua] ") && !comparison) {
          sent.merge(command.substring(0, command.indexOf('"')), 1L, Long::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sent.keySet().retainAll(Set.of("mget", "evalsha"));
    return sent;
  }

  private static String heard(RespConnection monitor) throws IOException {
    return String.valueOf(monitor.reply());
  }

  private static long sent(Map<String, Long> before, Map<String, Long> after, String command) {
    return after.getOrDefault(command, 0L) - before.getOrDefault(command, 0L);
  }
}
