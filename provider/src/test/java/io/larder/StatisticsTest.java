package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.stats.CacheStats;
import io.larder.stats.Rating;
import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link LarderCache#stats} in each mode, with the JSR's statistics off and on. */
final class StatisticsTest {

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @CsvSource({"HEAP,false", "HEAP,true", "REDIS,false", "NEAR,false", "NEAR,true"})
  void namesAndNumbers(Mode mode, boolean jsr) {
    try (TestCaches caches = TestCaches.in(mode, redis)) {
      LarderCache<String, String> cache =
          caches.cache(caches.configuration(String.class, String.class).setStatisticsEnabled(jsr));
      for (int i = 0; i < 10; i++) {
        cache.put("k" + i, "v" + i);
      }
      for (int i = 0; i < 30; i++) {
        cache.get("k" + i % 10);
      }
      cache.getAll(Set.of("none1", "none2"));
      for (int i = 0; i < 8; i++) {
        cache.get("none");
      }
      cache.remove("k9");

      CacheStats stats = cache.stats();
      assertThat(stats.asMap().keySet())
          .containsExactly(
              "hit_ratio",
              "total_operations",
              "cache_hits",
              "cache_misses",
              "entry_count",
              "memory_usage_bytes",
              "avg_operation_time_ms",
              "avg_compression_ratio",
              "avg_compression_time_ms",
              "total_bytes_saved");
      assertThat(stats.asMap())
          .containsEntry("hit_ratio", 0.75)
          .containsEntry("cache_hits", 30L)
          .containsEntry("cache_misses", 10L)
          .containsEntry("total_operations", 51L);
      assertThat(stats.averageOperationMillis()).isPositive();
      assertThat(stats.operationsPerSecond())
          .isCloseTo(
              1000 / stats.averageOperationMillis(),
              org.assertj.core.data.Percentage.withPercentage(1));
      assertThat(stats.rating()).isEqualTo(Rating.of(stats.operationsPerSecond(), 0.75));
      Map<String, Map<String, Number>> tiers = stats.tiersAsMap();
      switch (mode) {
        case NEAR -> {
          assertThat(tiers.keySet()).containsExactly("L1", "Redis");
          assertThat(tiers.get("L1").get("cache_hits").longValue()
                  + tiers.get("Redis").get("cache_hits").longValue())
              .isEqualTo(30);
          assertThat(tiers.get("Redis")).doesNotContainKeys("entry_count", "memory_usage_bytes");
          assertThat(stats.entryCount()).isLessThanOrEqualTo(10);
        }
        case REDIS -> {
          assertThat(tiers.keySet()).containsExactly("Redis");
          assertThat(tiers.get("Redis")).containsEntry("hit_ratio", 0.75);
          assertThat(stats.entryCount()).isZero();
        }
        default -> {
          assertThat(tiers.keySet()).containsExactly("L1");
          assertThat(tiers.get("L1")).containsEntry("hit_ratio", 0.75);
          assertThat(stats.entryCount()).isEqualTo(9);
        }
      }
    }
  }

  @Test
  void nothingIsCountedWithoutStatisticsAndMonitoring() {
    Properties off = new Properties();
    off.setProperty("enable_monitoring", "false");
    try (TestCaches caches = TestCaches.in(Mode.HEAP, redis, off)) {
      LarderCache<String, String> cache = caches.cache(
          caches.configuration(String.class, String.class).setStatisticsEnabled(false));
      cache.put("k", "v");
      cache.get("k");

      assertThat(cache.stats().totalOperations()).isZero();
      assertThat(cache.stats().hitRatio()).isZero();
      assertThat(cache.stats().rating()).isEqualTo(Rating.POOR);
      assertThat(cache.stats().tiers().get(0).hits()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REDIS", "NEAR"})
  void compressionIsMeasuredWhereItHappens(Mode mode) {
    Properties more = new Properties();
    more.setProperty("compression_threshold", "1000");
    try (TestCaches caches = TestCaches.in(mode, redis, more)) {
      LarderCache<String, Object> cache =
          caches.cache(caches.configuration(String.class, Object.class));
      cache.put("small", "x".repeat(1_000));
      assertThat(cache.stats().asMap())
          .containsEntry("avg_compression_ratio", 1.0)
          .containsEntry("total_bytes_saved", 0L)
          .containsEntry("avg_compression_time_ms", 0.0);

      cache.put("large", "x".repeat(100_000));
      byte[] noise = new byte[20_000];
      new Random(1).nextBytes(noise);
      cache.put("noise", noise);

      CacheStats stats = cache.stats();
      assertThat(stats.asMap().get("total_bytes_saved").longValue()).isBetween(95_000L, 100_000L);
      assertThat(stats.asMap().get("avg_compression_ratio").doubleValue()).isBetween(0.16, 0.21);
      assertThat(stats.asMap().get("avg_compression_time_ms").doubleValue()).isPositive();
      assertThat(stats.codec().averageValueBytes()).isEqualTo((1_000 + 100_000 + 20_000) / 3.0);
    }
  }

  @Test
  void memoryOfTheHeapIsEstimatedWithinAFactorOfTwo() {
    try (TestCaches caches = TestCaches.in(Mode.HEAP, redis)) {
      MutableConfiguration<Integer, Object> types =
          caches.configuration(Integer.class, Object.class);
      LarderCache<Integer, Object> texts = caches.cache("texts", types);
      LarderCache<Integer, Object> lists = caches.cache("lists", types);
      assertThat(texts.stats().memoryUsageBytes()).isZero();
      for (int i = 0; i < 1_000; i++) {
        texts.put(i, "x".repeat(10_000));
        List<Integer> numbers = new ArrayList<>();
        for (int j = 0; j < 1_000; j++) {
          numbers.add(1_000 + i * j);
        }
        lists.put(i, new Holder(numbers));
      }

      assertThat(texts.stats().memoryUsageBytes()).isBetween(10_000_000L, 11_000_000L);
      // 1,000 lists of 1,000 references and as many Integers
      assertThat(lists.stats().memoryUsageBytes()).isBetween(10_000_000L, 70_000_000L);
    }
  }

  /** A value class of an application. */
  static final class Holder {

    private final List<Integer> numbers;

    Holder(List<Integer> numbers) {
      this.numbers = numbers;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Holder that && numbers.equals(that.numbers);
    }

    @Override
    public int hashCode() {
      return numbers.hashCode();
    }
  }
}
