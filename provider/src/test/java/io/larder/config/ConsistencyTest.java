package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that contradict each other, have no effect, or are often regretted. */
class ConsistencyTest {

  private static final String URL = "redis://h";

  @TempDir
  Path directory;

  @Test
  void disabledWithAUrlOfTheEnvironmentIsHeapAndOneInfoLine() {
    for (Sources sources : new Sources[] {
      Sources.none().env("CACHE_PRESET", "disabled"),
      Sources.none().uri("larder:disabled"),
      Sources.none().property("preset", "disabled"),
      Sources.none().file(directory, "{\"preset\":\"disabled\"}")
    }) {
      Reading reading = sources.env("CACHE_REDIS_URL", "redis://:hunter2@h").readAll();
      assertThat(reading.settings().redis()).isEmpty();
      assertThat(reading.notices())
          .singleElement()
          .matches(notice -> notice.level() == LogLevel.INFO)
          .matches(notice -> !notice.message().contains("hunter2"));
    }
  }

  @Test
  void disabledWithAUrlOfTheSameSourceIsAFault() {
    for (Sources sources : new Sources[] {
      Sources.none()
          .file(directory, "{\"preset\":\"disabled\",\"redis_url\":\"redis://:hunter2@h\"}"),
      Sources.none()
          .env(
              "CACHE_CUSTOM_CONFIG",
              "{\"preset\":\"disabled\",\"redis_url\":\"redis://:hunter2@h\"}"),
      Sources.none()
          .system("larder.preset", "disabled")
          .system("larder.redis_url", "redis://:hunter2@h"),
      Sources.none().property("preset", "disabled").property("redis_url", "redis://:hunter2@h")
    }) {
      assertThatThrownBy(sources::read)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("redis_url = ")
          .hasMessageContaining("disabled")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void failOnConnectionErrorMeansFallbackFail() {
    Settings settings =
        Sources.none().property("fail_on_connection_error", true).read();

    assertThat(settings.failOnConnectionError()).isTrue();
    assertThat(settings.cache("x").fallback()).isEqualTo(FallbackKind.FAIL);
    assertThat(Sources.none()
            .property("fail_on_connection_error", true)
            .property("fallback", "fail")
            .read()
            .cache("x")
            .fallback())
        .isEqualTo(FallbackKind.FAIL);
    assertThatThrownBy(Sources.none()
            .property("fail_on_connection_error", true)
            .env("CACHE_CUSTOM_CONFIG", "{\"fallback\":\"memory\"}")
            .property("caches.a.b.fallback", "none")::read)
        .hasMessageContaining("2 faults")
        .hasMessageContaining("fallback = 'memory'")
        .hasMessageContaining("caches.a.b.fallback = 'none'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls_ca_path", "tls_cert_path", "tls_key_path"})
  void missingTlsFileIsAWarningOutsideProductionAndAnErrorInIt(String key) {
    Sources sources = Sources.none()
        .env("CACHE_REDIS_URL", "rediss://h")
        .property("tls_cert_path", pem("c.pem"))
        .property("tls_key_path", pem("k.pem"))
        .property(key, "/no/such.pem");

    assertThat(sources.readAll().report().warnings())
        .anyMatch(warning -> warning.startsWith(key + ":")
            && warning.contains("/no/such.pem' (property " + key + ")")
            && warning.contains("cannot be made"));
    assertThatThrownBy(sources.env("CACHE_PRESET", "production")::read)
        .hasMessageContaining(key + " = '/no/such.pem'");
    assertThat(sources.property("environment", "dev").read().preset()).isEqualTo("production");
  }

  private String pem(String name) {
    return Sources.write(directory, name, "").toString();
  }

  @Test
  void certificateAndKeyComeTogether() {
    Sources sources = Sources.none().env("CACHE_REDIS_URL", "rediss://h");
    assertThatThrownBy(sources.property("tls_key_path", pem("k.pem"))::read)
        .hasMessageContaining("tls_key_path");
    TlsSettings tls = sources
        .property("tls_cert_path", pem("c.pem"))
        .read()
        .redis()
        .orElseThrow()
        .tls();
    assertThat(tls.certificate()).contains(directory.resolve("c.pem"));
    assertThat(tls.key()).contains(directory.resolve("k.pem"));
  }

  @Test
  void settingsWithoutEffectSaySo() {
    Reading reading = Sources.none()
        .property("redis_password", "hunter2")
        .property("tls_ca_path", "x")
        .readAll();

    // The manager logs both notices and warnings: each line is in one of them.
    assertThat(reading.notices()).isEmpty();
    assertThat(reading.report().warnings())
        .hasSize(2)
        .allMatch(warning -> warning.contains("has no effect"))
        .noneMatch(warning -> warning.contains("hunter2"));
  }

  @ParameterizedTest
  @CsvSource({
    "default_ttl, 59, true",
    "default_ttl, 60, false",
    "default_ttl, 86400, false",
    "default_ttl, 86401, true",
    "default_ttl, 0, true",
    "memory_cache_size, 1000, false",
    "memory_cache_size, 1001, true",
    "compression_level, 7, false",
    "compression_level, 8, true",
    "caches.a.default_ttl, 59, true",
    "ai_config.operation_ttls.qa, 604800, false",
    "ai_config.operation_ttls.qa, 604801, true",
    "ai_config.key_hmac_secret, 0123456789abcde, true",
    "ai_config.key_hmac_secret, 0123456789abcdef, false",
  })
  void warnsOnlyBeyondTheBound(String key, String value, boolean warns) {
    ValidationReport report =
        Sources.none().uri("larder:simple").property(key, value).validate();

    assertThat(report.valid()).isTrue();
    assertThat(report.warnings()).hasSize(warns ? 1 : 0).allMatch(line -> line.startsWith(key));
  }

  @ParameterizedTest
  @CsvSource({
    "memory_cache_size, 49, true",
    "memory_cache_size, 50, false",
    "compression_threshold, 5000, false",
    "compression_threshold, 5001, true",
  })
  void recommendsOnlyBeyondTheBound(String key, String value, boolean recommends) {
    ValidationReport report =
        Sources.none().uri("larder:simple").property(key, value).validate();

    assertThat(report.recommendations())
        .hasSize(recommends ? 1 : 0)
        .allMatch(line -> line.startsWith(key));
  }

  @ParameterizedTest
  @CsvSource({"4000, false", "4001, true", "250, false", "249, true", "0, false"})
  void hashThresholdFarFromTheCompressionThreshold(String threshold, boolean recommends) {
    ValidationReport report = Sources.none()
        .uri("larder:ai-production")
        .property("compression_threshold", 1000)
        .property("ai_config.text_hash_threshold", threshold)
        .validate();

    assertThat(report.recommendations()).hasSize(recommends ? 1 : 0);
  }

  @Test
  void passwordInTheClearInProductionWarns() {
    Sources sources = Sources.none().env("CACHE_REDIS_URL", "redis://:hunter2@h");
    assertThat(sources.validate().warnings()).isEmpty();
    assertThat(sources.property("environment", "live").property("compression_level", 6))
        .satisfies(s -> assertThat(s.validate().warnings())
            .singleElement()
            .matches(line -> line.contains("rediss://") && !line.contains("hunter2")));
    assertThat(sources.env("CACHE_REDIS_URL", "rediss://:hunter2@h").validate().warnings())
        .isEmpty();
  }

  @Test
  void validateReportsFaultsWithoutThrowing() {
    ValidationReport report = Sources.none().property("default_ttl", "x").validate();

    assertThat(report.valid()).isFalse();
    assertThat(report.errors())
        .containsExactly(new Fault(
            "default_ttl",
            "'x'",
            "must be a whole number from 0 to 31536000 (seconds, 0: no expiry)",
            "property default_ttl"));
  }

  @Test
  void wildcardsThatAreNoneAreWarnedOf() {
    assertThat(Sources.none()
            .property("caches", "{\"book?\": {}, \"[ab]c\": {}, \"a*\": {}, \"b\": {}}")
            .validate()
            .warnings())
        .hasSize(2)
        .allMatch(warning -> warning.contains("only * is a wildcard"));
  }

  @Test
  void numbersOfAnyTypeAreShown() {
    assertThatThrownBy(Sources.none()
            .property("alerts.hit_ratio_critical", 0.9)
            .property("alerts.hit_ratio_warning", 0.25)::read)
        .hasMessageContaining("0.9")
        .hasMessageContaining("0.25")
        .hasMessageNotContaining("java.lang");
  }

  @Test
  void oneSectionAppliesTheExactElseTheMostSpecificPattern() {
    Settings settings = Sources.none()
        .env("CACHE_REDIS_URL", URL)
        .property(
            "caches",
            "{\"*\": {\"default_ttl\": 61}, \"com.acme.*\": {\"default_ttl\": 62, \"codec\":"
                + " \"json\"}, \"*.Book\": {\"default_ttl\": 63}, \"com.acme.Book\":"
                + " {\"heap_cache_size\": 7}, \"com.*.Author\": {\"default_ttl\": 64}, \"a.b*d\":"
                + " {\"default_ttl\": 65}, \"free\": {}}")
        .read();

    assertThat(ttl(settings, "x")).isEqualTo(61);
    assertThat(ttl(settings, "com.acme.Shelf")).isEqualTo(62);
    assertThat(settings.cache("com.acme.Shelf").codec()).isEqualTo(CodecKind.JSON);
    assertThat(ttl(settings, "org.Book")).isEqualTo(63);
    assertThat(ttl(settings, "com.acme.Book")).isEqualTo(600);
    assertThat(settings.cache("com.acme.Book").codec()).isEqualTo(CodecKind.KRYO);
    assertThat(settings.cache("com.acme.Book").heapCacheSize()).isEqualTo(7);
    assertThat(ttl(settings, "com.acme.Author")).isEqualTo(64);
    assertThat(ttl(settings, "a.bcbd")).isEqualTo(65);
    assertThat(ttl(settings, "a.bcbde")).isEqualTo(61);
    assertThat(ttl(settings, "free")).isEqualTo(600);
    assertThat(ttl(settings, "")).isEqualTo(61);
  }

  private static int ttl(Settings settings, String cache) {
    return Math.toIntExact(settings.cache(cache).defaultTtl().toSeconds());
  }

  @Test
  void noRecordShowsASecret() {
    Reading reading = Sources.none()
        .env("CACHE_REDIS_URL", "redis://u:hunter1@h")
        .property("redis_password", "hunter2")
        .property("ai_config.key_hmac_secret", "hunter4hunter4hunter4")
        .readAll();

    assertThat(reading.toString()).doesNotContain("hunter");
    assertThat(new SettingsSources(
                java.util.Map.of("CACHE_REDIS_PASSWORD", "hunter2"),
                java.util.Map.of(),
                java.net.URI.create("file://u:hunter2@h/x"),
                null,
                getClass().getClassLoader())
            .toString())
        .doesNotContain("hunter");
    assertThat(reading.settings().operationTimeout()).isEqualTo(Duration.ofMillis(500));
  }
}
