package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.Settings;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.cache.CacheException;
import javax.cache.Caching;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cell of the factories' table, by what it does to a Redis. */
final class FactoryTableTest {

  private static RedisServer redis;

  @BeforeAll
  static void open() {
    redis = RedisServer.startOwn();
  }

  @AfterAll
  static void close() {
    redis.close();
  }

  @AfterEach
  void closeManagers() {
    Caching.getCachingProvider("io.larder.LarderCachingProvider").close();
    redis.command("FLUSHALL");
  }

  private record Row(
      String name,
      LarderCaches caches,
      int ttlSeconds,
      int near,
      int threshold,
      int level,
      int database) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> table() {
    return Stream.of(
        new Row("web app", LarderCaches.webApp(), 1800, 200, 2000, 6, 0),
        new Row("AI app", LarderCaches.aiApp(), 3600, 100, 1000, 6, 0),
        new Row("testing", LarderCaches.testing(), 60, 0, 1000, 1, 15),
        new Row(
            "testing with near",
            LarderCaches.testing().with("enable_l1_cache", true),
            60,
            50,
            1000,
            1,
            15));
  }

  private static LarderCache<String, String> cache(LarderCaches caches) {
    return caches
        .redis(redis.url())
        .with("operation_timeout_ms", 5000)
        .cache("cells", String.class, String.class);
  }

  @ParameterizedTest
  @MethodSource("table")
  void timeToLiveAndDatabase(Row row) {
    cache(row.caches()).put("k", "v");

    try (RespConnection connection = redis.connect()) {
      connection.command("SELECT", Integer.toString(row.database()));
      long pttl = (Long) connection.command("PTTL", entry(connection));
      assertThat(pttl).isBetween(row.ttlSeconds() * 1000L - 30_000, row.ttlSeconds() * 1000L);
    }
    String keyspace = RespConnection.text(redis.command("INFO", "keyspace"));
    assertThat(keyspace.lines().filter(line -> line.startsWith("db")))
        .singleElement()
        .asString()
        .startsWith("db" + row.database() + ":");
  }

  @ParameterizedTest
  @MethodSource("table")
  void thresholdAndLevel(Row row) {
    int below = storedBytes(row, row.threshold() - 100);
    int above = storedBytes(row, row.threshold() + 100);

    assertThat(below).isGreaterThan(row.threshold() - 100);
    assertThat(above).isLessThan(below);
    // The level is the one whose bytes these are.
    int[] lengths = new int[10];
    for (int level = 1; level <= 9; level++) {
      LarderCaches other = row.caches().with("compression_level", level);
      lengths[level] = storedBytes(new Row("", other, 0, 0, 0, 0, row.database()), 100_000);
    }
    assertThat(storedBytes(row, 100_000)).isEqualTo(lengths[row.level()]);
    assertThat(lengths[1]).as("levels can be told apart").isNotEqualTo(lengths[6]);
  }

  /** Bytes in Redis of an entry whose value has that many characters, and compresses by half. */
  private static int storedBytes(Row row, int characters) {
    Random random = new Random(7);
    StringBuilder value = new StringBuilder();
    while (value.length() < characters) {
      value.append("word").append(random.nextInt(500)).append(' ');
    }
    value.setLength(characters);
    cache(row.caches()).put("k", value.toString());
    try (RespConnection connection = redis.connect()) {
      connection.command("SELECT", Integer.toString(row.database()));
      return ((Long) connection.command("STRLEN", entry(connection))).intValue();
    }
  }

  private static byte[] entry(RespConnection connection) {
    List<?> keys = (List<?>) connection.command("KEYS", "larder:{default:cells:??}:*");
    assertThat(keys).hasSize(1);
    return (byte[]) keys.get(0);
  }

  @ParameterizedTest
  @MethodSource("table")
  void nearTier(Row row) {
    // However long a busy machine takes, none expires.
    LarderCache<String, String> cache = cache(row.caches().with("default_ttl", 3600));
    awaitNear(cache, row.near());
    int many = Math.max(60, 3 * row.near());
    awaitRoomKept(cache, many, many - row.near() - 5);

    int size = row.caches().settings().settings().cache("cells").memoryCacheSize();
    assertThat(size).isEqualTo(row.near() == 0 ? 50 : row.near());

    if (row.near() == 0) {
      redis.command("FLUSHALL");
      assertThat(cache.get("k0")).isNull();
    } else {
      long end = System.nanoTime() + 30_000_000_000L;
      while (!isAnsweredWithoutRedis(cache)) {
        assertThat(System.nanoTime()).as("what is near is answered").isLessThan(end);
      }
    }
  }

  /** Not where its comparison with Redis, once a second, came just between. */
  private static boolean isAnsweredWithoutRedis(LarderCache<String, String> cache) {
    cache.put("k0", "v");
    ExtensionsTest.await(() -> {
      long before = cache.stats().tiers().get(0).hits();
      cache.get("k0");
      return cache.stats().tiers().get(0).hits() > before;
    });
    redis.command("FLUSHALL");
    return "v".equals(cache.get("k0"));
  }

  /** Reads of Redis in the last of some rounds over that many keys. */
  private static long asked(LarderCache<String, String> cache, int keys) {
    for (int i = 0; i < keys; i++) {
      cache.putIfAbsent("k" + i, "v");
    }
    long asked = 0;
    for (int round = 0; round < 5; round++) {
      long before = reads();
      for (int i = 0; i < keys; i++) {
        assertThat(cache.get("k" + i)).isEqualTo("v");
      }
      asked = reads() - before;
    }
    return asked;
  }

  /** What is too much for the near tier goes in the background. */
  private static void awaitRoomKept(LarderCache<String, String> cache, int keys, int atLeast) {
    long end = System.nanoTime() + 30_000_000_000L;
    for (long asked = asked(cache, keys); asked < atLeast; asked = asked(cache, keys)) {
      assertThat(System.nanoTime()).as("asks only %d of %d", asked, keys).isLessThan(end);
    }
  }

  /**
   * As many keys as it has room for are near in the end: first it has to hear the invalidations of
   * their buckets. A comparison with Redis once a second reads, too.
   */
  private static void awaitNear(LarderCache<String, String> cache, int near) {
    long end = System.nanoTime() + 30_000_000_000L;
    while (asked(cache, near) > near / 10 + 5) {
      assertThat(System.nanoTime()).as("near answers").isLessThan(end);
    }
  }

  private static long reads() {
    return redis.commandStats().getOrDefault("mget", 0L);
  }

  @Test
  void aiValues() {
    Settings ai = LarderCaches.aiApp().settings().settings();

    assertThat(ai.ai().enabled()).isTrue();
    assertThat(ai.ai().textHashThreshold()).isEqualTo(500);
    assertThat(LarderCaches.webApp().settings().settings().ai().enabled()).isFalse();
    assertThat(LarderCaches.testing().settings().settings().ai().enabled()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("table")
  void noneFailsForWantOfRedis(Row row) {
    assertThat(row.caches().settings().settings().failOnConnectionError()).isFalse();
    assertThatThrownBy(() -> row.caches()
            .redis("redis://127.0.0.1:1")
            .with("fail_on_connection_error", true)
            .manager())
        .isInstanceOf(CacheException.class);
  }

  @Test
  void testingInMemoryOpensNoConnection() {
    Outages.await(() -> connections() == 1, "those of earlier tests are closed");
    System.setProperty("larder.redis_url", redis.url());
    try {
      LarderCache<String, String> cache =
          LarderCaches.testing().useMemoryCache().cache("m", String.class, String.class);
      for (int i = 0; i < 200; i++) {
        cache.put("k" + i, "v");
      }
      assertThat(cache.get("k0")).isEqualTo("v");
      assertThat(cache.getAll(java.util.Set.of("k1", "k199"))).hasSize(2);
      assertThat(redis.command("DBSIZE")).isEqualTo(0L);
      // The one that has just asked may still be there.
      Outages.await(() -> connections() == 1, "there is no connection but the one that asks");
      Settings settings = LarderCaches.testing().useMemoryCache().settings().settings();
      assertThat(settings.redis()).isEmpty();
      assertThat(settings.cache("m").defaultTtl()).hasSeconds(60);
    } finally {
      System.clearProperty("larder.redis_url");
    }
  }

  private static long connections() {
    return RespConnection.text(redis.command("CLIENT", "LIST")).lines().count();
  }

  @Test
  void aNamedDatabaseWinsOverThatOfTesting() {
    LarderCaches named = LarderCaches.testing().redis(redis.url() + "/2");
    LarderCaches zero = LarderCaches.testing().redis(redis.url() + "/0");

    assertThat(named.settings().settings().redis().orElseThrow().database()).isEqualTo(2);
    assertThat(zero.settings().settings().redis().orElseThrow().database()).isZero();
    System.setProperty("larder.redis_url", redis.url() + "?max_connections=2");
    try {
      var fromOutside = LarderCaches.testing().settings().settings().redis().orElseThrow();
      assertThat(fromOutside.database()).isEqualTo(15);
      assertThat(fromOutside.maskedUrl()).isEqualTo(redis.url() + "/15");
    } finally {
      System.clearProperty("larder.redis_url");
    }
  }
}
