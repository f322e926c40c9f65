package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.stats.TierStats;
import io.larder.testing.LogLines;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody who may write to Redis can do to caches with a {@code frame_hmac_secret}. */
final class SignedFramesTest {

  private static final String SECRET = "hunter2hunter2hunter2";
  private static final int HEADER = 69;
  private static RedisServer redis;

  private final String namespace = "t" + UUID.randomUUID();
  private final LarderCachingProvider provider = new LarderCachingProvider();
  private RespConnection hostile;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void connect() {
    hostile = redis.connect();
  }

  @AfterEach
  void close() {
    provider.close();
    hostile.close();
  }

  private LarderCache<String, Object> cache(Mode mode, String name, String... settings) {
    Properties properties = new Properties();
    properties.setProperty("redis_url", redis.url());
    properties.setProperty("namespace", namespace);
    properties.setProperty("enable_l1_cache", String.valueOf(mode == Mode.NEAR));
    properties.setProperty("operation_timeout_ms", "5000");
    properties.setProperty("frame_hmac_secret", SECRET);
    for (int i = 0; i < settings.length; i += 2) {
      properties.setProperty(settings[i], settings[i + 1]);
    }
    properties.values().remove("");
    // A class loader of its own makes a manager of its own, as another process would have.
    ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {};
    return provider
        .getCacheManager(null, loader, properties)
        .createCache(
            name, new MutableConfiguration<String, Object>().setTypes(String.class, Object.class))
        .unwrap(LarderCache.class);
  }

  /** The entry of the cache and key; there is one. */
  private byte[] entry(String cacheName, String key) {
    List<?> found =
        (List<?>) hostile.command("KEYS", "larder:{" + namespace + ":" + cacheName + ":*:s" + key);
    assertThat(found).hasSize(1);
    return (byte[]) found.get(0);
  }

  private byte[] stored(byte[] entry) {
    return (byte[]) hostile.command("GET", entry);
  }

  private static long undecodable(LarderCache<?, ?> cache) {
    return cache.stats().tiers().stream()
        .filter(tier -> tier.tier().equals("redis"))
        .mapToLong(TierStats::undecodable)
        .sum();
  }

  static List<String[]> forms() {
    return List.of(
        new String[] {"kryo", "none"},
        new String[] {"kryo", "zstd"},
        new String[] {"json", "none"},
        new String[] {"json", "deflate"},
        new String[] {"string", "none"},
        new String[] {"string", "zstd"},
        new String[] {"bytes", "none"},
        new String[] {"bytes", "deflate"});
  }

  @ParameterizedTest
  @MethodSource("forms")
  void noFlippedBitMakesAnotherValue(String codec, String compression) {
    String[] settings = {"codec", codec, "compression", compression, "compression_threshold", "16"};
    Object value = switch (codec) {
      case "bytes" -> "value ".repeat(10).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      case "string" -> "value ".repeat(10);
      default -> List.of("value ".repeat(10), 7);
    };
    cache(Mode.REDIS, "books", settings).put("a", value);
    LarderCache<String, Object> reader = cache(Mode.REDIS, "books", settings);
    byte[] entry = entry("books", "a");
    byte[] frame = stored(entry);
    assertThat(reader.get("a")).isEqualTo(value);
    for (int at = 0; at < frame.length; at++) {
      byte[] flipped = frame.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      hostile.command("SET", entry, flipped);

      Object found = reader.get("a");
      if (at >= HEADER || found != null) {
        assertThat(found).as("byte %s", at).isEqualTo(at < HEADER ? value : null);
      }
    }
    assertThat(undecodable(reader)).isGreaterThanOrEqualTo(frame.length - HEADER);
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void frameMovedToAnotherKeyOrCacheIsAMiss(Mode mode) {
    cache(mode, "books").put("a", "secret of a");
    LarderCache<String, Object> writer = cache(mode, "films");
    writer.put("a", "film");
    writer.put("b", "other film");
    byte[] book = stored(entry("books", "a"));
    byte[] otherFilm = stored(entry("films", "b"));
    byte[] film = stored(entry("films", "a"));

    for (byte[] foreign : List.of(book, otherFilm)) {
      LarderCache<String, Object> reader = cache(mode, "films");
      byte[] moved = foreign.clone();
      // The head of the place that it comes to, so that only the signature can tell.
      System.arraycopy(film, 0, moved, 0, HEADER);
      hostile.command("SET", entry("films", "a"), moved);
      try (LogLines log = LogLines.listen()) {
        assertThat(reader.get("a")).isNull();
        assertThat(reader.getAll(java.util.Set.of("a", "b"))).containsOnlyKeys("b");
        assertThat(reader.containsKey("a")).isFalse();
        reader.iterator().forEachRemaining(e -> assertThat(e.getKey()).isEqualTo("b"));
        assertThat(log.with("films: an entry in Redis cannot be read"))
            .singleElement()
            .asString()
            .contains("signature")
            .doesNotContain("hunter", "secret of a");
      }
      assertThat(undecodable(reader)).isGreaterThanOrEqualTo(4);
    }
    LarderCache<String, Object> reader = cache(mode, "films");
    assertThat(reader.putIfAbsent("a", "mine")).isTrue();
    assertThat(reader.get("a")).isEqualTo("mine");
  }

  /** Nothing between the steps of turning it on, or of a change of secret, is an error. */
  @ParameterizedTest
  @CsvSource({
    "'', " + SECRET + ", it is not signed",
    "another secret 12345, " + SECRET + ", its signature does not fit",
  })
  void unsignedOrOtherwiseSignedIsAMissUntilItIsWrittenAnew(
      String before, String after, String reason) {
    for (Mode mode : List.of(Mode.REDIS, Mode.NEAR)) {
      String name = "books-" + mode;
      LarderCache<String, Object> old = cache(mode, name, "frame_hmac_secret", before);
      old.put("a", "old");
      old.put("b", "old");
      LarderCache<String, Object> reader = cache(mode, name, "frame_hmac_secret", after);
      try (LogLines log = LogLines.listen()) {
        assertThat(reader.get("a")).isNull();
        assertThat(reader.containsKey("a")).isFalse();
        assertThat(reader.replace("a", "new")).isFalse();
        assertThat(log.with(name + ": an entry in Redis cannot be read"))
            .singleElement()
            .asString()
            .contains(reason)
            .doesNotContain("hunter", "another secret");
      }
      reader.put("a", "new");
      assertThat(reader.get("a")).isEqualTo("new");
      assertThat(reader.containsKey("a")).isTrue();
      assertThat(reader.getAndPut("b", "new b")).isNull();
      assertThat(cache(mode, name, "frame_hmac_secret", after).get("b")).isEqualTo("new b");
    }
  }

  /** So the secret can be set on one process after another, and taken away again. */
  @Test
  void whoHasNoSecretReadsWhatIsSigned() {
    cache(Mode.REDIS, "books").put("a", List.of("signed", 1));
    LarderCache<String, Object> reader = cache(Mode.REDIS, "books", "frame_hmac_secret", "");
    assertThat(reader.get("a")).isEqualTo(List.of("signed", 1));
    assertThat(reader.containsKey("a")).isTrue();
    assertThat(undecodable(reader)).isZero();
  }

  /** The limits that docs/storage.md states: who may write to Redis can do this. */
  @Test
  void replayAndDeadlinesAreNotNoticed() {
    LarderCache<String, Object> cache = cache(Mode.REDIS, "books");
    cache.put("a", "first");
    byte[] entry = entry("books", "a");
    byte[] first = stored(entry);
    cache.put("a", "second");
    byte[] second = stored(entry);

    hostile.command("SET", entry, first);
    assertThat(cache.get("a")).isEqualTo("first");

    second[52] = 'n';
    hostile.command("SET", entry, second);
    assertThat(cache.get("a")).isEqualTo("second");
    hostile.command("DEL", entry);
    assertThat(cache.get("a")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", SECRET})
  void costsSixteenBytesWhenOnAndNothingWhenOff(String secret) {
    LarderCache<String, Object> cache =
        cache(Mode.REDIS, "books", "frame_hmac_secret", secret, "compression", "none");
    cache.put("a", "12345");

    assertThat(stored(entry("books", "a"))).hasSize(HEADER + 3 + 5 + (secret.isEmpty() ? 0 : 16));
    assertThat(
            cache.getCacheManager().unwrap(LarderCacheManager.class).settings().toString())
        .doesNotContain("hunter");
  }
}
