package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key, valid, at its bounds, out of range, of a wrong type, from every source. */
class KeysTest {

  @TempDir
  Path directory;

  /** Where a key can be written. JSON text goes in; each source writes it its way. */
  enum Source {
    FILE {
      @Override
      Sources put(Sources sources, Path directory, String key, String json) {
        return sources.file(directory, nested(key, json));
      }
    },
    CONFIG_FILE {
      @Override
      Sources put(Sources sources, Path directory, String key, String json) {
        Path file = Sources.write(directory, "other.json", nested(key, json));
        return sources.env("CACHE_CONFIG_FILE", file.toString());
      }
    },
    CUSTOM_CONFIG {
      @Override
      Sources put(Sources sources, Path directory, String key, String json) {
        return sources.env("CACHE_CUSTOM_CONFIG", nested(key, json));
      }
    },
    SYSTEM_PROPERTY {
      @Override
      Sources put(Sources sources, Path directory, String key, String json) {
        return sources.system("larder." + key, text(json));
      }
    },
    PROPERTIES {
      @Override
      Sources put(Sources sources, Path directory, String key, String json) {
        return sources.property(key, text(json));
      }
    },
    PREFIXED_PROPERTIES {
      @Override
      Sources put(Sources sources, Path directory, String key, String json) {
        return sources.property("larder." + key, text(json));
      }
    };

    abstract Sources put(Sources sources, Path directory, String key, String json);

    boolean isText() {
      return this == SYSTEM_PROPERTY || this == PROPERTIES || this == PREFIXED_PROPERTIES;
    }

    static String nested(String key, String json) {
      String[] names = key.split("\\.", -1);
      StringBuilder object = new StringBuilder();
      for (String name : names) {
        object.append("{\"").append(name).append("\":");
      }
      return object + json + "}".repeat(names.length);
    }

    static String text(String json) {
      return json.startsWith("\"") ? json.substring(1, json.length() - 1) : json;
    }
  }

  /**
   * A key's rules, retyped from the contract.
   *
   * @param good JSON values and what they make of the settings
   * @param bad JSON values that break the rule as text, too
   * @param wrongInJson JSON values of a wrong type that text may well mean
   */
  record Rules(
      String key,
      Map<String, Object> good,
      List<String> bad,
      List<String> wrongInJson,
      Function<Settings, Object> effect) {
    @Override
    public String toString() {
      return key;
    }
  }

  private static Rules whole(
      String key,
      long least,
      long most,
      Function<Settings, Object> effect,
      Function<Long, Object> as) {
    return new Rules(
        key,
        Map.of("" + least, as.apply(least), "" + most, as.apply(most)),
        List.of(
            "" + (least - 1),
            "" + (most + 1),
            "1.5",
            "1e3",
            "\"many\"",
            "\"NaN\"",
            "9".repeat(40),
            "1e999999999",
            "-" + "9".repeat(400),
            "[1]",
            "{}",
            "true"),
        List.of("\"" + least + "\"", "null"),
        effect);
  }

  private static Rules flag(String key, Function<Settings, Object> effect) {
    return new Rules(
        key,
        Map.of("true", true, "false", false),
        List.of("\"maybe\"", "2", "[]", "{}", "\"\""),
        List.of("1", "\"true\"", "\"off\"", "null"),
        effect);
  }

  private static Rules words(
      String key, Map<String, Object> good, Function<Settings, Object> effect) {
    return new Rules(
        key, good, List.of("\"other\"", "1", "true", "[]", "{}", "\"\""), List.of("null"), effect);
  }

  private static Rules text(
      String key, String good, List<String> bad, Function<Settings, Object> effect) {
    return new Rules(
        key, Map.of("\"" + good + "\"", good), bad, List.of("1", "true", "null"), effect);
  }

  private static Object seconds(long value) {
    return Duration.ofSeconds(value);
  }

  private static Object entries(long value) {
    return Math.toIntExact(value);
  }

  private static List<Rules> perCache(String prefix, Function<Settings, CacheSettings> cache) {
    return List.of(
        whole(
            prefix + "default_ttl",
            0,
            31_536_000,
            s -> cache.apply(s).defaultTtl(),
            KeysTest::seconds),
        whole(
            prefix + "memory_cache_size",
            1,
            10_000_000,
            s -> cache.apply(s).memoryCacheSize(),
            KeysTest::entries),
        whole(
            prefix + "l1_cache_size",
            1,
            10_000_000,
            s -> cache.apply(s).memoryCacheSize(),
            KeysTest::entries),
        whole(
            prefix + "heap_cache_size",
            1,
            10_000_000,
            s -> cache.apply(s).heapCacheSize(),
            KeysTest::entries),
        flag(prefix + "enable_l1_cache", s -> cache.apply(s).nearEnabled()),
        words(
            prefix + "codec",
            Map.of(
                "\"kryo\"",
                CodecKind.KRYO,
                "\"json\"",
                CodecKind.JSON,
                "\"string\"",
                CodecKind.STRING,
                "\"bytes\"",
                CodecKind.BYTES),
            s -> cache.apply(s).codec()),
        words(
            prefix + "compression",
            Map.of(
                "\"zstd\"",
                CompressionKind.ZSTD,
                "\"deflate\"",
                CompressionKind.DEFLATE,
                "\"none\"",
                CompressionKind.NONE),
            s -> cache.apply(s).compression()),
        whole(
            prefix + "compression_threshold",
            0,
            1_048_576,
            s -> cache.apply(s).compressionThresholdBytes(),
            KeysTest::entries),
        whole(
            prefix + "compression_level",
            1,
            9,
            s -> cache.apply(s).compressionLevel(),
            KeysTest::entries),
        words(
            prefix + "fallback",
            Map.of(
                "\"memory\"",
                FallbackKind.MEMORY,
                "\"none\"",
                FallbackKind.NONE,
                "\"fail\"",
                FallbackKind.FAIL),
            s -> cache.apply(s).fallback()),
        new Rules(
            prefix + "allowed_classes",
            Map.of(
                "[]",
                List.of(),
                "[\"com.acme.Book\",\"com.acme.dto.*\",\"org.x.**\",\"A$B\"]",
                List.of("com.acme.Book", "com.acme.dto.*", "org.x.**", "A$B")),
            List.of(
                "[\"**\"]",
                "[\"com..x\"]",
                "[\"com.*.x\"]",
                "[\"a b\"]",
                "{}",
                "[1]",
                "[[]]",
                "[null]",
                "1"),
            List.of("\"com.acme.Book\"", "true", "null"),
            s -> cache.apply(s).allowedClasses()));
  }

  private static RedisSettings redis(Settings settings) {
    return settings.redis().orElseThrow();
  }

  private static List<Rules> all() {
    List<Rules> all = new ArrayList<>(perCache("", s -> s.cache("any")));
    all.addAll(perCache("caches.books.", s -> s.cache("books")));
    all.addAll(List.of(
        words(
            "preset",
            Map.of("\"production\"", "production", "\"ai-development\"", "ai-development"),
            Settings::preset),
        text(
            "namespace",
            "shop-1_a.b",
            List.of("\"a b\"", "\"a:b\"", "\"\"", "\"{x}\"", "\"" + "n".repeat(101) + "\"", "[]"),
            Settings::namespace),
        text(
            "redis_username",
            "bob",
            List.of("\"a b\"", "\"\""),
            s -> redis(s).username().orElseThrow()),
        text(
            "redis_password",
            "pass word",
            List.of("\"\"", "\"  \"", "{}").subList(0, 2),
            s -> redis(s).password().orElseThrow().reveal()),
        flag("use_tls", s -> redis(s).tls().enabled()),
        flag("verify_certificates", s -> redis(s).tls().verify()),
        whole("max_connections", 1, 1000, s -> redis(s).maxConnections(), KeysTest::entries),
        whole("connection_timeout", 1, 300, s -> redis(s).connectTimeout(), KeysTest::seconds),
        whole("operation_timeout_ms", 1, 300_000, Settings::operationTimeout, Duration::ofMillis),
        flag("fail_on_connection_error", Settings::failOnConnectionError),
        whole("breaker_failures", 1, 1000, s -> s.breaker().failures(), KeysTest::entries),
        whole("breaker_open_seconds", 1, 3600, s -> s.breaker().open(), KeysTest::seconds),
        whole("journal_size", 1, 10_000_000, s -> s.breaker().journalSize(), KeysTest::entries),
        text(
            "frame_hmac_secret",
            "0123456789abcdef",
            List.of("\" \""),
            s -> s.frameHmacSecret().orElseThrow().reveal()),
        flag("enable_ai_cache", s -> s.ai().enabled()),
        whole(
            "ai_config.text_hash_threshold",
            0,
            1_000_000,
            s -> s.ai().textHashThreshold(),
            KeysTest::entries),
        words(
            "ai_config.hash_algorithm",
            Map.of("\"sha256\"", "sha256", "\"sha512\"", "sha512"),
            s -> s.ai().hashAlgorithm()),
        new Rules(
            "ai_config.text_size_tiers",
            Map.of(
                "{\"small\":1,\"medium\":2,\"large\":3}",
                new TextSizeTiers(1, 2, 3),
                "{\"small\":7}",
                new TextSizeTiers(7, 5000, 20_000)),
            List.of(
                "{\"small\":0}",
                "{\"tiny\":1}",
                "[]",
                "1",
                "\"x\"",
                "{\"small\":5000}",
                "{\"large\":5000}",
                "{\"medium\":900}",
                "{\"small\":\"1\"}"),
            List.of("null"),
            s -> s.ai().textSizeTiers()),
        whole(
            "ai_config.operation_ttls.translate",
            1,
            31_536_000,
            s -> s.ai().operationTtls().get("translate"),
            KeysTest::seconds),
        flag("ai_config.enable_smart_promotion", s -> s.ai().smartPromotion()),
        whole(
            "ai_config.max_text_length",
            1,
            100_000_000,
            s -> s.ai().maxTextLength(),
            KeysTest::entries),
        text(
            "ai_config.key_hmac_secret",
            "0123456789abcdef",
            List.of("\" \""),
            s -> s.ai().keyHmacSecret().orElseThrow().reveal()),
        text(
            "environment",
            "staging-eu",
            List.of("\"a b\"", "\"\""),
            s -> s.environment().orElseThrow()),
        flag("enable_monitoring", Settings::monitoring),
        words(
            "log_level",
            Map.of(
                "\"ERROR\"",
                LogLevel.ERROR,
                "\"debug\"",
                LogLevel.DEBUG,
                "\"WARNING\"",
                LogLevel.WARNING,
                "\"info\"",
                LogLevel.INFO),
            Settings::logLevel),
        new Rules(
            "alerts.hit_ratio_warning",
            Map.of("1", 1.0, "0.75", 0.75),
            List.of("1.01", "-0.1", "\"NaN\"", "\"x\"", "[]", "1e999999999", "0.1"),
            List.of("\"0.7\"", "null", "true"),
            s -> s.alerts().hitRatio().warning()),
        new Rules(
            "alerts.hit_ratio_critical",
            Map.of("0", 0.0, "0.25", 0.25),
            List.of("2", "0.9"),
            List.of("null"),
            s -> s.alerts().hitRatio().critical()),
        whole(
            "alerts.failures_critical",
            1,
            1000,
            s -> s.alerts().failuresCritical(),
            KeysTest::entries),
        whole(
            "alerts.check_interval_seconds",
            1,
            3600,
            s -> s.alerts().checkInterval(),
            KeysTest::seconds),
        whole(
            "alerts.resource_interval_seconds",
            1,
            3600,
            s -> s.alerts().resourceInterval(),
            KeysTest::seconds),
        level(
            "alerts.memory_warning_mb",
            1,
            200,
            1,
            s -> s.alerts().memoryMegabytes().warning()),
        level(
            "alerts.memory_critical_mb",
            100,
            1_048_576,
            99,
            s -> s.alerts().memoryMegabytes().critical()),
        level(
            "alerts.operation_warning_ms",
            1,
            50,
            51,
            s -> s.alerts().operationMillis().warning()),
        level(
            "alerts.operation_critical_ms",
            10,
            300_000,
            9,
            s -> s.alerts().operationMillis().critical()),
        level(
            "alerts.invalidations_per_hour_warning",
            1,
            100,
            101,
            s -> s.alerts().invalidationsPerHour().warning()),
        level(
            "alerts.invalidations_per_hour_critical",
            50,
            1_000_000_000,
            49,
            s -> s.alerts().invalidationsPerHour().critical())));
    return all;
  }

  private static Rules level(
      String key, long least, long most, long bad, Function<Settings, Object> effect) {
    return new Rules(
        key,
        Map.of("" + least, (double) least, "" + most, (double) most),
        bad == 1 ? List.of("0", "\"x\"", "201") : List.of("0", "\"x\"", "" + bad),
        List.of("null", "true"),
        effect);
  }

  static Stream<Arguments> good() {
    return cases((rules, source) ->
        rules.good().keySet().stream().map(json -> arguments(rules, source, json)));
  }

  static Stream<Arguments> bad() {
    return cases((rules, source) -> Stream.concat(
            rules.bad().stream(), source.isText() ? Stream.of() : rules.wrongInJson().stream())
        .map(json -> arguments(rules, source, json)));
  }

  private static Stream<Arguments> cases(
      java.util.function.BiFunction<Rules, Source, Stream<Arguments>> each) {
    return all().stream()
        .flatMap(rules -> Stream.of(Source.values()).flatMap(source -> each.apply(rules, source)));
  }

  private static Sources base(Rules rules) {
    Sources sources = Sources.none().env("CACHE_REDIS_URL", "redis://localhost");
    return rules.key().equals("redis_username")
        ? sources.env("CACHE_REDIS_PASSWORD", "x")
        : sources;
  }

  @ParameterizedTest(name = "{1} {0} {2}")
  @MethodSource("good")
  void validValueTakesEffect(Rules rules, Source source, String json) {
    Settings settings = source.put(base(rules), directory, rules.key(), json).read();

    assertThat(rules.effect().apply(settings)).isEqualTo(rules.good().get(json));
  }

  @ParameterizedTest(name = "{1} {0} {2}")
  @MethodSource("bad")
  void brokenValueIsOneFaultThatNamesKeyRuleAndSource(Rules rules, Source source, String json) {
    assertThatThrownBy(
            () -> source.put(base(rules), directory, rules.key(), json).read())
        .isInstanceOfSatisfying(ConfigurationException.class, e -> {
          assertThat(e.faults()).hasSize(1);
          Fault fault = e.faults().get(0);
          assertThat(fault.key())
              .startsWith(rules.key().replace("l1_cache_size", "memory_cache_size"));
          assertThat(fault.rule()).isNotBlank();
          assertThat(fault.source()).isNotBlank();
          assertThat(e.getMessage()).contains(fault.key(), fault.rule(), fault.source());
          if (rules.key().contains("password") || rules.key().contains("secret")) {
            assertThat(fault.value()).isEqualTo(Secret.MASK);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("everyGroupAndSource")
  void unknownKeyIsAFaultAndItsTextIsMasked(String prefix, Source source) {
    assertThatThrownBy(() -> source
            .put(Sources.none(), directory, prefix + "redis_pasword", "\"hunter2hunter2\"")
            .read())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(prefix + "redis_pasword")
        .hasMessageContaining("is no key of Larder")
        .hasMessageNotContaining("hunter2");
  }

  static Stream<Arguments> everyGroupAndSource() {
    return Stream.of("", "ai_config.", "alerts.", "caches.books.", "ai_config.text_size_tiers.")
        .flatMap(prefix -> Stream.of(Source.values()).map(source -> arguments(prefix, source)));
  }

  /** A key that the schema has and this table has not would go untested. */
  @Test
  void tableCoversEveryKeyOfTheSchema() {
    Set<String> tested = new HashSet<>();
    all().forEach(rules -> tested.add(rules.key()));
    // URLs and TLS files have test classes of their own.
    tested.addAll(List.of("redis_url", "tls_ca_path", "tls_cert_path", "tls_key_path"));
    Set<String> known = new HashSet<>();
    Kind.Group root = new Schema(List.of("x")).root();
    collect("", root, known);

    assertThat(tested).containsAll(known);
  }

  private static void collect(String prefix, Kind.Group group, Set<String> names) {
    for (Kind.Key key : group.keys().values()) {
      String name = prefix + key.name();
      if (key.kind() instanceof Kind.Group inner && !name.endsWith("text_size_tiers")) {
        collect(name + ".", inner, names);
      } else if (key.name().equals("caches")) {
        Schema.perCache().forEach(own -> names.add("caches.books." + own));
      } else if (key.name().equals("operation_ttls")) {
        names.add(name + ".translate");
      } else {
        names.add(name);
      }
    }
    group.aliases().keySet().forEach(alias -> names.add(prefix + alias));
  }
}
