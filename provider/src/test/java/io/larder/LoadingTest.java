package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.stats.RedisStatus.Connection;
import io.larder.store.LockTimeoutException;
import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListener;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The application's own code within operations: loaders, writers and entry processors. */
class LoadingTest {

  /** Redis is asked within it, on a machine that may be busy. */
  private static final int SHARED_TIMEOUT_MILLIS = 4000;

  private static final int HEAP_TIMEOUT_MILLIS = 1000;

  static RedisServer redis;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Source source = new Source();
  private final Sink sink = new Sink();

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

  @ParameterizedTest
  @EnumSource(Mode.class)
  void getAllLoadsEachMissingKeyOnce(Mode mode) throws Exception {
    CountDownLatch loadingFour = new CountDownLatch(1);
    CountDownLatch loadingMany = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    source.answer = (cache, key) -> {
      if (key == 4) {
        loadingFour.countDown();
        await(go);
      } else {
        loadingMany.countDown();
      }
      return key == 5 ? null : "loaded" + key;
    };
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = reading(caches);
      cache.put(1, "put");
      Future<String> four = threads.submit(() -> cache.get(4));
      await(loadingFour);

      Future<Map<Integer, String>> all = threads.submit(() -> cache.getAll(Set.of(1, 2, 3, 4, 5)));
      await(loadingMany);
      go.countDown();

      assertThat(all.get()).isEqualTo(Map.of(1, "put", 2, "loaded2", 3, "loaded3", 4, "loaded4"));
      assertThat(four.get()).isEqualTo("loaded4");
      assertThat(source.loads).isEqualTo(Map.of(2, 1, 3, 1, 4, 1, 5, 1));
      assertThat(cache.getAll(Set.of(2, 3, 4))).hasSize(3);
      assertThat(source.loads).isEqualTo(Map.of(2, 1, 3, 1, 4, 1, 5, 1));
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void loaderMayAskTheCacheForAnotherKey(Mode mode) {
    source.answer = (cache, key) -> key == 0 ? "0" : cache.get(key - 1) + key;
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = reading(caches);

      assertThat(cache.get(3)).isEqualTo("0123");
      assertThat(cache.getAll(Set.of(5))).isEqualTo(Map.of(5, "012345"));
      assertThat(source.loads).isEqualTo(Map.of(0, 1, 1, 1, 2, 1, 3, 1, 4, 1, 5, 1));
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void loaderThatAsksForItsOwnKeyIsTold(Mode mode) {
    List<BiFunction<Cache<Integer, String>, Integer, Object>> ways = List.of(
        Cache::get,
        (cache, key) -> cache.getAll(Set.of(key)),
        (cache, key) -> cache.invoke(key, (entry, arguments) -> entry.getValue()));
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = reading(caches);
      for (BiFunction<Cache<Integer, String>, Integer, Object> outer : ways) {
        for (BiFunction<Cache<Integer, String>, Integer, Object> inner : ways.subList(0, 2)) {
          source.answer = (own, key) -> String.valueOf(inner.apply(own, key));

          assertThatThrownBy(() -> outer.apply(cache, 1))
              .isInstanceOf(CacheLoaderException.class)
              .hasMessageContaining("cache: the loader asked the cache for the key");
        }
      }
      source.answer = (own, key) -> "v";
      assertThat(cache.get(1)).isEqualTo("v");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void loaderMayAnswerWithAMapThatCannotBeChanged(Mode mode) throws Exception {
    source.unmodifiable = true;
    source.answer = (cache, key) -> "loaded" + key;
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = reading(caches);

      assertThat(cache.getAll(Set.of(1, 2))).isEqualTo(Map.of(1, "loaded1", 2, "loaded2"));
      CompletionListenerFuture done = new CompletionListenerFuture();
      cache.loadAll(Set.of(1, 3), true, done);
      done.get(20, TimeUnit.SECONDS);
      assertThat(cache.containsKey(3)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void loadAllTellsOfEveryFailure(Mode mode) throws Exception {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = reading(caches);
      for (Throwable failure : List.of(new IllegalStateException("no"), new AssertionError("no"))) {
        source.answer = (own, key) -> {
          throw LoadingTest.<RuntimeException>sneaky(failure);
        };
        CompletionListenerFuture done = new CompletionListenerFuture();

        cache.loadAll(Set.of(1), false, done);

        assertThatThrownBy(() -> done.get(20, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(CacheLoaderException.class)
            .hasRootCause(failure)
            .hasMessageContaining("cache: ");
      }
      assertThat(cache.containsKey(1)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void completionListenerThatFailsDisturbsNobody(Mode mode) throws Exception {
    source.answer = (cache, key) -> "loaded" + key;
    List<String> told = new ArrayList<>();
    CountDownLatch completed = new CountDownLatch(1);
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = reading(caches);

      cache.loadAll(Set.of(1), false, new CompletionListener() {
        @Override
        public void onCompletion() {
          told.add("completion");
          completed.countDown();
          throw new IllegalStateException("of the listener");
        }

        @Override
        public void onException(Exception e) {
          told.add("exception");
        }
      });
      await(completed);
      cache.loadAll(Set.of(2), false, null);
      CompletionListenerFuture done = new CompletionListenerFuture();
      cache.loadAll(Set.of(3), false, done);
      done.get(20, TimeUnit.SECONDS);

      assertThat(told).containsExactly("completion");
      assertThat(cache.containsKey(1)).isTrue();
      assertThat(cache.containsKey(3)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void entryProcessorReadsThrough(Mode mode) {
    source.answer = (cache, key) -> key == 9 ? null : "loaded" + key;
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = caches.cache(written(reads(caches)));

      assertThat(cache.<Boolean>invoke(1, (entry, arguments) -> entry.exists())).isFalse();
      assertThat(source.loads).isEmpty();
      assertThat(cache.<String>invoke(1, (entry, arguments) -> entry.getValue()))
          .isEqualTo("loaded1");
      assertThat(cache.containsKey(1)).isTrue();
      assertThat(sink.rows).isEmpty();

      cache.invoke(2, (entry, arguments) -> {
        entry.setValue(entry.getValue() + "!");
        return null;
      });
      assertThat(cache.get(2)).isEqualTo("loaded2!");
      assertThat(sink.rows).isEqualTo(Map.of(2, "loaded2!"));

      cache.invoke(3, (entry, arguments) -> {
        entry.getValue();
        entry.remove();
        return null;
      });
      assertThat(cache.containsKey(3)).isFalse();
      assertThat(cache.<String>invoke(9, (entry, arguments) -> entry.getValue()))
          .isNull();
      assertThat(cache.containsKey(9)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void slowCodeOfTheApplicationIsNotCutOff(Mode mode) throws Exception {
    source.answer = (cache, key) -> slowly(mode, "loaded" + key);
    sink.before = key -> slowly(mode, "");
    Map<Integer, Consumer<Cache<Integer, String>>> ways = new HashMap<>();
    ways.put(1, cache -> cache.get(1));
    ways.put(2, cache -> cache.getAll(Set.of(2)));
    ways.put(3, cache -> cache.invoke(3, (entry, arguments) -> entry.getValue()));
    ways.put(4, cache -> cache.put(4, "put"));
    ways.put(5, cache -> cache.putAll(Map.of(5, "put")));
    ways.put(6, cache -> cache.putIfAbsent(6, "put"));
    ways.put(7, cache -> cache.getAndPut(7, "put"));
    ways.put(
        8,
        cache -> cache.invoke(8, (entry, arguments) -> {
          entry.setValue(slowly(mode, "invoked"));
          return null;
        }));
    ways.put(9, cache -> {
      CompletionListenerFuture done = new CompletionListenerFuture();
      cache.loadAll(Set.of(9), false, done);
      try {
        done.get();
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
    ways.put(10, cache -> assertThat(cache.remove(10)).isFalse());
    try (TestCaches caches = connected(TestCaches.in(mode, redis, impatient(mode)), mode)) {
      Cache<Integer, String> cache = caches.cache(written(reads(caches)));

      List<Future<?>> done = new ArrayList<>();
      ways.values().forEach(way -> done.add(threads.submit(() -> way.accept(cache))));

      for (Future<?> each : done) {
        each.get();
      }
      for (int key = 1; key <= 9; key++) {
        assertThat(cache.containsKey(key)).as("" + key).isTrue();
      }
      assertThat(sink.rows.keySet()).containsExactlyInAnyOrder(4, 5, 6, 7, 8);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whoWaitsForSlowCodeFailsWithNothingChanged(Mode mode) throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    sink.before = key -> {
      working.countDown();
      await(go);
    };
    source.answer = (cache, key) -> "loaded";
    try (TestCaches caches = connected(TestCaches.in(mode, redis, impatient(mode)), mode);
        TestCaches other = mode.isShared() ? connected(caches.peer(), mode) : null) {
      Cache<Integer, String> cache = caches.cache(written(reads(caches)));
      Future<?> slow = threads.submit(() -> cache.put(1, "slow"));
      await(working);

      assertThatThrownBy(() -> cache.put(1, "quick"))
          .isInstanceOf(LockTimeoutException.class)
          .hasMessageContaining("cache: ")
          .hasMessageContaining("operation_timeout_ms");
      if (other != null) {
        Cache<Integer, String> theirs =
            other.cache(written(other.configuration(Integer.class, String.class)));
        assertThatThrownBy(() -> theirs.put(1, "quick"))
            .isInstanceOf(CacheException.class)
            .hasMessageContaining("cache: ");
      }
      assertThat(cache.get(1)).isEqualTo("loaded");
      assertThat(cache.containsKey(1)).isFalse();
      assertThat(sink.rows).isEmpty();

      go.countDown();
      slow.get();
      assertThat(cache.get(1)).isEqualTo("slow");
      assertThat(sink.rows).isEqualTo(Map.of(1, "slow"));
      cache.put(1, "quick");
      assertThat(cache.get(1)).isEqualTo("quick");
    }
  }

  /** Longer than the operation timeout, which is what this is about. */
  private static String slowly(Mode mode, String value) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(timeoutMillis(mode) * 5L / 4));
    return value;
  }

  /** On a busy machine a manager with that timeout may begin without Redis. */
  private static TestCaches connected(TestCaches caches, Mode mode) {
    if (mode.isShared()) {
      Outages.await(Outages.watch(caches), Connection.CONNECTED);
    }
    return caches;
  }

  private static int timeoutMillis(Mode mode) {
    return mode.isShared() ? SHARED_TIMEOUT_MILLIS : HEAP_TIMEOUT_MILLIS;
  }

  private static Properties impatient(Mode mode) {
    Properties settings = new Properties();
    settings.setProperty("operation_timeout_ms", String.valueOf(timeoutMillis(mode)));
    return settings;
  }

  private LarderCache<Integer, String> reading(TestCaches caches) {
    return caches.cache(reads(caches));
  }

  private MutableConfiguration<Integer, String> reads(TestCaches caches) {
    source.caches = caches;
    return caches
        .configuration(Integer.class, String.class)
        .setReadThrough(true)
        .setCacheLoaderFactory(new FactoryBuilder.SingletonFactory<>(source));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private MutableConfiguration<Integer, String> written(
      MutableConfiguration<Integer, String> configuration) {
    return configuration.setWriteThrough(true).setCacheWriterFactory((Factory)
        new FactoryBuilder.SingletonFactory<>(sink));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T sneaky(Throwable any) throws T {
    throw (T) any;
  }

  /** A loader that does as the test says and counts its loads of each key. */
  private static final class Source implements CacheLoader<Integer, String> {

    private final Map<Integer, Integer> loads = new ConcurrentHashMap<>();
    private volatile BiFunction<Cache<Integer, String>, Integer, String> answer;
    private volatile TestCaches caches;
    private volatile boolean unmodifiable;

    @Override
    public String load(Integer key) {
      loads.merge(key, 1, Integer::sum);
      return answer.apply(caches.manager().getCache("cache"), key);
    }

    @Override
    public Map<Integer, String> loadAll(Iterable<? extends Integer> keys) {
      Map<Integer, String> loaded = new HashMap<>();
      keys.forEach(key -> loaded.put(key, load(key)));
      return unmodifiable ? Map.copyOf(loaded) : loaded;
    }
  }

  /** A writer that takes its time as the test says. */
  private static final class Sink implements CacheWriter<Integer, String> {

    private final Map<Object, String> rows = new ConcurrentHashMap<>();
    private volatile Consumer<Object> before = key -> {};

    @Override
    public void write(Cache.Entry<? extends Integer, ? extends String> entry) {
      before.accept(entry.getKey());
      rows.put(entry.getKey(), entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends Integer, ? extends String>> entries) {
      entries.forEach(this::write);
      entries.clear();
    }

    @Override
    public void delete(Object key) {
      before.accept(key);
      rows.remove(key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.forEach(this::delete);
      keys.clear();
    }
  }
}
