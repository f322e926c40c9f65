package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each source wins over every weaker one, key by key. */
class PrecedenceTest {

  @TempDir
  Path directory;

  private interface Say {
    Sources in(Sources sources, Path directory, String value);
  }

  private static Sources json(Sources sources, Path directory, String key, String value) {
    return sources.file(directory, "{\"" + key + "\":" + value + "}");
  }

  /** Weakest first. */
  private static final List<Say> TTL = List.of(
      (s, d, v) -> s.env("CACHE_DEFAULT_TTL", v),
      (s, d, v) -> s.env(
          "CACHE_CONFIG_FILE",
          Sources.write(d, "env.json", "{\"default_ttl\":" + v + "}").toString()),
      (s, d, v) -> json(s, d, "default_ttl", v),
      (s, d, v) -> s.env("CACHE_CUSTOM_CONFIG", "{\"default_ttl\":" + v + "}"),
      (s, d, v) -> s.system("larder.default_ttl", v),
      (s, d, v) -> s.property("default_ttl", v));

  private static final List<Say> URL = List.of(
      (s, d, v) -> json(s, d, "redis_url", "\"redis://" + v + "\""),
      (s, d, v) -> s.env("CACHE_REDIS_URL", "redis://" + v),
      (s, d, v) -> s.env("CACHE_CUSTOM_CONFIG", "{\"redis_url\":\"redis://" + v + "\"}"),
      (s, d, v) -> s.system("larder.redis_url", "redis://" + v),
      (s, d, v) -> s.property("larder.redis_url", "redis://" + v));

  /** A file and a larder: URI cannot both be the manager's URI: the file is the variable's. */
  private static final List<Say> PRESET = List.of(
      (s, d, v) -> s.env(
          "CACHE_CONFIG_FILE",
          Sources.write(d, "env.json", "{\"preset\":\"" + v + "\"}").toString()),
      (s, d, v) -> s.env("CACHE_PRESET", v),
      (s, d, v) -> s.env("CACHE_CUSTOM_CONFIG", "{\"preset\":\"" + v + "\"}"),
      (s, d, v) -> s.system("larder.preset", v),
      (s, d, v) -> s.uri("larder:" + v),
      (s, d, v) -> s.property("preset", v));

  private static Stream<Arguments> pairs(int count) {
    return IntStream.range(0, count)
        .boxed()
        .flatMap(strong -> IntStream.range(0, strong).mapToObj(weak -> arguments(weak, strong)));
  }

  static Stream<Arguments> ttlPairs() {
    return pairs(TTL.size());
  }

  static Stream<Arguments> urlPairs() {
    return pairs(URL.size());
  }

  static Stream<Arguments> presetPairs() {
    return pairs(PRESET.size());
  }

  @ParameterizedTest
  @MethodSource("ttlPairs")
  void strongerTtlWins(int weak, int strong) {
    // A map-merge key that the weaker one alone has survives.
    Sources sources = Sources.none();
    TTL.get(strong).in(sources, directory, "111");
    TTL.get(weak).in(sources, directory, "222");

    assertThat(sources.read().cache("x").defaultTtl()).isEqualTo(Duration.ofSeconds(111));
  }

  @ParameterizedTest
  @MethodSource("urlPairs")
  void strongerUrlWins(int weak, int strong) {
    Sources sources = Sources.none();
    URL.get(strong).in(sources, directory, "strong");
    URL.get(weak).in(sources, directory, "weak");

    assertThat(sources.read().redis().orElseThrow().addresses())
        .containsExactly("redis://strong:6379");
  }

  @ParameterizedTest
  @MethodSource("presetPairs")
  void strongerPresetWins(int weak, int strong) {
    Sources sources = Sources.none();
    PRESET.get(strong).in(sources, directory, "minimal");
    PRESET.get(weak).in(sources, directory, "production");

    assertThat(sources.read().preset()).isEqualTo("minimal");
  }

  @Test
  void anySourceWinsOverAnyPreset() {
    Sources sources = Sources.none().env("CACHE_DEFAULT_TTL", "77").property("preset", "minimal");

    assertThat(sources.read().cache("x").defaultTtl()).isEqualTo(Duration.ofSeconds(77));
    assertThat(sources.read().cache("x").memoryCacheSize()).isEqualTo(25);
  }

  @Test
  void objectsMergeKeyByKeyThroughAllSources() {
    AiSettings ai = Sources.none()
        .uri("larder:ai-production")
        .env("CACHE_OPERATION_TTLS", "{\"qa\": 1, \"extract\": 5}")
        .env("CACHE_CUSTOM_CONFIG", "{\"ai_config\":{\"operation_ttls\":{\"qa\":2,\"a.b\":6}}}")
        .system("larder.ai_config.operation_ttls.qa", "3")
        .property("ai_config", Map.of("operation_ttls", Map.of("qa", 4)))
        .read()
        .ai();

    assertThat(ai.operationTtls())
        .containsEntry("qa", Duration.ofSeconds(4))
        .containsEntry("extract", Duration.ofSeconds(5))
        .containsEntry("a.b", Duration.ofSeconds(6))
        .containsEntry("summarize", Duration.ofSeconds(14_400))
        .hasSize(7);
    assertThat(ai.textSizeTiers()).isEqualTo(new TextSizeTiers(1000, 5000, 25_000));
  }

  @Test
  void urlOptionsAreAsStrongAsTheirUrl() {
    Sources sources = Sources.none()
        .file(directory, "{\"max_connections\": 7, \"redis_password\": \"of-the-file\"}")
        .env("CACHE_REDIS_URL", "redis://u:of-the-url@h?max_connections=8&connection_timeout=9");

    RedisSettings redis = sources.read().redis().orElseThrow();
    assertThat(redis.maxConnections()).isEqualTo(8);
    assertThat(redis.connectTimeout()).isEqualTo(Duration.ofSeconds(9));
    assertThat(redis.password()).contains(new Secret("of-the-url"));
    assertThat(sources
            .system("larder.max_connections", "3")
            .read()
            .redis()
            .orElseThrow()
            .maxConnections())
        .isEqualTo(3);
  }

  @Test
  void urlAndKeyOfOneSourceMustAgree() {
    assertThat(Sources.none()
            .file(
                directory, "{\"redis_url\":\"redis://h?max_connections=8\",\"max_connections\":8}")
            .read()
            .redis()
            .orElseThrow()
            .maxConnections())
        .isEqualTo(8);
    assertThatThrownBy(
            Sources.none()
                .file(
                    directory,
                    "{\"redis_url\":\"redis://:hunter1@h\",\"redis_password\":\"hunter2\"}")::read)
        .hasMessageContaining("redis_password")
        .hasMessageContaining("must not be given twice")
        .hasMessageNotContaining("hunter");
  }

  @Test
  void aliasAndNameInOneSourceMustAgree() {
    assertThatThrownBy(
            Sources.none().property("l1_cache_size", 5).property("memory_cache_size", "6")::read)
        .hasMessageContaining("memory_cache_size")
        .hasMessageContaining("must not be given twice");
    assertThat(Sources.none()
            .env("CACHE_CUSTOM_CONFIG", "{\"memory_cache_size\": 5}")
            .property("l1_cache_size", 6)
            .read()
            .cache("x")
            .memoryCacheSize())
        .isEqualTo(6);
  }

  @Test
  void aFaultInAWeakSourceIsNotHiddenByAStrongerValue() {
    assertThatThrownBy(
            Sources.none().env("CACHE_DEFAULT_TTL", "-1").property("default_ttl", "60")::read)
        .hasMessageContaining("default_ttl = -1")
        .hasMessageContaining("[CACHE_DEFAULT_TTL]");
  }

  @Test
  void everyFaultOfEverySourceIsListed() {
    assertThatThrownBy(Sources.none()
            .env("CACHE_PRESET", "fast")
            .env("CACHE_MEMORY_SIZE", "0")
            .env("ENABLE_AI_CACHE", "perhaps")
            .env("CACHE_CUSTOM_CONFIG", "{\"codec\":\"xml\",\"codex\":1,\"ai_config\":3}")
            .env("CACHE_CONFIG_FILE", "/no/such/file.json")
            .system("larder.compression_level", "10")
            .system("larder.nonsense", "1")
            .uri("larder:slow")
            .property("defalt_ttl", "5")::read)
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e -> assertThat(e.faults())
                .extracting(Fault::key)
                .containsExactlyInAnyOrder(
                    "preset",
                    "memory_cache_size",
                    "enable_ai_cache",
                    "codec",
                    "codex",
                    "ai_config",
                    "CACHE_CONFIG_FILE",
                    "compression_level",
                    "nonsense",
                    "preset",
                    "defalt_ttl"))
        .hasMessageContaining(
            "disabled, minimal, simple, development, production, ai-development, ai-production")
        .hasMessageContaining("did you mean default_ttl?");
  }

  @Test
  void propertiesOfTheApplicationAreLeftAlone() {
    Properties defaults = new Properties();
    defaults.setProperty("default_ttl", "61");
    Properties properties = new Properties(defaults);
    properties.setProperty("com.acme.colour", "red");
    properties.setProperty("cache.foo", "x");
    properties.setProperty("cache.default_ttl", "x");
    properties.setProperty("alert.mail", "x");
    properties.put("handler", new Object());
    properties.put(5, "five");
    SettingsSources sources = new SettingsSources(
        Map.of(), Map.of(), SettingsSources.DEFAULT_URI, properties, getClass().getClassLoader());

    Settings settings = new SettingsReader().read(sources);

    assertThat(settings.cache("x").defaultTtl()).isEqualTo(Duration.ofSeconds(61));
    assertThat(properties).hasSize(6);
  }

  @ParameterizedTest
  @MethodSource("misspelt")
  void misspeltPropertiesAreFaults(String name) {
    assertThatThrownBy(Sources.none().property(name, "hunter2")::read)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("is no key of Larder")
        .hasMessageNotContaining("hunter2");
  }

  static Stream<String> misspelt() {
    return Stream.of(
        "default-ttl",
        "defaultTtl",
        "redisurl",
        "REDIS_URl",
        "larder.anything",
        "ai_config.foo",
        "caches.a.foo",
        "larder.",
        "ai_confg.max_text_length",
        "ai_conf.max_text_lenght",
        "alert.hit_ratio_warning",
        "cache.books.default_ttl",
        "Caches.com.acme.Book.codec",
        "namspace");
  }

  @Test
  void aiIsOnWhereItsSettingsArePresentUnlessSaidOtherwise() {
    String config = "{\"ai_config\": {\"max_text_length\": 5}}";
    assertThat(Sources.none().file(directory, config).read().ai().enabled()).isTrue();
    assertThat(Sources.none().file(directory, "{\"ai_config\": {}}").read().ai().enabled())
        .isTrue();
    assertThat(Sources.none()
            .file(directory, "{\"enable_ai_cache\": false, \"ai_config\": {}}")
            .read()
            .ai()
            .enabled())
        .isFalse();
    assertThat(Sources.none()
            .file(directory, config)
            .env("ENABLE_AI_CACHE", "off")
            .read()
            .ai()
            .enabled())
        .isFalse();
    assertThat(Sources.none().env("CACHE_MAX_TEXT_LENGTH", "9").read().ai())
        .matches(ai -> !ai.enabled())
        .matches(ai -> ai.maxTextLength() == 9);
  }

  @Test
  void environmentNamesThePresetWhereNothingElseDoes() {
    assertThat(Sources.none().system("larder.environment", "staging").read().preset())
        .isEqualTo("production");
    assertThat(Sources.none()
            .system("larder.environment", "staging")
            .env("CACHE_PRESET", "simple")
            .read()
            .preset())
        .isEqualTo("simple");
  }

  @Test
  void oldVariablesWarnOnceAndNameTheReplacements() {
    Reading reading = Sources.none()
        .env("CACHE_DEFAULT_TTL", "60")
        .env("CACHE_ENABLE_AI_FEATURES", "1")
        .env("CACHE_TLS_KEY_PATH", "")
        .env("CACHE_REDIS_URI", "redis://:hunter2@h")
        .readAll();

    assertThat(reading.settings().ai().enabled()).isTrue();
    assertThat(reading.notices()).hasSize(2).allMatch(n -> n.level() == LogLevel.WARNING);
    assertThat(reading.notices())
        .extracting(Notice::message)
        .anyMatch(m -> m.contains("CACHE_DEFAULT_TTL") && m.contains("-Dlarder.default_ttl"))
        .anyMatch(m -> m.contains("CACHE_ENABLE_AI_FEATURES") && m.contains("ENABLE_AI_CACHE"))
        .anyMatch(m -> m.contains("CACHE_REDIS_URI") && m.contains("CACHE_REDIS_URL"))
        .noneMatch(m -> m.contains("hunter2"));
  }

  @Test
  void everyOldVariableIsRead() {
    Map<String, String> old = Map.ofEntries(
        Map.entry("CACHE_DEFAULT_TTL", "61"),
        Map.entry("CACHE_MEMORY_SIZE", "62"),
        Map.entry("CACHE_COMPRESSION_THRESHOLD", "63"),
        Map.entry("CACHE_COMPRESSION_LEVEL", "4"),
        Map.entry("CACHE_TEXT_HASH_THRESHOLD", "65"),
        Map.entry("CACHE_HASH_ALGORITHM", "sha512"),
        Map.entry("CACHE_OPERATION_TTLS", "{\"qa\":66}"),
        Map.entry("CACHE_MAX_TEXT_LENGTH", "67"),
        Map.entry("CACHE_ENABLE_SMART_PROMOTION", "no"),
        Map.entry("CACHE_ENABLE_AI_FEATURES", "on"),
        Map.entry("CACHE_REDIS_PASSWORD", "68"),
        Map.entry("CACHE_USE_TLS", "true"),
        Map.entry("CACHE_TLS_CERT_PATH", "c.pem"),
        Map.entry("CACHE_TLS_KEY_PATH", "k.pem"),
        Map.entry("CACHE_ENVIRONMENT", "dev"));
    Sources sources = Sources.none().env("CACHE_REDIS_URL", "redis://h");
    old.forEach(sources::env);

    Reading reading = sources.readAll();

    assertThat(reading.notices())
        .singleElement()
        .satisfies(notice -> old.keySet()
            .forEach(variable -> assertThat(notice.message()).contains(variable + ": use ")));
    CacheSettings cache = reading.settings().cache("x");
    assertThat(cache.defaultTtl()).isEqualTo(Duration.ofSeconds(61));
    assertThat(cache.memoryCacheSize()).isEqualTo(62);
    assertThat(cache.compressionThresholdBytes()).isEqualTo(63);
    assertThat(cache.compressionLevel()).isEqualTo(4);
    AiSettings ai = reading.settings().ai();
    assertThat(ai.textHashThreshold()).isEqualTo(65);
    assertThat(ai.hashAlgorithm()).isEqualTo("sha512");
    assertThat(ai.operationTtls()).containsEntry("qa", Duration.ofSeconds(66)).hasSize(5);
    assertThat(ai.maxTextLength()).isEqualTo(67);
    assertThat(ai.smartPromotion()).isFalse();
    assertThat(ai.enabled()).isTrue();
    RedisSettings redis = reading.settings().redis().orElseThrow();
    assertThat(redis.password()).contains(new Secret("68"));
    assertThat(redis.tls().enabled()).isTrue();
    assertThat(redis.tls().certificate()).contains(Path.of("c.pem"));
    assertThat(redis.tls().key()).contains(Path.of("k.pem"));
    assertThat(reading.settings().environment()).contains("dev");
    assertThat(redis.addresses()).containsExactly("rediss://h:6379");
  }
}
