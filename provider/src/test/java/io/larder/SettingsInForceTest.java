package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.larder.config.LarderSettings;
import io.larder.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is set, by whatever source, is what Redis sees. */
final class SettingsInForceTest {

  private static final String[] CACHES = {"plain", "books", "com.acme.Film"};
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

  /** Everything that can be said of caches over Redis, nothing as a preset has it. */
  private static Map<String, Object> everything(String namespace) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("preset", "minimal");
    keys.put("redis_url", redis.url() + "/3");
    keys.put("namespace", namespace);
    keys.put("operation_timeout_ms", 5000);
    keys.put("max_connections", 4);
    keys.put("default_ttl", 77);
    keys.put("memory_cache_size", 30);
    keys.put("codec", "json");
    keys.put("compression", "deflate");
    keys.put("compression_threshold", 200);
    keys.put("compression_level", 8);
    keys.put("caches.books.default_ttl", 33);
    keys.put("caches.books.codec", "kryo");
    keys.put("caches.books.compression", "zstd");
    keys.put("caches.books.compression_threshold", 3000);
    keys.put("caches.books.compression_level", 9);
    keys.put("caches.books.enable_l1_cache", false);
    keys.put("caches.com.acme.*.default_ttl", 0);
    keys.put("caches.com.acme.*.compression", "none");
    keys.put("caches.com.acme.*.l1_cache_size", 200);
    return keys;
  }

  private static Map<String, String> expected(String namespace) {
    Map<String, String> all = new TreeMap<>();
    for (String cache : CACHES) {
      all.put(cache + " names", "larder:{" + namespace + ":" + cache);
    }
    all.putAll(Map.of(
        "plain ttl", "77",
        "plain codec", "json",
        "plain threshold", "200",
        "plain compression", "deflate",
        "plain bytes", String.valueOf(deflated(8))));
    all.putAll(Map.of(
        "books ttl", "33",
        "books codec", "kryo",
        "books threshold", "3000",
        "books compression", "zstd",
        "books bytes", String.valueOf(zstd(9)),
        "books near", "off"));
    all.putAll(Map.of(
        "com.acme.Film ttl", "none",
        "com.acme.Film codec", "json",
        "com.acme.Film threshold", "never",
        "com.acme.Film compression", "none",
        "com.acme.Film bytes", String.valueOf(Effects.text().length() + 5)));
    return all;
  }

  private static byte[] plain() {
    return Effects.text().getBytes(StandardCharsets.UTF_8);
  }

  private static int zstd(int level) {
    return Zstd.compress(plain(), level).length + 5;
  }

  private static int deflated(int level) {
    Deflater deflater = new Deflater(level, true);
    deflater.setInput(plain());
    deflater.finish();
    int length = deflater.deflate(new byte[100_000]);
    deflater.end();
    return length + 5;
  }

  /** Where the settings stand; all but the preset and the URL's scheme in one source. */
  enum Source {
    FILE_AS_URI,
    CONFIG_FILE,
    CUSTOM_CONFIG,
    SYSTEM_PROPERTIES,
    PROPERTIES,
    PREFIXED_PROPERTIES,
    BUILDER
  }

  @ParameterizedTest
  @EnumSource(Source.class)
  void everySettingOfCachesIsInForce(Source source) throws Exception {
    String namespace = "in-force-" + source;
    TreeMap<String, String> effects = new TreeMap<>(measured(source, everything(namespace)));
    assertThat(effects.remove("connections")).isEqualTo("4+1");
    between(effects.remove("plain near"), 15, 30);
    between(effects.remove("com.acme.Film near"), 100, 200);
    assertThat(effects).isEqualTo(expected(namespace));
  }

  private static void between(String number, int least, int most) {
    assertThat(number).matches("[0-9]+");
    assertThat(Integer.parseInt(number)).isBetween(least, most);
  }

  private Map<String, String> measured(Source source, Map<String, Object> keys) throws Exception {
    return switch (source) {
      case FILE_AS_URI -> here(file(keys).toUri().toString(), new Properties());
      case CONFIG_FILE -> child(Map.of("CACHE_CONFIG_FILE", file(patient(keys)).toString()));
      case CUSTOM_CONFIG -> child(Map.of("CACHE_CUSTOM_CONFIG", Json.of(patient(keys))));
      case SYSTEM_PROPERTIES -> {
        keys.forEach((key, value) -> System.setProperty("larder." + key, value.toString()));
        try {
          yield here("larder:default", new Properties());
        } finally {
          keys.keySet().forEach(key -> System.clearProperty("larder." + key));
        }
      }
      case PROPERTIES, PREFIXED_PROPERTIES -> {
        String prefix = source == Source.PROPERTIES ? "" : "larder.";
        Properties properties = new Properties();
        keys.forEach((key, value) -> properties.put(prefix + key, value));
        yield here("larder:default", properties);
      }
      case BUILDER -> {
        LarderSettings.Builder builder = LarderSettings.builder();
        keys.forEach(builder::set);
        yield here("larder:default", builder.build().toProperties());
      }
    };
  }

  /** A JVM that has just started is slow. */
  private static Map<String, Object> patient(Map<String, Object> keys) {
    keys.put("operation_timeout_ms", 20_000);
    return keys;
  }

  private Path file(Map<String, Object> keys) throws Exception {
    return Files.writeString(directory.resolve("larder.json"), Json.of(keys));
  }

  private static Map<String, String> here(String uri, Properties properties) throws Exception {
    return SettingsProbe.measure(redis, uri, properties, 3, CACHES);
  }

  private static Map<String, String> child(Map<String, String> environment) {
    return SettingsProbe.child(redis, environment, 3, CACHES).answers();
  }
}
