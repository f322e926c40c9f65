package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.stats.RedisStatus.Connection;
import io.larder.store.redis.RedisUnavailableException;
import io.larder.testing.RedisServer;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Caches whose Redis goes away and comes back. */
final class OutageTest {

  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = RedisServer.startOwn();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  /** A timeout that a busy machine keeps, and few calls that wait for it in vain. */
  private static Properties patient(String fallback) {
    Properties settings = Outages.settings(fallback, 5000);
    settings.setProperty("breaker_failures", "1");
    return settings;
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void whatIsRemovedWithoutRedisDoesNotComeBack(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis, patient("memory"));
        TestCaches peer = caches.peer()) {
      Cache<String, String> cache = strings(caches);
      Cache<String, String> other = strings(peer);
      RedisWatch watch = Outages.watch(caches);
      cache.put("removed", "old");
      cache.put("written", "old");
      cache.put("kept", "old");

      redis.pause();
      Outages.awaitOpen(watch, () -> cache.get("kept" + System.nanoTime()));
      assertThat(cache.remove("removed")).isFalse();
      cache.put("written", "new");
      assertThat(cache.get("removed")).isNull();
      assertThat(cache.get("written")).isEqualTo("new");
      assertThat(watch.status().journalledKeys()).isEqualTo(2);
      redis.resume();
      Outages.await(watch, Connection.CONNECTED);

      assertThat(cache.get("removed")).isNull();
      assertThat(cache.get("written")).isNull();
      assertThat(cache.get("kept")).isEqualTo("old");
      Outages.await(Outages.watch(peer), Connection.CONNECTED);
      assertThat(other.get("removed")).isNull();
      assertThat(other.get("written")).isNull();
      assertThat(other.get("kept")).isEqualTo("old");
    }
  }

  /** The client is one, the breakers are two. */
  @Test
  void managersThatShareAClientGoBackEachByItself() throws Exception {
    Properties settings = patient("memory");
    settings.setProperty("redis_url", redis.url());
    settings.setProperty("namespace", RedisServer.newNamespace());
    try (LarderCachingProvider provider = new LarderCachingProvider();
        URLClassLoader other = new URLClassLoader(new URL[0], getClass().getClassLoader());
        LarderCacheManager two = manager(provider, other, settings)) {
      LarderCacheManager one = manager(provider, getClass().getClassLoader(), settings);
      for (LarderCacheManager each : List.of(one, two)) {
        Outages.await(each.redisWatch().orElseThrow(), Connection.CONNECTED);
      }
      Cache<String, String> first = one.createCache("cache", new MutableConfiguration<>());
      Cache<String, String> second = two.createCache("cache", new MutableConfiguration<>());
      long before = one.redisWatch().orElseThrow().callsWithoutRedis();
      first.putAll(Map.of("a", "old", "b", "old", "c", "old"));
      assertThat(first.get("none")).isNull();
      assertThat(one.redisWatch().orElseThrow().callsWithoutRedis()).isEqualTo(before);

      redis.pause();
      Outages.awaitOpen(one.redisWatch().orElseThrow(), () -> first.get("x" + System.nanoTime()));
      Outages.awaitOpen(two.redisWatch().orElseThrow(), () -> second.get("x" + System.nanoTime()));
      first.remove("a");
      second.remove("b");
      first.put("c", "1");
      second.put("c", "2");
      long without = one.redisWatch().orElseThrow().callsWithoutRedis();
      assertThat(first.get("c")).isEqualTo("1");
      assertThat(one.redisWatch().orElseThrow().callsWithoutRedis()).isGreaterThan(without);
      without = one.redisWatch().orElseThrow().callsWithoutRedis();
      assertThat(first.iterator()).toIterable().hasSize(1);
      assertThat(one.redisWatch().orElseThrow().callsWithoutRedis()).isGreaterThan(without);
      assertThat(second.get("c")).isEqualTo("2");
      redis.resume();
      Outages.await(one.redisWatch().orElseThrow(), Connection.CONNECTED);
      Outages.await(two.redisWatch().orElseThrow(), Connection.CONNECTED);

      for (Cache<String, String> cache : List.of(first, second)) {
        for (String key : List.of("a", "b", "c")) {
          Outages.await(() -> cache.get(key) == null, key + " is gone");
        }
      }
      one.close();
      second.put("c", "3");
      assertThat(second.get("c")).isEqualTo("3");
    }
  }

  private static LarderCacheManager manager(
      LarderCachingProvider provider, ClassLoader loader, Properties settings) {
    return provider
        .getCacheManager(URI.create("larder:development"), loader, settings)
        .unwrap(LarderCacheManager.class);
  }

  @Test
  void goesBackToARedisThatWasKilledAndIsEmpty() {
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis, Outages.settings("memory", 5000))) {
      Cache<String, String> cache = strings(caches);
      RedisWatch watch = Outages.watch(caches);
      cache.put("a", "1");
      redis.kill();
      long[] longest = {0};
      Outages.awaitOpen(watch, () -> {
        long start = System.nanoTime();
        cache.get("x" + start);
        longest[0] = Math.max(longest[0], System.nanoTime() - start);
      });
      System.out.println("longest call after kill: " + longest[0] / 1000 + " us");
      cache.put("b", "2");
      assertThat(cache.get("b")).isEqualTo("2");
      redis.startAgain();
      long back = System.nanoTime();
      Outages.await(watch, Connection.CONNECTED);
      System.out.println("back after " + (System.nanoTime() - back) / 1_000_000 + " ms");
      assertThat(cache.get("b")).isNull();
      cache.put("b", "3");
      assertThat(cache.get("b")).isEqualTo("3");
    }
  }

  @Test
  void failsAtOnceWhereThatIsTheFallback() {
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis, Outages.settings("fail", 5000))) {
      Cache<String, String> cache = strings(caches);
      RedisWatch watch = Outages.watch(caches);
      redis.kill();
      Outages.awaitOpen(
          watch,
          () -> assertThatThrownBy(() -> cache.get("x"))
              .isInstanceOf(io.larder.store.StoreUnavailableException.class));
      long start = System.nanoTime();
      assertThatThrownBy(() -> cache.put("x", "1"))
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("redis://127.0.0.1");
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(4000));
      redis.startAgain();
      Outages.await(watch, Connection.CONNECTED);
      cache.put("x", "1");
      assertThat(cache.get("x")).isEqualTo("1");
    }
  }

  @Test
  void aWriteThatTimedOutIsAnsweredAndInvalidated() {
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis, Outages.settings("memory", 5000));
        TestCaches peer = caches.peer()) {
      Cache<String, String> cache = strings(caches);
      Cache<String, String> other = strings(peer);
      RedisWatch watch = Outages.watch(caches);
      cache.put("k", "old");
      assertThat(other.get("k")).isEqualTo("old");
      redis.pause();
      cache.put("k", "new");
      assertThat(cache.get("k")).isIn(null, "new");
      redis.resume();
      Outages.await(() -> watch.status().journalledKeys() == 0, "the replay");
      Outages.await(watch, Connection.CONNECTED);
      assertThat(cache.get("k")).isNull();
      Outages.await(() -> other.get("k") == null, "the other process hears of it");
      cache.put("k", "newer");
      assertThat(cache.get("k")).isEqualTo("newer");
    }
  }

  @Test
  void aJournalThatOverflowsClearsTheCache() {
    Properties settings = patient("memory");
    settings.setProperty("journal_size", "3");
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis, settings)) {
      Cache<String, String> cache = strings(caches);
      Cache<String, String> bystander =
          caches.cache("bystander", caches.configuration(String.class, String.class));
      RedisWatch watch = Outages.watch(caches);
      cache.put("untouched", "1");
      bystander.put("untouched", "1");
      redis.pause();
      Outages.awaitOpen(watch, () -> cache.get("untouched"));
      for (int i = 0; i < 10; i++) {
        cache.put("k" + i, "v");
      }
      assertThat(watch.status().journalledClears()).isEqualTo(1);
      assertThat(cache.get("k0")).isEqualTo("v");
      redis.resume();
      Outages.await(watch, Connection.CONNECTED);
      assertThat(cache.get("untouched")).isNull();
      assertThat(cache.get("k0")).isNull();
      assertThat(bystander.get("untouched")).isEqualTo("1");
    }
  }

  @Test
  void clearsAndDestroyedCachesDoNotComeBack() {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis, patient("none"))) {
      Cache<String, String> cache = strings(caches);
      Cache<String, String> doomed =
          caches.cache("doomed", caches.configuration(String.class, String.class));
      Cache<String, String> emptied =
          caches.cache("emptied", caches.configuration(String.class, String.class));
      RedisWatch watch = Outages.watch(caches);
      cache.put("k", "1");
      doomed.put("k", "1");
      emptied.put("k", "1");
      redis.pause();
      Outages.awaitOpen(watch, () -> cache.get("k"));
      cache.clear();
      caches.manager().destroyCache("doomed");
      emptied.removeAll();
      redis.resume();
      Outages.await(watch, Connection.CONNECTED);
      assertThat(cache.get("k")).isNull();
      assertThat(emptied.get("k")).isNull();
      assertThat(caches
              .cache("doomed", caches.configuration(String.class, String.class))
              .get("k"))
          .isNull();
    }
  }

  @Test
  void whatRedisKeepsOnDiskStaysExceptWhatWasRemoved() {
    redis.close();
    redis = RedisServer.startOwn("--appendonly", "yes", "--appendfsync", "always");
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis, Outages.settings("memory", 5000))) {
      Cache<String, String> cache = strings(caches);
      RedisWatch watch = Outages.watch(caches);
      cache.put("kept", "1");
      cache.put("removed", "1");
      redis.kill();
      Outages.awaitOpen(watch, () -> cache.get("x" + System.nanoTime()));
      cache.remove("removed");
      redis.startAgain();
      Outages.await(watch, Connection.CONNECTED);
      assertThat(cache.get("kept")).isEqualTo("1");
      assertThat(cache.get("removed")).isNull();
    }
  }

  @Test
  void nobodyWaitsLongerThanTheTimeoutNorAtAllOnceItIsOpen() {
    long timeout = 300;
    Properties settings = Outages.settings("memory", timeout);
    settings.setProperty("breaker_failures", "20");
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis, settings)) {
      Cache<String, String> cache = strings(caches);
      RedisWatch watch = Outages.watch(caches);
      cache.put("k", "1");
      redis.pause();
      List<Runnable> calls = List.of(
          () -> cache.get("absent"),
          () -> cache.put("k", "2"),
          () -> cache.getAll(Set.of("a", "b", "c")),
          () -> cache.putAll(Map.of("a", "1", "b", "2")),
          () -> cache.invoke("i", (entry, given) -> entry.getValue()),
          () -> cache.putIfAbsent("j", "1"),
          () -> cache.getAndRemove("l"));
      long longest = 0;
      for (Runnable call : calls) {
        longest = Math.max(longest, nanos(call));
      }
      System.out.println(
          "longest call on a paused Redis: " + longest / 1_000_000 + " ms of " + timeout);
      assertThat(longest).isLessThan(TimeUnit.MILLISECONDS.toNanos(timeout + 5000));
      Outages.awaitOpen(watch, () -> cache.get("x" + System.nanoTime()));
      long[] open = new long[2000];
      for (int i = 0; i < open.length; i++) {
        String key = "k" + i % 100;
        open[i] = nanos(() -> {
          cache.put(key, "1");
          cache.get(key);
        });
      }
      Arrays.sort(open);
      System.out.println("put and get without Redis: median " + open[1000] / 1000 + " us, longest "
          + open[open.length - 1] / 1000 + " us");
      assertThat(open[1000]).isLessThan(TimeUnit.MILLISECONDS.toNanos(1));
      redis.resume();
    }
  }

  private static long nanos(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return System.nanoTime() - start;
  }

  @Test
  void changesAreToldInOrderAndShownInJmx() throws Exception {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis, Outages.settings("memory", 5000))) {
      Cache<String, String> cache = strings(caches);
      RedisWatch watch = Outages.watch(caches);
      List<Connection> heard = new CopyOnWriteArrayList<>();
      List<String> threads = new CopyOnWriteArrayList<>();
      watch.addListener(status -> {
        threads.add(Thread.currentThread().getName());
        throw new IllegalStateException("a listener that fails");
      });
      watch.addListener(status -> heard.add(status.connection()));
      redis.kill();
      Outages.awaitOpen(watch, () -> cache.put("k", "1"));
      ObjectName bean = new ObjectName("io.larder:type=Redis,CacheManager=larder.development");
      var server = ManagementFactory.getPlatformMBeanServer();
      assertThat(server.getAttribute(bean, "Connection")).isEqualTo("DEGRADED");
      assertThat(server.getAttribute(bean, "JournalledKeys")).isEqualTo(1L);
      redis.startAgain();
      Outages.await(() -> heard.size() >= 3, "three changes");
      assertThat(heard)
          .containsExactly(Connection.DEGRADED, Connection.REPLAYING, Connection.CONNECTED);
      assertThat(threads).allMatch(name -> name.startsWith("larder-news"));
      caches.close();
      assertThat(server.isRegistered(bean)).isFalse();
    }
  }

  @Test
  void anIterationEndsWhereRedisWentAway() {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis, Outages.settings("memory", 5000))) {
      Cache<String, String> cache = strings(caches);
      for (int i = 0; i < 3000; i++) {
        cache.put("k" + i, "v");
      }
      Iterator<Cache.Entry<String, String>> entries = cache.iterator();
      entries.next();
      redis.kill();
      int count = 1;
      while (entries.hasNext()) {
        entries.next();
        count++;
      }
      assertThat(count).isLessThan(3000);
    }
  }

  /** A busy machine may have found Redis too slow at the start. */
  private static Cache<String, String> strings(TestCaches caches) {
    Outages.await(Outages.watch(caches), Connection.CONNECTED);
    return caches.cache(caches.configuration(String.class, String.class));
  }
}
