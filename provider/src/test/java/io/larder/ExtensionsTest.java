package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.RedisServer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.cache.Cache;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.integration.CacheWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Own times to live, patterns, counting, and the choice of what is near. */
final class ExtensionsTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static <K> MutableConfiguration<K, String> texts(TestCaches caches, Class<K> keys) {
    return caches.configuration(keys, String.class);
  }

  /** A policy of 10 minutes from creation; updates leave the deadline. */
  private static MutableConfiguration<String, String> tenMinutes(TestCaches caches) {
    return texts(caches, String.class)
        .setExpiryPolicyFactory(
            CreatedExpiryPolicy.factoryOf(new javax.cache.expiry.Duration(TimeUnit.MINUTES, 10)));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void ownTimeToLiveWinsOverThePolicy(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = caches.cache(tenMinutes(caches));

      cache.put("new", "v", MINUTE);
      cache.put("updated", "v");
      cache.put("updated", "w", MINUTE);
      assertThat(cache.putIfAbsent("absent", "v", MINUTE)).isTrue();
      assertThat(cache.putIfAbsent("absent", "w", Duration.ofHours(1))).isFalse();
      cache.put("policy", "v");
      cache.put("forever", "v", ChronoUnit.FOREVER.getDuration());

      for (String key : List.of("new", "updated", "absent")) {
        assertThat(cache.timeToLive(key))
            .as(key)
            .hasValueSatisfying(left -> assertThat(left).isBetween(Duration.ofSeconds(30), MINUTE));
      }
      assertThat(cache.get("updated")).isEqualTo("w");
      assertThat(cache.get("absent")).isEqualTo("v");
      assertThat(cache.timeToLive("policy").orElseThrow()).isGreaterThan(Duration.ofMinutes(9));
      assertThat(cache.timeToLive("nobody")).isEmpty();
      assertThat(cache.timeToLive("forever").orElseThrow()).isGreaterThan(Duration.ofMinutes(9));
      cache.put("new", "later");
      assertThat(cache.timeToLive("new").orElseThrow()).isLessThanOrEqualTo(MINUTE);
      assertThat(cache.stats().puts()).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void entryEndsWithItsOwnTimeToLive(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = caches.cache(tenMinutes(caches));
      long start = System.nanoTime();
      cache.put("k", "v", Duration.ofMillis(400));
      cache.put("k2", "v", Duration.ofNanos(1));
      String early = cache.get("k");
      if (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(400)) {
        assertThat(early).isEqualTo("v");
      }
      await(() -> cache.get("k") == null && cache.get("k2") == null);
      assertThat(cache.timeToLive("k")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void eternalEntriesHaveNoEnd(Mode mode) {
    Properties unbounded = new Properties();
    unbounded.setProperty("default_ttl", "0");
    try (TestCaches caches = TestCaches.in(mode, redis, unbounded)) {
      LarderCache<String, String> cache = caches.cache(texts(caches, String.class));
      cache.put("k", "v");
      assertThat(cache.timeToLive("k")).contains(ChronoUnit.FOREVER.getDuration());
      cache.put("k", "v", MINUTE);
      assertThat(cache.timeToLive("k").orElseThrow()).isLessThanOrEqualTo(MINUTE);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void ownTimeToLiveGoesThroughWriterAndListeners(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      List<String> log = new ArrayList<>();
      LarderCache<String, String> cache = caches.cache(noisy(texts(caches, String.class), log));

      cache.put("k", "v", MINUTE);
      cache.put("k", "w", MINUTE);
      cache.putIfAbsent("k2", "v", MINUTE);
      cache.removeMatching("k?");

      assertThat(log)
          .containsExactly(
              "write k",
              "CREATED k",
              "write k",
              "UPDATED k",
              "write k2",
              "CREATED k2",
              "delete k2",
              "REMOVED k2");
      assertThat(cache.timeToLive("k").orElseThrow()).isLessThanOrEqualTo(MINUTE);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void removeMatchingCountsAndReachesAll(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis);
        TestCaches peer = mode.isShared() ? caches.peer() : null) {
      LarderCache<String, String> cache = caches.cache(texts(caches, String.class));
      LarderCache<String, String> other =
          peer == null ? cache : peer.cache(texts(caches, String.class));
      for (int i = 0; i < 1_200; i++) {
        cache.put("a:" + i, "v");
      }
      cache.put("b:1", "v");
      awaitAnswer(other, "a:7", "v");

      assertThat(cache.removeMatching("a:*")).isEqualTo(1_200);

      assertThat(cache.get("a:7")).isNull();
      await(() -> other.get("a:7") == null);
      assertThat(cache.get("b:1")).isEqualTo("v");
      assertThat(cache.stats().removals()).isEqualTo(1_200);
      assertThat(cache.removeMatching("a:*")).isZero();
      assertThat(cache.removeMatching("B:1")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void patternsAreForTextKeys(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<Integer, String> numbers = caches.cache("n", texts(caches, Integer.class));
      assertThatThrownBy(() -> numbers.removeMatching("*"))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("java.lang.Integer");
      LarderCache<Object, String> mixed = caches.cache("m", texts(caches, Object.class));
      mixed.put(1, "v");
      mixed.put("1", "v");
      assertThat(mixed.removeMatching("*")).isEqualTo(1);
      assertThat(mixed.get(1)).isEqualTo("v");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void clearAndCountTellsHowManyWent(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = caches.cache(texts(caches, String.class));
      for (int i = 0; i < 100; i++) {
        cache.put("k" + i, "v");
      }
      assertThat(cache.clearAndCount()).isEqualTo(100);
      assertThat(cache.get("k1")).isNull();
      assertThat(cache.clearAndCount()).isZero();
      cache.put("k1", "v");
      assertThat(cache.get("k1")).isEqualTo("v");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void badArgumentsAreNamed(Mode mode) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache = caches.cache(texts(caches, String.class));
      for (Duration bad : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
        assertThatThrownBy(() -> cache.put("k", "v", bad))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("cache: timeToLive is " + bad + " but must be positive");
        assertThatThrownBy(() -> cache.putIfAbsent("k", "v", bad))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> cache.put("k", "v", null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> cache.removeMatching(null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> cache.timeToLive(null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> cache.admitToNear(null)).isInstanceOf(NullPointerException.class);
      assertThat(cache.get("k")).isNull();
      cache.close();
      assertThatThrownBy(() -> cache.timeToLive("k")).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(cache::clearAndCount).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void onlyWhatIsAdmittedIsNear() {
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis)) {
      LarderCache<String, String> cache = caches.cache(texts(caches, String.class));
      AtomicInteger promoted = new AtomicInteger();
      cache.admitToNear((key, value) -> value.startsWith("small") || promoted.get() > 0);
      cache.put("small", "small 1");
      cache.put("large", "large 1");
      await(() -> isNear(cache, "small"));

      for (int i = 0; i < 20; i++) {
        assertThat(isNear(cache, "large")).isFalse();
        cache.getAll(Set.of("large", "small"));
      }
      promoted.set(1);
      await(() -> isNear(cache, "large"));

      promoted.set(0);
      cache.put("small", "large now");
      assertThat(isNear(cache, "small")).isFalse();
      assertThat(isNear(cache, "small")).isFalse();
      assertThat(cache.get("small")).isEqualTo("large now");
    }
  }

  @Test
  void failingAdmissionHoldsNothing() {
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis)) {
      LarderCache<String, String> cache = caches.cache(texts(caches, String.class));
      cache.admitToNear((key, value) -> {
        throw new IllegalStateException("as the test wants");
      });
      cache.put("k", "v");
      for (int i = 0; i < 5; i++) {
        assertThat(cache.get("k")).isEqualTo("v");
        assertThat(isNear(cache, "k")).isFalse();
      }
    }
  }

  private static boolean isNear(LarderCache<String, String> cache, String key) {
    long before = cache.stats().tiers().get(0).hits();
    assertThat(cache.get(key)).isNotNull();
    return cache.stats().tiers().get(0).hits() > before;
  }

  private static void awaitAnswer(LarderCache<String, String> cache, String key, String value) {
    await(() -> value.equals(cache.get(key)));
  }

  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waited in vain").isNegative();
      Thread.onSpinWait();
    }
  }

  private static MutableConfiguration<String, String> noisy(
      MutableConfiguration<String, String> configuration, List<String> log) {
    return configuration
        .setWriteThrough(true)
        .setCacheWriterFactory(new FactoryBuilder.SingletonFactory<>(new LoggingWriter(log)))
        .addCacheEntryListenerConfiguration(new MutableCacheEntryListenerConfiguration<>(
            new FactoryBuilder.SingletonFactory<>(new LoggingListener(log)), null, false, true));
  }

  @SuppressWarnings("serial")
  private record LoggingWriter(List<String> log) implements CacheWriter<String, String> {

    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      log.add("write " + entry.getKey());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      entries.forEach(this::write);
      entries.clear();
    }

    @Override
    public void delete(Object key) {
      log.add("delete " + key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.forEach(this::delete);
      keys.clear();
    }
  }

  private record LoggingListener(List<String> log)
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String>,
          CacheEntryRemovedListener<String, String> {

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      note(events);
    }

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      note(events);
    }

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      note(events);
    }

    private void note(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> log.add(event.getEventType() + " " + event.getKey()));
    }
  }
}
