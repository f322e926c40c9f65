package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several threads, and over Redis several managers as of several processes, on the same keys. */
final class ContentionTest {

  private static final int THREADS = 4;
  private static final int ROUNDS = 100;

  private static RedisServer redis;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  /** Each waits for all the others, on a machine that may be busy. */
  private static Properties patient() {
    Properties settings = new Properties();
    settings.setProperty("operation_timeout_ms", "30000");
    return settings;
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void invokeIsAtomic(Mode mode) throws Exception {
    try (TestCaches one = TestCaches.in(mode, redis, patient());
        TestCaches other = mode.isShared() ? one.peer() : one) {
      List<Cache<String, Integer>> caches = both(one, other);

      together(thread -> {
        for (int i = 0; i < ROUNDS; i++) {
          caches.get(thread % caches.size()).invoke("n", (entry, arguments) -> {
            entry.setValue(entry.exists() ? entry.getValue() + 1 : 1);
            return null;
          });
        }
        return null;
      });

      assertThat(caches.get(0).<Integer>invoke("n", (entry, arguments) -> entry.getValue()))
          .isEqualTo(THREADS * ROUNDS);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void replaceIfEqualIsWonByOne(Mode mode) throws Exception {
    try (TestCaches one = TestCaches.in(mode, redis);
        TestCaches other = mode.isShared() ? one.peer() : one) {
      List<Cache<String, Integer>> caches = both(one, other);
      AtomicInteger won = new AtomicInteger();
      for (int i = 0; i < ROUNDS; i++) {
        caches.get(0).put("k" + i, 0);
      }

      together(thread -> {
        for (int i = 0; i < ROUNDS; i++) {
          if (caches.get(thread % caches.size()).replace("k" + i, 0, 1 + thread)) {
            won.incrementAndGet();
          }
        }
        return null;
      });

      assertThat(won).hasValue(ROUNDS);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void putIfAbsentIsWonByOne(Mode mode) throws Exception {
    try (TestCaches one = TestCaches.in(mode, redis);
        TestCaches other = mode.isShared() ? one.peer() : one) {
      List<Cache<String, Integer>> caches = both(one, other);
      AtomicInteger won = new AtomicInteger();

      together(thread -> {
        for (int i = 0; i < ROUNDS; i++) {
          if (caches.get(thread % caches.size()).putIfAbsent("k" + i, thread)) {
            won.incrementAndGet();
          }
        }
        return null;
      });

      assertThat(won).hasValue(ROUNDS);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void loaderRunsOnceForAllWhoWait(Mode mode) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CacheLoader<String, Integer> slow = new CacheLoader<>() {
      @Override
      public Integer load(String key) {
        calls.incrementAndGet();
        loading.countDown();
        await(go);
        return 42;
      }

      @Override
      public Map<String, Integer> loadAll(Iterable<? extends String> keys) {
        Map<String, Integer> loaded = new HashMap<>();
        keys.forEach(key -> loaded.put(key, load(key)));
        return loaded;
      }
    };
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<String, Integer> cache = caches.cache(caches
          .configuration(String.class, Integer.class)
          .setReadThrough(true)
          .setCacheLoaderFactory(new FactoryBuilder.SingletonFactory<>(slow)));

      List<Future<Integer>> answers = new ArrayList<>();
      answers.add(threads.submit(() -> cache.get("k")));
      loading.await();
      for (int i = 1; i < THREADS; i++) {
        answers.add(threads.submit(() -> cache.get("k")));
      }
      ExtensionsTest.await(() -> GetOrComputeTest.waitingIn(Flight.class) == THREADS - 1);
      go.countDown();

      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(42);
      }
      assertThat(calls).hasValue(1);
      assertThat(cache.get("k")).isEqualTo(42);
      assertThat(calls).hasValue(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void listenerHearsOneKeysChangesInOrder(Mode mode) throws Exception {
    Sequence heard = new Sequence();
    try (TestCaches caches = TestCaches.in(mode, redis, patient())) {
      Cache<String, Integer> cache = caches.cache(caches
          .configuration(String.class, Integer.class)
          .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
              new FactoryBuilder.SingletonFactory<>(heard), null, true, false)));

      together(thread -> {
        for (int i = 0; i < ROUNDS; i++) {
          cache.invoke("n", (entry, arguments) -> {
            entry.setValue(entry.exists() ? entry.getValue() + 1 : 1);
            return null;
          });
        }
        return null;
      });

      heard.awaitCount(THREADS * ROUNDS);
      List<Integer> expected = new ArrayList<>();
      for (int i = 1; i <= THREADS * ROUNDS; i++) {
        expected.add(i);
      }
      assertThat(heard.values).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void writersOfTwoProcessesAndTheCacheSeeOneOrder(Mode mode) throws Exception {
    Database database = new Database();
    try (TestCaches one = TestCaches.in(mode, redis);
        TestCaches other = one.peer()) {
      List<Cache<String, Integer>> caches = new ArrayList<>();
      for (TestCaches caching : List.of(one, other)) {
        caches.add(caching.cache(written(caching, database)));
      }

      together(thread -> {
        for (int i = 0; i < ROUNDS / 4; i++) {
          caches.get(thread % 2).put("k", thread * ROUNDS + i);
        }
        return null;
      });

      assertThat(database.writes).hasValue(THREADS * (ROUNDS / 4));
      assertThat(caches.get(0).getAndPut("other", 1)).isNull();
      assertThat(caches.get(1).<Integer>invoke("k", (entry, arguments) -> entry.getValue()))
          .isEqualTo(database.rows.get("k"));
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static javax.cache.configuration.MutableConfiguration<String, Integer> written(
      TestCaches caches, Database database) {
    return caches
        .configuration(String.class, Integer.class)
        .setWriteThrough(true)
        .setCacheWriterFactory((Factory) new FactoryBuilder.SingletonFactory<>(database));
  }

  private static List<Cache<String, Integer>> both(TestCaches one, TestCaches other) {
    List<Cache<String, Integer>> caches = new ArrayList<>();
    caches.add(one.cache(one.configuration(String.class, Integer.class)));
    if (other != one) {
      caches.add(other.cache(other.configuration(String.class, Integer.class)));
    }
    return caches;
  }

  private interface Work {
    Void on(int thread) throws Exception;
  }

  private void together(Work work) throws Exception {
    List<Callable<Void>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      all.add(() -> work.on(thread));
    }
    for (Future<Void> done : threads.invokeAll(all)) {
      done.get();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keeps values in the order in which they are heard. */
  private static final class Sequence
      implements CacheEntryCreatedListener<String, Integer>,
          CacheEntryUpdatedListener<String, Integer> {

    private final List<Integer> values = new ArrayList<>();

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends Integer>> events) {
      onUpdated(events);
    }

    @Override
    public synchronized void onUpdated(
        Iterable<CacheEntryEvent<? extends String, ? extends Integer>> events) {
      events.forEach(event -> values.add(event.getValue()));
      notifyAll();
    }

    synchronized void awaitCount(int count) throws InterruptedException {
      long end = System.nanoTime() + 20_000_000_000L;
      while (values.size() < count) {
        assertThat(System.nanoTime()).as("heard " + values.size()).isLessThan(end);
        wait(100);
      }
    }
  }

  private static final class Database implements CacheWriter<String, Integer> {

    private final Map<String, Integer> rows = new ConcurrentHashMap<>();
    private final AtomicInteger writes = new AtomicInteger();

    @Override
    public void write(Cache.Entry<? extends String, ? extends Integer> entry) {
      if (entry.getKey().equals("k")) {
        writes.incrementAndGet();
      }
      rows.put(entry.getKey(), entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends Integer>> entries) {
      entries.forEach(this::write);
      entries.clear();
    }

    @Override
    public void delete(Object key) {
      rows.remove(key.toString());
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.forEach(this::delete);
      keys.clear();
    }
  }
}
