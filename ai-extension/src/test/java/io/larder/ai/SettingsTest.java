package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.LarderCache;
import io.larder.ai.config.AiConfig;
import io.larder.ai.config.TextTier;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings take effect. */
final class SettingsTest {

  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private static Properties properties(String... namesAndValues) {
    Properties properties = new Properties();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    return properties;
  }

  @Test
  void theManagersSettingsAreInForce() throws Exception {
    Properties settings = properties(
        "ai_config.text_hash_threshold", "3",
        "ai_config.hash_algorithm", "sha512",
        "ai_config.max_text_length", "8",
        "ai_config.operation_ttls.qa", "77",
        "default_ttl", "99");
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis, settings)) {
      AiCache cache = caches.cache();
      assertThat(cache.keyOf(AiRequest.of("qa", "1234"))).containsPattern("hash:[0-9a-f]{128}\\|");
      assertThat(cache.keyOf(AiRequest.of("qa", "123"))).contains("|txt:123|");
      for (String operation : List.of("qa", "summarize", "anything")) {
        AiRequest request = AiRequest.of(operation, "text");
        cache.put(request, AiAnswer.of("answer"));
        Cache<String, StoredAnswer> plain = caches.manager().getCache("ai." + operation);
        LarderCache<String, StoredAnswer> larder = larder(plain);
        Duration left = larder.timeToLive(cache.keyOf(request)).orElseThrow();
        long expected = switch (operation) {
          case "qa" -> 77;
          case "summarize" -> 14_400;
          default -> 99;
        };
        assertThat(left).isBetween(Duration.ofSeconds(expected - 9), Duration.ofSeconds(expected));
        AiRequest own = request.with(AiControl.usual().withTtl(Duration.ofDays(3)));
        cache.put(own, AiAnswer.of("answer"));
        assertThat(larder.timeToLive(cache.keyOf(own)).orElseThrow())
            .isBetween(Duration.ofDays(2), Duration.ofDays(3));
      }
      AiRequest tooLong = AiRequest.of("qa", "123456789");
      assertThat(cache.getOrCompute(tooLong, () -> AiAnswer.of("x")).isHit()).isFalse();
      assertThat(cache.getOrCompute(tooLong, () -> AiAnswer.of("x")).isHit()).isFalse();
      assertThat(cache.stats("qa").total().skippedForLength()).isEqualTo(2);
      assertThat(cache.stats("qa").total().modelCalls()).isEqualTo(2);
    }
  }

  @SuppressWarnings("unchecked")
  private static LarderCache<String, StoredAnswer> larder(Cache<String, StoredAnswer> plain) {
    return plain.unwrap(LarderCache.class);
  }

  @ParameterizedTest
  @EnumSource
  void switchedOffEveryCallGoesThrough(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis, properties("enable_ai_cache", "false"))) {
      AiCache cache = place == Place.CAFFEINE
          ? caches.cache(builder -> builder.config(AiConfig.defaults().withEnabled(false)))
          : caches.cache();
      AiRequest request = AiRequest.of("qa", "why?");
      cache.put(request, AiAnswer.of("no"));
      assertThat(cache.get(request)).isEmpty();
      assertThat(cache.getOrCompute(request, () -> AiAnswer.of("a")).value()).isEqualTo("a");
      assertThat(cache.getOrCompute(request, () -> AiAnswer.of("b")).value()).isEqualTo("b");
    }
  }

  @Test
  void tiersBeginAtTheirBoundary() {
    AiConfig config = AiConfig.defaults().withTextSizeTiers(10, 20, 30);
    assertThat(List.of(
            config.tierOf(0),
            config.tierOf(9),
            config.tierOf(10),
            config.tierOf(19),
            config.tierOf(20),
            config.tierOf(29),
            config.tierOf(30)))
        .containsExactly(
            TextTier.SMALL,
            TextTier.SMALL,
            TextTier.MEDIUM,
            TextTier.MEDIUM,
            TextTier.LARGE,
            TextTier.LARGE,
            TextTier.XLARGE);
  }

  @Test
  void everyFaultIsNamed() {
    assertThatThrownBy(() -> new AiConfig(
            true,
            -1,
            "md5",
            new io.larder.ai.config.TextTiers(5, 5, 6),
            java.util.Map.of("qa", Duration.ZERO),
            Duration.ofDays(366),
            true,
            0,
            java.util.Optional.of("")))
        .isInstanceOf(CacheException.class)
        .hasMessageContainingAll(
            "text_hash_threshold was -1",
            "hash_algorithm was 'md5'",
            "text_size_tiers were 5, 5, 6",
            "operation_ttls.qa was PT0S",
            "default_ttl was",
            "max_text_length was 0",
            "key_hmac_secret was empty");
    assertThat(AiConfig.defaults().withKeyHmacSecret("geheim").toString()).doesNotContain("geheim");
  }

  /** With threshold 0 nothing of a prompt can be read: not in Redis, and not in the log. */
  @ParameterizedTest
  @EnumSource(names = {"REDIS", "NEAR"})
  void nothingOfAPromptIsReadable(Place place) throws Exception {
    Properties settings = properties(
        "ai_config.text_hash_threshold", "0", "log_level", "DEBUG", "compression", "none");
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream err = System.err;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    StringBuilder stored = new StringBuilder();
    try (AiCaches caches = AiCaches.in(place, redis, settings)) {
      AiCache cache = caches.cache();
      AiRequest request = AiRequest.builder("qa")
          .text("PROMPTSECRET")
          .systemPrompt("SYSTEMSECRET")
          .tenant("TENANTSECRET")
          .history("HISTORYSECRET")
          .tags("TAGSECRET")
          .option("OPTIONSECRET", "VALUESECRET")
          .build();
      cache.getOrCompute(request, () -> {
        stored.append(dump(caches.namespace()));
        return AiAnswer.of("fine");
      });
      cache.get(request);
      caches.manager().close();
      assertThatThrownBy(() -> cache.remove(request)).hasMessageNotContaining("SECRET");
      assertThatThrownBy(() -> cache.getOrCompute(request, () -> {
        throw new IllegalStateException("no model");
      }));
      stored.append(dump(caches.namespace()));
      assertThat(request.toString()).doesNotContain("SECRET");
    } finally {
      System.setErr(err);
    }
    assertThat(stored.toString()).contains("fine", "ai.qa", "ai-leases").doesNotContain("SECRET");
    assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("SECRET");
  }

  /** Keys and values, as far as they are text. */
  private static String dump(String namespace) {
    StringBuilder all = new StringBuilder();
    try (RespConnection connection = redis.connect()) {
      for (Object key : (List<?>) connection.command("KEYS", "*" + namespace + "*")) {
        all.append(text(key)).append('\n');
        if ("string".equals(text(connection.command("TYPE", key)))) {
          all.append(text(connection.command("GET", key))).append('\n');
        } else {
          all.append(text(connection.command("DUMP", key))).append('\n');
        }
      }
    }
    return all.toString();
  }

  private static String text(Object reply) {
    return reply instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.ISO_8859_1)
        : String.valueOf(reply);
  }
}
