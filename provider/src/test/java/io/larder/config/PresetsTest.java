package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Presets hold the published values, and every one of them takes effect. */
class PresetsTest {

  private static final String URL = "redis://localhost";

  @ParameterizedTest
  @CsvSource({
    "minimal,           900,   25,   1000, 5000, 1,  2,  3, false, ERROR",
    "simple,           3600,  100,  10000, 1000, 6,  5,  5, false, INFO",
    "development,       600,   50,  10000, 2000, 3,  3,  2, false, DEBUG",
    "production,       7200,  500, 100000,  500, 9, 20, 10, false, INFO",
    "ai-development,   1800,  100,  10000, 1000, 6,  5,  5, true,  DEBUG",
    "ai-production,   14400, 1000, 100000,  300, 9, 25, 15, true,  INFO",
  })
  void presetHasItsValues(
      String preset,
      int ttl,
      int near,
      int heap,
      int threshold,
      int level,
      int connections,
      int timeout,
      boolean ai,
      LogLevel log) {
    Settings settings =
        Sources.none().uri("larder:" + preset).env("CACHE_REDIS_URL", URL).read();

    assertThat(settings.preset()).isEqualTo(preset);
    cacheHas(settings.cache("any"), ttl, near, heap, threshold, level);
    RedisSettings redis = settings.redis().orElseThrow();
    assertThat(redis.maxConnections()).isEqualTo(connections);
    assertThat(redis.connectTimeout()).isEqualTo(Duration.ofSeconds(timeout));
    assertThat(settings.ai().enabled()).isEqualTo(ai);
    assertThat(settings.logLevel()).isEqualTo(log);
    assertThat(settings.failOnConnectionError()).isFalse();
    assertThat(settings.operationTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.namespace()).isEqualTo("default");
  }

  @Test
  void disabledNeverHasRedis() {
    Settings settings =
        Sources.none().uri("larder:disabled").env("CACHE_REDIS_URL", URL).read();

    assertThat(settings.redis()).isEmpty();
    cacheHas(settings.cache("any"), 300, 10, 10, 10_000, 1);
    assertThat(settings.logLevel()).isEqualTo(LogLevel.WARNING);
    assertThat(settings.ai().enabled()).isFalse();
  }

  private static void cacheHas(
      CacheSettings cache, int ttl, int near, int heap, int threshold, int level) {
    assertThat(cache)
        .isEqualTo(new CacheSettings(
            Duration.ofSeconds(ttl),
            near,
            heap,
            true,
            CodecKind.KRYO,
            CompressionKind.ZSTD,
            threshold,
            level,
            FallbackKind.MEMORY,
            java.util.List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "ai-development,  500,  500, 2000, 10000,  1800,  900,  1200, 1500,  900,  50000",
    "ai-production,  1000, 1000, 5000, 25000, 14400, 7200, 10800, 9600, 7200, 200000",
    "simple,         1000, 1000, 5000, 20000,  7200, 3600,  5400, 4800, 3600, 100000",
    "disabled,       1000, 1000, 5000, 20000,  7200, 3600,  5400, 4800, 3600, 100000",
  })
  void aiSettingsOfPreset(
      String preset,
      int hash,
      int small,
      int medium,
      int large,
      int summarize,
      int sentiment,
      int keyPoints,
      int questions,
      int qa,
      int longest) {
    AiSettings ai = Sources.none()
        .uri("larder:" + preset)
        .env("ENABLE_AI_CACHE", "yes")
        .read()
        .ai();

    assertThat(ai.enabled()).isTrue();
    assertThat(ai.textHashThreshold()).isEqualTo(hash);
    assertThat(ai.hashAlgorithm()).isEqualTo("sha256");
    assertThat(ai.textSizeTiers()).isEqualTo(new TextSizeTiers(small, medium, large));
    assertThat(ai.operationTtls())
        .isEqualTo(Map.of(
            "summarize", Duration.ofSeconds(summarize),
            "sentiment", Duration.ofSeconds(sentiment),
            "key_points", Duration.ofSeconds(keyPoints),
            "questions", Duration.ofSeconds(questions),
            "qa", Duration.ofSeconds(qa)));
    assertThat(ai.smartPromotion()).isTrue();
    assertThat(ai.maxTextLength()).isEqualTo(longest);
    assertThat(ai.keyHmacSecret()).isEmpty();
  }

  @Test
  void remainingDefaults() {
    Settings settings = Sources.none().read();

    assertThat(settings.preset()).isEqualTo("development");
    assertThat(settings.breaker())
        .isEqualTo(new BreakerSettings(5, Duration.ofSeconds(60), 10_000));
    assertThat(settings.alerts())
        .isEqualTo(new AlertSettings(
            new AlertSettings.Levels(0.7, 0.5),
            new AlertSettings.Levels(100, 200),
            new AlertSettings.Levels(10, 50),
            new AlertSettings.Levels(50, 100),
            3,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60)));
    assertThat(settings.redis()).isEmpty();
    assertThat(settings.frameHmacSecret()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"default-update-timestamps-region", "app.default-update-timestamps-region"})
  void hibernatesTimestampsAreEternalNeverNearAndNotSqueezedOut(String region) {
    CacheSettings cache = Sources.none().uri("larder:disabled").read().cache(region);

    assertThat(cache.defaultTtl()).isZero();
    assertThat(cache.nearEnabled()).isFalse();
    assertThat(cache.heapCacheSize()).isEqualTo(100_000);
  }

  @ParameterizedTest
  @CsvSource({
    "development, development, 1.0",
    "dev, development, 1.0",
    "local, development, 1.0",
    "test, development, 1.0",
    "staging, production, 1.0",
    "stage, production, 1.0",
    "production, production, 1.0",
    "PROD, production, 1.0",
    "live, production, 1.0",
    "ai-dev, ai-development, 1.0",
    "ai-prod, ai-production, 1.0",
    "ai_staging_eu, ai-production, 0.8",
    "email-dev, development, 0.8",
    "domain, simple, 0.3",
    "maintenance, simple, 0.3",
    "qa7, simple, 0.3",
    "'', simple, 0.3",
    "ai, ai-development, 0.6",
    "prod-test, development, 0.4",
  })
  void recommendsByWords(String environment, String preset, double confidence) {
    Recommendation recommendation = Recommendation.recommend(environment);

    assertThat(recommendation.preset()).isEqualTo(preset);
    assertThat(recommendation.confidence()).isEqualTo(confidence);
    assertThat(recommendation.reason()).isNotBlank();
  }
}
