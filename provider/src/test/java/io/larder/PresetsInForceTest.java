package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.larder.testing.RedisServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published table of presets, as Redis and the heap see it. */
final class PresetsInForceTest {

  private static RedisServer redis;

  @TempDir
  Path directory;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @CsvSource({
    "minimal,           900,   25, 5000, 1,  2",
    "simple,           3600,  100, 1000, 6,  5",
    "development,       600,   50, 2000, 3,  3",
    "production,       7200,  500,  500, 9, 20",
    "ai-development,   1800,  100, 1000, 6,  5",
    "ai-production,   14400, 1000,  300, 9, 25",
  })
  void presetOverRedis(
      String preset, String ttl, int near, String threshold, int level, int connections)
      throws Exception {
    Properties properties = new Properties();
    properties.setProperty("redis_url", redis.url());
    properties.setProperty("operation_timeout_ms", "5000");
    Map<String, String> effects =
        new TreeMap<>(SettingsProbe.measure(redis, "larder:" + preset, properties, 0, preset));

    assertThat(Integer.parseInt(effects.remove(preset + " near"))).isBetween(near / 2, near);
    byte[] text = Effects.text().getBytes(StandardCharsets.UTF_8);
    int bytes = Zstd.compress(text, level).length + 5;
    assertThat(effects)
        .isEqualTo(new TreeMap<>(Map.of(
            preset + " names",
            "larder:{default:" + preset,
            preset + " ttl",
            ttl,
            preset + " codec",
            "kryo",
            preset + " threshold",
            threshold,
            preset + " compression",
            "zstd",
            preset + " bytes",
            String.valueOf(bytes),
            "connections",
            connections + "+1")));
  }

  @ParameterizedTest
  @CsvSource({
    "disabled,           10",
    "minimal,          1000",
    "simple,          10000",
    "development,     10000",
    "production,     100000",
    "ai-development,  10000",
    "ai-production,  100000",
  })
  void presetOnTheHeap(String preset, int size) {
    assertThat(heapSize("larder:" + preset, new Properties(), "any", size)).isBetween(1, size);
  }

  @Test
  void heapSizeOfASectionAndOfTheTop() {
    Properties properties = new Properties();
    properties.setProperty("heap_cache_size", "70");
    properties.setProperty("caches.books.heap_cache_size", "40");
    assertThat(heapSize("larder:simple", properties, "books", 40)).isBetween(20, 40);
    assertThat(heapSize("larder:simple", properties, "films", 70)).isBetween(41, 70);
  }

  /** Entries that are left, once evictions have been done, of more than fit. */
  private static int heapSize(String uri, Properties properties, String name, int likely) {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      LarderCache<Integer, Integer> cache =
          manager(provider, uri, properties).createCache(name, any()).unwrap(LarderCache.class);
      int many = likely + likely / 5 + 200;
      for (int i = 0; i < many; i++) {
        cache.put(i, i);
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      int left;
      do {
        left = 0;
        for (Cache.Entry<Integer, Integer> ignored : cache) {
          left++;
        }
      } while (left > likely && System.nanoTime() - end < 0);
      return left;
    }
  }

  @Test
  void defaultTtlEndsHeapEntriesToo() {
    Properties properties = new Properties();
    properties.setProperty("default_ttl", "1");
    properties.setProperty("caches.forever.default_ttl", "0");
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager = manager(provider, "larder:default", properties);
      Cache<Integer, Integer> cache = manager.createCache("any", any());
      Cache<Integer, Integer> forever = manager.createCache("forever", any());
      long start = System.nanoTime();
      cache.put(1, 1);
      forever.put(1, 1);
      while (cache.get(1) != null) {
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
        Thread.onSpinWait();
      }
      assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500));
      assertThat(forever.get(1)).isEqualTo(1);
    }
  }

  @Test
  void disabledConnectsToNothingWhoeverGivesTheUrl() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "redis://127.0.0.1:" + server.getLocalPort();
      Path file =
          Files.writeString(directory.resolve("larder.json"), "{\"redis_url\":\"" + url + "\"}");
      Properties preset = new Properties();
      preset.setProperty("preset", "disabled");
      useHeap(file.toUri().toString(), preset);
      Properties ofUrl = new Properties();
      ofUrl.setProperty("redis_url", url);
      useHeap("larder:disabled", ofUrl);
      System.setProperty("larder.redis_url", url);
      try {
        useHeap("larder:disabled", new Properties());
      } finally {
        System.clearProperty("larder.redis_url");
      }
      server.setSoTimeout(300);
      org.assertj.core.api.Assertions.assertThatThrownBy(server::accept)
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static void useHeap(String uri, Properties properties) {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      Cache<Integer, Integer> cache = manager(provider, uri, properties).createCache("c", any());
      cache.put(1, 1);
      assertThat(cache.get(1)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"staging, 7200", "local, 600", "ai-dev, 1800", "qa7, 3600", "email-dev, 600"})
  void environmentPutsItsPresetInForce(String environment, long ttl) {
    String namespace = "t" + UUID.randomUUID();
    Properties properties = new Properties();
    properties.setProperty("environment", environment);
    properties.setProperty("namespace", namespace);
    properties.setProperty("redis_url", redis.url());
    properties.setProperty("operation_timeout_ms", "5000");
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      manager(provider, "larder:default", properties).createCache("c", any()).put(1, 1);
      byte[] entry = (byte[])
          ((java.util.List<?>) redis.command("KEYS", "larder:{" + namespace + ":c:??}:*")).get(0);
      assertThat((Long) redis.command("PTTL", entry)).isBetween(ttl * 900, ttl * 1000);
    }
  }

  private static CacheManager manager(
      LarderCachingProvider provider, String uri, Properties properties) {
    return provider.getCacheManager(
        URI.create(uri), PresetsInForceTest.class.getClassLoader(), properties);
  }

  private static MutableConfiguration<Integer, Integer> any() {
    return new MutableConfiguration<Integer, Integer>().setTypes(Integer.class, Integer.class);
  }
}
