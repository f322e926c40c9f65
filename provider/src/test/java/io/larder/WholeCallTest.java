package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A call on many keys waits once for a Redis that does not answer, not once for each step. */
final class WholeCallTest {

  private static final int KEYS = 1_000;
  private static final long TIMEOUT_MILLIS = 600;

  /** Of a busy machine; with a timeout for each step it would take many times as long. */
  private static final long SLACK_MILLIS = 6_000;

  private static final int FAILURES_THAT_OPEN = 100;

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private interface Call extends Consumer<Cache<String, String>> {}

  private interface Setting extends Consumer<MutableConfiguration<String, String>> {}

  static Stream<Arguments> calls() {
    Setting plain = configuration -> {};
    Setting heard = configuration -> configuration.addCacheEntryListenerConfiguration(
        new MutableCacheEntryListenerConfiguration<>(
            FactoryBuilder.factoryOf(Heard.class), null, false, true));
    Setting moved = configuration ->
        configuration.setExpiryPolicyFactory(FactoryBuilder.factoryOf(Moving.class));
    Setting loaded = configuration -> configuration
        .setReadThrough(true)
        .setCacheLoaderFactory(FactoryBuilder.factoryOf(Loading.class));
    return Stream.of(
        call("getAll", plain, cache -> cache.getAll(entries().keySet())),
        call("getAll, own policy", moved, cache -> cache.getAll(entries().keySet())),
        call("getAll, read-through", loaded, cache -> cache.getAll(entries().keySet())),
        call("putAll", plain, cache -> cache.putAll(entries())),
        call("putAll, heard", heard, cache -> cache.putAll(entries())),
        call("removeAll of keys", plain, cache -> cache.removeAll(entries().keySet())),
        call(
            "removeAll of keys, heard",
            heard,
            cache -> cache.removeAll(entries().keySet())),
        call("removeAll", heard, Cache::removeAll),
        call("clear", plain, Cache::clear),
        call("loadAll", loaded, WholeCallTest::loadAll),
        call("iterator", plain, cache -> cache.forEach(entry -> {})),
        call("removeMatching", plain, cache -> larder(cache).removeMatching("k*")),
        call("clearAndCount", plain, cache -> larder(cache).clearAndCount()),
        call(
            "invokeAll",
            plain,
            cache -> cache.invokeAll(entries().keySet(), (entry, given) -> {
              entry.setValue("new");
              return null;
            })));
  }

  private static Arguments call(String name, Setting setting, Call call) {
    return Arguments.of(name, setting, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void endsInTime(String name, Setting setting, Call call) {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis, settings())) {
      Cache<String, String> cache = cache(caches, setting);
      cache.putAll(entries());
      assertEndsInTime(() -> call.accept(cache));
      assertThat(Outages.watch(caches).status().connection())
          .isEqualTo(io.larder.stats.RedisStatus.Connection.CONNECTED);
    }
  }

  /** Redis stops in the middle: what has been answered stands, and the rest does not wait. */
  @ParameterizedTest(name = "after {0} keys")
  @org.junit.jupiter.params.provider.ValueSource(ints = {1, 500})
  void invokeAllEndsInTimeWhereRedisStopsMidway(int keys) {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis, settings())) {
      Cache<String, String> cache = cache(caches, configuration -> {});
      long[] stopped = {0};
      int[] seen = {0};
      try {
        cache.invokeAll(entries().keySet(), (entry, given) -> {
          seen[0]++;
          if (seen[0] == keys) {
            redis.pause();
            stopped[0] = System.nanoTime();
          }
          entry.setValue("new");
          return null;
        });
        assertThat(millisSince(stopped[0])).isLessThan(TIMEOUT_MILLIS + SLACK_MILLIS);
        assertThat(seen[0]).isGreaterThanOrEqualTo(KEYS);
      } finally {
        redis.resume();
      }
    }
  }

  /** Each page of an iteration is a call's worth, and the first that is not answered ends it. */
  @org.junit.jupiter.api.Test
  void oneNextEndsInTime() {
    Properties patience = new Properties();
    patience.setProperty("operation_timeout_ms", "20000");
    try (TestCaches caches = TestCaches.in(Mode.REDIS, redis, settings());
        TestCaches patient = caches.peer(patience)) {
      cache(patient, configuration -> {}).putAll(entries());
      Iterator<Cache.Entry<String, String>> all = begun(cache(caches, configuration -> {}));
      assertEndsInTime(() -> {
        while (all.hasNext()) {
          all.next();
        }
      });
    }
  }

  /** An iteration that has its first page: a busy machine may find Redis too slow even for that. */
  private static Iterator<Cache.Entry<String, String>> begun(Cache<String, String> cache) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    Iterator<Cache.Entry<String, String>> all = cache.iterator();
    while (!all.hasNext() && System.nanoTime() < end) {
      all = cache.iterator();
    }
    all.next();
    return all;
  }

  private static void assertEndsInTime(Runnable call) {
    redis.pause();
    try {
      long start = System.nanoTime();
      call.run();
      assertThat(millisSince(start)).isLessThan(TIMEOUT_MILLIS + SLACK_MILLIS);
    } finally {
      redis.resume();
    }
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  private static Properties settings() {
    Properties settings = Outages.settings("memory", TIMEOUT_MILLIS);
    settings.setProperty("breaker_failures", String.valueOf(FAILURES_THAT_OPEN));
    settings.setProperty("connection_timeout", "30");
    return settings;
  }

  private static Cache<String, String> cache(TestCaches caches, Setting setting) {
    // A busy machine may have found Redis too slow at the start.
    Outages.await(Outages.watch(caches), io.larder.stats.RedisStatus.Connection.CONNECTED);
    MutableConfiguration<String, String> configuration =
        caches.configuration(String.class, String.class);
    setting.accept(configuration);
    return caches.cache("whole", configuration);
  }

  private static Map<String, String> entries() {
    Map<String, String> entries = new LinkedHashMap<>();
    for (int i = 0; i < KEYS; i++) {
      entries.put("k" + i, "v" + i);
    }
    return entries;
  }

  private static void loadAll(Cache<String, String> cache) {
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(entries().keySet(), true, done);
    try {
      done.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static LarderCache<String, String> larder(Cache<String, String> cache) {
    return cache.unwrap(LarderCache.class);
  }

  /** Hears of everything, so that no change is blind. */
  public static final class Heard
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String>,
          CacheEntryRemovedListener<String, String>,
          java.io.Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {}

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {}

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {}
  }

  /** Each read is followed by a change of the deadline. */
  public static final class Moving implements ExpiryPolicy, java.io.Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public Duration getExpiryForCreation() {
      return Duration.ONE_HOUR;
    }

    @Override
    public Duration getExpiryForAccess() {
      return Duration.ONE_DAY;
    }

    @Override
    public Duration getExpiryForUpdate() {
      return Duration.ONE_HOUR;
    }
  }

  /** Loads anything. */
  public static final class Loading implements CacheLoader<String, String>, java.io.Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public String load(String key) {
      return "loaded";
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      Map<String, String> loaded = new LinkedHashMap<>();
      keys.forEach(key -> loaded.put(key, "loaded"));
      return loaded;
    }
  }
}
