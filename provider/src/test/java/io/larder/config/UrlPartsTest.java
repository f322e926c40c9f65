package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Redis URL says besides its hosts, once other sources speak, too. */
class UrlPartsTest {

  private static final String PRODUCTION =
      "redis://prod:hunter1@prod.example?max_connections=77&connection_timeout=78";

  @TempDir
  Path directory;

  private static RedisSettings redis(Sources sources) {
    return sources.read().redis().orElseThrow();
  }

  /** A developer's URL in code must not carry the production password to another host. */
  @Test
  void aStrongerUrlReplacesTheWeakerWithAllItsParts() {
    for (RedisSettings redis : List.of(
        LarderSettings.builder()
            .fromEnvironment(Map.of("CACHE_REDIS_URL", PRODUCTION), Map.of())
            .redis("redis://localhost:6379")
            .build()
            .settings()
            .redis()
            .orElseThrow(),
        redis(Sources.none()
            .file(directory, "{\"redis_url\": \"" + PRODUCTION + "\"}")
            .env("CACHE_CUSTOM_CONFIG", "{\"redis_url\": \"redis://localhost\"}")),
        redis(Sources.none()
            .env("CACHE_REDIS_URL", PRODUCTION)
            .system("larder.redis_url", "redis://localhost")
            .system("larder.default_ttl", "60")))) {
      assertThat(redis.addresses()).containsExactly("redis://localhost:6379");
      assertThat(redis.username()).isEmpty();
      assertThat(redis.password()).isEmpty();
      assertThat(redis.maxConnections()).isEqualTo(3);
      assertThat(redis.connectTimeout()).hasSeconds(2);
    }
  }

  @Test
  void keysOfTheirOwnStayBesideAStrongerUrl() {
    RedisSettings redis = redis(Sources.none()
        .env("CACHE_REDIS_PASSWORD", "hunter2")
        .env("CACHE_CUSTOM_CONFIG", "{\"redis_username\": \"kept\", \"max_connections\": 9}")
        .env("CACHE_REDIS_URL", PRODUCTION)
        .property("redis_url", "redis://localhost"));

    assertThat(redis.username()).contains("kept");
    assertThat(redis.password()).contains(new Secret("hunter2"));
    assertThat(redis.maxConnections()).isEqualTo(9);
  }

  @Test
  void aSourceWithoutAUrlLeavesThePartsOfAWeakerOne() {
    RedisSettings redis =
        redis(Sources.none().env("CACHE_REDIS_URL", PRODUCTION).property("max_connections", 4));

    assertThat(redis.username()).contains("prod");
    assertThat(redis.maxConnections()).isEqualTo(4);
    assertThat(redis.connectTimeout()).hasSeconds(78);
  }

  @Test
  void spellingsOfOneUrlAreOneSetting() {
    for (List<String> same : List.of(
        List.of("redis://h", "redis://h/", "redis://h/0", "REDIS://h:6379", "redis://h?db=0"),
        List.of("rediss://u:p@h/2", "rediss://u:%70@h:6379/2?max_connections=3"),
        List.of("redis://a,b:7", "redis://a:6379,b:7/?cluster=true"),
        List.of("redis://h?cluster=true", "redis://h/0?cluster=true"),
        List.of("redis://a,b?sentinel_master=m", "redis://a:26379,b:26379/0?sentinel_master=m"))) {
      assertThat(same.stream()
              .map(url -> redis(Sources.none().property("redis_url", url)))
              .distinct())
          .as("%s", same)
          .hasSize(1);
    }
    assertThat(
            redis(Sources.none().property("redis_url", "redis://a,b:7").property("use_tls", true))
                .maskedUrl())
        .isEqualTo("rediss://a:6379,b:7");
    assertThat(redis(Sources.none().property("redis_url", "redis://h?cluster=true"))
            .maskedUrl())
        .isEqualTo("redis://h:6379?cluster=true");
    assertThat(redis(Sources.none().property("redis_url", "redis://:p@a/4?sentinel_master=m"))
            .maskedUrl())
        .isEqualTo("redis://:***@a:26379/4?sentinel_master=m");
  }

  @Test
  void aRoundTripMakesEqualSettings() throws Exception {
    for (String url : List.of(
        "redis://h",
        "redis://h/0",
        "rediss://u:p@h/2?max_connections=9",
        "redis://a,b",
        "redis://h?cluster=true",
        "redis://a/3?sentinel_master=m")) {
      LarderSettings settings = LarderSettings.builder().redis(url).build();
      Path file = directory.resolve("saved.json");
      settings.saveToFile(
          file, url.contains("@") ? new String[] {"redis_password"} : new String[0]);
      LarderSettings read = LarderSettings.builder().fromFile(file).build();

      assertThat(read.settings()).as(url).isEqualTo(settings.settings());
      assertThat(read.settings()).as(url).hasToString(settings.settings().toString());
      Files.delete(file);
    }
  }

  /** A URL that names database 0 means it, whatever the database of one that names none. */
  @Test
  void databaseZeroIsSavedWhereItIsNamed() {
    Path file = directory.resolve("saved.json");
    LarderSettings.builder().redis("redis://h/0").saveToFile(file);
    assertThat(LarderSettings.builder()
            .fromFile(file)
            .defaultDatabase(15)
            .build()
            .settings()
            .redis()
            .orElseThrow()
            .database())
        .isZero();
  }
}
