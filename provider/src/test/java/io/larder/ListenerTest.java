package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.cache.Cache;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners and filters that use the cache, fail, come and go. */
@Timeout(30)
class ListenerTest {

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
  void filterDecidesWhatIsHeard(Mode mode) {
    Ear ear = new Ear();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = open(caches);
      cache.registerCacheEntryListener(listening(ear, event -> event.getKey() % 2 == 0, true));

      cache.put(1, "a");
      cache.put(2, "b");
      cache.put(2, "c");
      cache.remove(1);
      cache.remove(2);

      assertThat(ear.heard).containsExactly("CREATED 2=b", "UPDATED 2=c", "REMOVED 2=c");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void asynchronousListenerKeepsNobodyWaiting(Mode mode) {
    CountDownLatch go = new CountDownLatch(1);
    Ear ear = new Ear();
    ear.then = event -> await(go);
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = open(caches);
      cache.registerCacheEntryListener(listening(ear, null, false));

      cache.put(1, "a");
      cache.put(1, "b");
      cache.put(2, "c");
      cache.remove(1);
      assertThat(cache.get(2)).isEqualTo("c");
      go.countDown();

      await(() -> ear.heard.size() == 4);
      assertThat(ear.heard.stream().filter(event -> event.contains(" 1=")))
          .containsExactly("CREATED 1=a", "UPDATED 1=b", "REMOVED 1=b");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void listenerMayChangeTheCache(Mode mode) {
    for (boolean synchronous : new boolean[] {true, false}) {
      Ear ear = new Ear();
      try (TestCaches caches = TestCaches.in(mode, redis)) {
        Cache<Integer, String> cache = open(caches);
        ear.then = event -> {
          if (event.getValue().equals("first")) {
            cache.put(event.getKey(), "second");
            cache.invoke(event.getKey() + 100, (entry, arguments) -> {
              entry.setValue("other");
              return null;
            });
          }
        };
        cache.registerCacheEntryListener(listening(ear, null, synchronous));

        cache.put(1, "first");

        await(() -> ear.heard.size() == 3);
        assertThat(ear.heard)
            .containsExactlyInAnyOrder("CREATED 1=first", "UPDATED 1=second", "CREATED 101=other")
            .startsWith("CREATED 1=first");
        assertThat(cache.get(1)).isEqualTo("second");
        assertThat(cache.get(101)).isEqualTo("other");
      }
    }
  }

  /** Each listener's change is of the key whose listener the other thread is in. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void listenersThatChangeEachOthersKeysDoNotBlockForEver(Mode mode) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CountDownLatch both = new CountDownLatch(2);
    Ear ear = new Ear();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = open(caches);
      ear.then = event -> {
        if (event.getValue().equals("first")) {
          both.countDown();
          await(both);
          cache.put(3 - event.getKey(), "second");
        }
      };
      cache.registerCacheEntryListener(listening(ear, null, true));

      List<Future<?>> done = new ArrayList<>();
      done.add(threads.submit(() -> cache.put(1, "first")));
      done.add(threads.submit(() -> cache.put(2, "first")));

      for (Future<?> each : done) {
        each.get(20, TimeUnit.SECONDS);
      }
      await(() -> ear.heard.size() == 4);
      assertThat(cache.get(1)).isEqualTo("second");
      assertThat(cache.get(2)).isEqualTo("second");
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void failuresReachTheCallerOfSynchronousListenersOnly(Mode mode) {
    Ear failing = new Ear();
    failing.then = event -> {
      throw new IllegalStateException("of the listener");
    };
    Ear unfiltered = new Ear();
    Ear quiet = new Ear();
    quiet.then = failing.then;
    Ear healthy = new Ear();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = open(caches);
      cache.registerCacheEntryListener(listening(quiet, null, false));
      cache.registerCacheEntryListener(listening(healthy, null, true));
      cache.put(1, "a");

      var withFilter = listening(
          unfiltered,
          event -> {
            throw new IllegalArgumentException("of the filter");
          },
          true);
      cache.registerCacheEntryListener(withFilter);
      assertThatThrownBy(() -> cache.put(1, "b"))
          .isInstanceOf(CacheEntryListenerException.class)
          .hasMessageContaining("cache: ")
          .hasRootCauseMessage("of the filter");
      cache.deregisterCacheEntryListener(withFilter);

      cache.registerCacheEntryListener(listening(failing, null, true));
      assertThatThrownBy(() -> cache.put(1, "c"))
          .isInstanceOf(CacheEntryListenerException.class)
          .hasMessageContaining("cache: ")
          .hasRootCauseMessage("of the listener");

      assertThat(cache.get(1)).isEqualTo("c");
      assertThat(unfiltered.heard).isEmpty();
      assertThat(healthy.heard).containsExactly("CREATED 1=a", "UPDATED 1=b", "UPDATED 1=c");
      await(() -> quiet.heard.size() == 3);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void listenersComeAndGo(Mode mode) {
    Ear ear = new Ear();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = open(caches);
      var listening = listening(ear, null, true);
      cache.put(1, "before");

      cache.registerCacheEntryListener(listening);
      assertThatThrownBy(() -> cache.registerCacheEntryListener(listening))
          .isInstanceOf(IllegalArgumentException.class);
      cache.put(1, "during");
      cache.deregisterCacheEntryListener(listening);
      cache.deregisterCacheEntryListener(listening);
      cache.put(1, "after");
      cache.remove(1);
      cache.registerCacheEntryListener(listening);
      cache.put(1, "again");

      assertThat(ear.heard).containsExactly("UPDATED 1=during", "CREATED 1=again");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void lateListenerHearsExpiryOfWhatWasWrittenAfterIt(Mode mode) {
    Ear ear = new Ear();
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      Cache<Integer, String> cache = caches.cache(caches
          .configuration(Integer.class, String.class)
          .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(
              new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, 100))));
      cache.put(1, "early");
      cache.registerCacheEntryListener(listening(ear, null, true));
      cache.put(2, "late");

      await(() -> cache.get(1) == null && cache.get(2) == null);

      // The first reader may still meet key 1 in the millisecond between its deadline and its end.
      assertThat(ear.heard)
          .filteredOn(event -> event.contains("2="))
          .containsExactly("CREATED 2=late", "EXPIRED 2=late");
    }
  }

  private static Cache<Integer, String> open(TestCaches caches) {
    return caches.cache(caches.configuration(Integer.class, String.class));
  }

  private static MutableCacheEntryListenerConfiguration<Integer, String> listening(
      Ear ear, CacheEntryEventFilter<Integer, String> filter, boolean synchronous) {
    return new MutableCacheEntryListenerConfiguration<>(
        new FactoryBuilder.SingletonFactory<>(ear),
        filter == null ? null : new FactoryBuilder.SingletonFactory<>(filter),
        true,
        synchronous);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not after 20 s").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  private interface Reaction {

    void to(CacheEntryEvent<? extends Integer, ? extends String> event);
  }

  /** Notes what it hears, then does as the test says. */
  private static final class Ear
      implements CacheEntryCreatedListener<Integer, String>,
          CacheEntryUpdatedListener<Integer, String>,
          CacheEntryRemovedListener<Integer, String>,
          CacheEntryExpiredListener<Integer, String> {

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile Reaction then = event -> {};

    private void hear(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
      events.forEach(event -> {
        heard.add(event.getEventType() + " " + event.getKey() + "=" + event.getValue());
        then.to(event);
      });
    }

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
      hear(events);
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
      hear(events);
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
      hear(events);
    }

    @Override
    public void onExpired(Iterable<CacheEntryEvent<? extends Integer, ? extends String>> events) {
      hear(events);
    }
  }
}
