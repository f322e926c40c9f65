package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engine owes to callers who load much, reuse keys, or meet each other. */
class EngineTest {

  static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void allThatIsLoadedInBulkIsStored(Mode mode) throws Exception {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      AtomicInteger loads = new AtomicInteger();
      Cache<Integer, String> cache =
          caches.cache(loaded(caches.configuration(Integer.class, String.class), key -> {
            loads.incrementAndGet();
            return "v" + key;
          }));
      Set<Integer> keys = new HashSet<>();
      for (int i = 0; i < 3_000; i++) {
        keys.add(i);
      }
      CompletionListenerFuture done = new CompletionListenerFuture();
      cache.loadAll(keys, false, done);
      done.get();
      assertThat(loads).hasValue(3_000);

      assertThat(cache.getAll(keys)).hasSize(3_000);
      assertThat(loads).hasValue(3_000);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"HEAP", "HEAP_BY_REFERENCE"})
  void loadedValueIsStoredWhileOthersWriteOtherKeys(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      List<Cache<Integer, String>> self = new ArrayList<>();
      Cache<Integer, String> cache =
          caches.cache(loaded(caches.configuration(Integer.class, String.class), key -> {
            for (int i = 1_000; i < 5_000; i++) {
              self.get(0).put(i, "other");
            }
            return "loaded";
          }));
      self.add(cache);

      assertThat(cache.get(1)).isEqualTo("loaded");
      assertThat(cache.containsKey(1)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void valueLoadedAfterAnExpiryIsStored(Mode mode) throws Exception {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      AtomicInteger expired = new AtomicInteger();
      CacheEntryExpiredListener<Integer, String> listener =
          events -> events.forEach(event -> expired.incrementAndGet());
      SoonOver policy = new SoonOver();
      Cache<Integer, String> cache =
          caches.cache(loaded(caches.configuration(Integer.class, String.class), key -> "loaded")
              .setExpiryPolicyFactory(new FactoryBuilder.SingletonFactory<>(policy))
              .addCacheEntryListenerConfiguration(synchronous(listener)));
      cache.put(1, "old");
      cache.put(2, "old");
      while (cache.containsKey(1) || cache.containsKey(2)) {
        // Redis keeps the deadline by its own clock, which no test can move.
        Thread.sleep(5);
      }
      policy.life = Duration.ONE_HOUR;

      assertThat(cache.get(1)).isEqualTo("loaded");
      assertThat(cache.containsKey(1)).isTrue();
      assertThat(cache.getAll(Set.of(2))).containsEntry(2, "loaded");
      assertThat(cache.containsKey(2)).isTrue();
      assertThat(expired).hasValue(2);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"HEAP", "REDIS", "NEAR"})
  void callerMayReuseAKeyItHasRead(Mode mode) {
    try (TestCaches one = TestCaches.in(mode, redis);
        TestCaches other = mode.isShared() ? one.peer() : one) {
      Cache<List<Integer>, String> first = one.cache(listKeys(one));
      Cache<List<Integer>, String> second = other == one ? first : other.cache(listKeys(other));
      second.put(key(1), "old");
      List<Integer> reused = key(1);
      for (int i = 0; i < 2_000; i++) {
        first.get(reused);
      }

      reused.set(0, 2);
      second.put(key(1), "new");
      reused.set(0, 1);

      long end = System.nanoTime() + 20_000_000_000L;
      while (!"new".equals(first.get(key(1)))) {
        assertThat(System.nanoTime()).as("old after 20 s").isLessThan(end);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"HEAP", "REDIS", "NEAR"})
  void eventsKeepTheKeyAsItWas(Mode mode) throws Exception {
    CountDownLatch heard = new CountDownLatch(50);
    Set<List<Integer>> keys = java.util.concurrent.ConcurrentHashMap.newKeySet();
    CacheEntryCreatedListener<List<Integer>, String> listener = events -> events.forEach(event -> {
      keys.add(event.getKey());
      heard.countDown();
    });
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<List<Integer>, String> cache = caches.cache(listKeys(caches)
          .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
              new FactoryBuilder.SingletonFactory<>(listener), null, false, false)));
      List<Integer> reused = key(0);
      for (int i = 0; i < 50; i++) {
        reused.set(0, i);
        cache.put(reused, "v");
      }

      assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(keys).hasSize(50);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void failingListenerDoesNotKeepOtherEntriesOut(Mode mode) throws Exception {
    CacheEntryCreatedListener<Integer, String> picky = events -> events.forEach(event -> {
      if (event.getKey() == 2) {
        throw new IllegalStateException("not two");
      }
    });
    CacheEntryExpiredListener<Integer, String> deaf = events -> {};
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      SoonOver policy = new SoonOver();
      Cache<Integer, String> cache = caches.cache(caches
          .configuration(Integer.class, String.class)
          .setExpiryPolicyFactory(new FactoryBuilder.SingletonFactory<>(policy))
          .addCacheEntryListenerConfiguration(synchronous(picky))
          .addCacheEntryListenerConfiguration(synchronous(deaf)));
      cache.put(1, "old");
      while (cache.containsKey(1)) {
        // Redis keeps the deadline by its own clock, which no test can move.
        Thread.sleep(5);
      }
      policy.life = Duration.ONE_HOUR;

      assertThatThrownBy(() -> cache.putAll(Map.of(1, "new", 2, "new", 3, "new")))
          .hasRootCauseMessage("not two");
      assertThat(cache.getAll(Set.of(1, 2, 3))).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void expiryByReadingIsToldOnce(Mode mode) throws Exception {
    AtomicInteger expired = new AtomicInteger();
    CacheEntryExpiredListener<Integer, String> listener =
        events -> events.forEach(event -> expired.incrementAndGet());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = caches.cache(caches
          .configuration(Integer.class, String.class)
          .setExpiryPolicyFactory(new FactoryBuilder.SingletonFactory<>(new OverOnceRead()))
          .addCacheEntryListenerConfiguration(synchronous(listener)));
      for (int round = 0; round < 20; round++) {
        int key = round;
        cache.put(key, "v");
        List<Callable<String>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          readers.add(() -> cache.get(key));
        }
        for (Future<String> reader : threads.invokeAll(readers)) {
          reader.get();
        }
      }
      assertThat(expired).hasValue(20);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void slowProcessorHoldsUpItsOwnKeyOnly(Mode mode) throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache =
          caches.cache(caches.configuration(Integer.class, String.class));
      Future<String> slow = threads.submit(() -> cache.invoke(-1, (entry, arguments) -> {
        running.countDown();
        await(go);
        entry.setValue("slow");
        return "done";
      }));
      running.await();

      for (int i = 0; i < 1_500; i++) {
        cache.putIfAbsent(i, "v");
      }
      go.countDown();
      assertThat(slow.get()).isEqualTo("done");
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Integer> key(int first) {
    return new ArrayList<>(List.of(first));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static MutableConfiguration<List<Integer>, String> listKeys(TestCaches caches) {
    return (MutableConfiguration) caches.configuration(ArrayList.class, String.class);
  }

  private static <K, V> MutableCacheEntryListenerConfiguration<K, V> synchronous(
      CacheEntryListener<K, V> listener) {
    return new MutableCacheEntryListenerConfiguration<>(
        new FactoryBuilder.SingletonFactory<>(listener), null, true, true);
  }

  private static MutableConfiguration<Integer, String> loaded(
      MutableConfiguration<Integer, String> configuration,
      java.util.function.Function<Integer, String> source) {
    CacheLoader<Integer, String> loader = new CacheLoader<>() {
      @Override
      public String load(Integer key) {
        return source.apply(key);
      }

      @Override
      public Map<Integer, String> loadAll(Iterable<? extends Integer> keys) {
        Map<Integer, String> loaded = new HashMap<>();
        keys.forEach(key -> loaded.put(key, source.apply(key)));
        return loaded;
      }
    };
    return configuration
        .setReadThrough(true)
        .setCacheLoaderFactory(new FactoryBuilder.SingletonFactory<>(loader));
  }

  /** Entries that are created live for a short time, until the test says otherwise. */
  private static final class SoonOver implements ExpiryPolicy {

    private volatile Duration life = new Duration(TimeUnit.MILLISECONDS, 400);

    @Override
    public Duration getExpiryForCreation() {
      return life;
    }

    @Override
    public Duration getExpiryForAccess() {
      return null;
    }

    @Override
    public Duration getExpiryForUpdate() {
      return null;
    }
  }

  /** Entries live until they are read. */
  private static final class OverOnceRead implements ExpiryPolicy {

    @Override
    public Duration getExpiryForCreation() {
      return Duration.ETERNAL;
    }

    @Override
    public Duration getExpiryForAccess() {
      return Duration.ZERO;
    }

    @Override
    public Duration getExpiryForUpdate() {
      return null;
    }
  }
}
