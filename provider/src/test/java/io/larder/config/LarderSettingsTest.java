package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings made in code. */
class LarderSettingsTest {

  @TempDir
  Path directory;

  private LarderSettings.Builder full() {
    return LarderSettings.builder()
        .preset("ai-production")
        .environment("staging")
        .redis("rediss://bob:hunter1@a,b:7000?max_connections=4")
        .defaultTtl(Duration.ofMinutes(2))
        .security(security -> security
            .password("hunter2")
            .verifyCertificates(false)
            .frameHmacSecret("hunter3hunter3hunter3")
            .allowedClasses("com.acme.**"))
        .compression(CompressionKind.DEFLATE, 2000, 6)
        .memoryCache(200)
        .set("max_connections", 9)
        .aiFeatures(ai -> ai.textHashThreshold(0)
            .operationTtl("qa.long", Duration.ofSeconds(5))
            .textSizeTiers(1, 2, 3)
            .keyHmacSecret("hunter4hunter4hunter4"))
        .cache("com.acme.*", Map.of("default_ttl", Duration.ofHours(1), "codec", CodecKind.JSON));
  }

  private static LarderSettings withoutUrlOptions(LarderSettings.Builder builder) {
    // An option in the URL and another value in code contradict each other.
    return builder.redis("rediss://bob@a,b:7000").build();
  }

  private void isFull(Settings settings) {
    assertThat(settings.preset()).isEqualTo("ai-production");
    assertThat(settings.environment()).contains("staging");
    RedisSettings redis = settings.redis().orElseThrow();
    assertThat(redis.addresses()).containsExactly("rediss://a:6379", "rediss://b:7000");
    assertThat(redis.topology()).isEqualTo(Topology.CLUSTER);
    assertThat(redis.username()).contains("bob");
    assertThat(redis.password()).contains(new Secret("hunter2"));
    assertThat(redis.maxConnections()).isEqualTo(9);
    assertThat(redis.tls().verify()).isFalse();
    assertThat(settings.frameHmacSecret()).contains(new Secret("hunter3hunter3hunter3"));
    CacheSettings cache = settings.cache("x");
    assertThat(cache.defaultTtl()).isEqualTo(Duration.ofMinutes(2));
    assertThat(cache.compression()).isEqualTo(CompressionKind.DEFLATE);
    assertThat(cache.compressionThresholdBytes()).isEqualTo(2000);
    assertThat(cache.compressionLevel()).isEqualTo(6);
    assertThat(cache.nearEnabled()).isTrue();
    assertThat(cache.memoryCacheSize()).isEqualTo(200);
    assertThat(cache.allowedClasses()).containsExactly("com.acme.**");
    assertThat(settings.cache("com.acme.Book").defaultTtl()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.cache("com.acme.Book").codec()).isEqualTo(CodecKind.JSON);
    AiSettings ai = settings.ai();
    assertThat(ai.enabled()).isTrue();
    assertThat(ai.textHashThreshold()).isZero();
    assertThat(ai.textSizeTiers()).isEqualTo(new TextSizeTiers(1, 2, 3));
    assertThat(ai.operationTtls())
        .containsEntry("qa.long", Duration.ofSeconds(5))
        .hasSize(6);
    assertThat(ai.keyHmacSecret()).contains(new Secret("hunter4hunter4hunter4"));
  }

  @Test
  void everyCallTakesEffect() {
    isFull(withoutUrlOptions(full()).settings());
  }

  @Test
  void contradictingCallsAreFaultsAllAtOnce() {
    assertThatThrownBy(full()::build)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("2 faults")
        .hasMessageContaining("max_connections")
        .hasMessageContaining("redis_password")
        .hasMessageNotContaining("hunter");
    assertThat(full().validate().valid()).isFalse();
  }

  @Test
  void unknownKeysFractionsAndNonsenseAreFaults() {
    assertThatThrownBy(() -> LarderSettings.builder()
            .set("nonsense", 1)
            .defaultTtl(Duration.ofMillis(1500))
            .memoryCache(0)
            .set("log_level", new Object())
            .build())
        .hasMessageContaining("4 faults");
  }

  @Test
  void propertiesMakeTheSameSettings() {
    Properties properties = withoutUrlOptions(full()).toProperties();

    isFull(new SettingsReader()
        .read(new SettingsSources(
            Map.of(),
            Map.of(),
            SettingsSources.DEFAULT_URI,
            properties,
            getClass().getClassLoader())));
  }

  @Test
  void savedWithoutSecretsUnlessAskedByName() throws IOException {
    LarderSettings settings = withoutUrlOptions(full());
    Path file = directory.resolve("saved.json");

    settings.saveToFile(file);
    assertThat(Files.readString(file)).doesNotContain("hunter").contains("bob");

    settings.saveToFile(file, "redis_password");
    assertThat(Files.readString(file)).contains("hunter2").doesNotContain("hunter3", "hunter4");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    settings.saveToFile(file, "redis_password", "frame_hmac_secret", "ai_config.key_hmac_secret");
    isFull(LarderSettings.builder().fromFile(file).build().settings());
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
    assertThatThrownBy(() -> settings.saveToFile(file, "password"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("redis_password");
    assertThatThrownBy(() -> settings.saveToFile(directory.resolve("no/such/x.json")))
        .isInstanceOf(CacheException.class);
  }

  @Test
  void passwordOfAUrlIsASecretToo() throws IOException {
    LarderSettings settings =
        LarderSettings.builder().redis("redis://:hunter1@h/3?max_connections=7").build();
    Path file = directory.resolve("saved.json");

    settings.saveToFile(file);
    assertThat(Files.readString(file)).doesNotContain("hunter").contains("redis://h:6379/3");

    settings.saveToFile(file, "redis_password");
    RedisSettings redis =
        LarderSettings.builder().fromFile(file).build().settings().redis().orElseThrow();
    assertThat(redis.password()).contains(new Secret("hunter1"));
    assertThat(redis.maxConnections()).isEqualTo(7);
    assertThat(redis.database()).isEqualTo(3);
  }

  @Test
  void codeWinsOverFileAndEnvironmentWhateverTheOrder() {
    Path file = Sources.write(directory, "f.json", "{\"default_ttl\": 61, \"namespace\": \"f\"}");
    Settings settings = LarderSettings.builder()
        .defaultTtl(Duration.ofSeconds(63))
        .fromEnvironment(
            Map.of("CACHE_PRESET", "simple", "CACHE_CUSTOM_CONFIG", "{\"default_ttl\": 62}"),
            Map.of("larder.journal_size", "8"))
        .fromFile(file)
        .build()
        .settings();

    assertThat(settings.cache("x").defaultTtl()).isEqualTo(Duration.ofSeconds(63));
    assertThat(settings.namespace()).isEqualTo("f");
    assertThat(settings.preset()).isEqualTo("simple");
    assertThat(settings.breaker().journalSize()).isEqualTo(8);
  }

  @Test
  void builtSettingsDoNotFollowTheirBuilder() {
    LarderSettings.Builder builder = LarderSettings.builder().memoryCache(60);
    LarderSettings first = builder.build();
    LarderSettings second = builder.withoutMemoryCache().build();

    assertThat(first.settings().cache("x").nearEnabled()).isTrue();
    assertThat(second.settings().cache("x").nearEnabled()).isFalse();
    assertThat(second.settings().cache("x").memoryCacheSize()).isEqualTo(60);
    first.toProperties().clear();
    assertThat(first.toProperties()).isNotEmpty();
    assertThat(full().redis("rediss://bob@h").build().toString()).doesNotContain("hunter");
  }

  @Test
  void anOwnPresetIsWeakerThanEverySourceButStrongerThanThePreset() {
    LarderSettings.Builder own = LarderSettings.builder()
        .defaults(Map.of("preset", "simple", "default_ttl", 1800, "memory_cache_size", 200))
        .defaultDatabase(15);
    Settings alone = own.build().settings();
    assertThat(alone.preset()).isEqualTo("simple");
    assertThat(alone.cache("x").defaultTtl()).hasMinutes(30);

    Settings settings = own.fromEnvironment(
            Map.of(
                "CACHE_PRESET", "production",
                "CACHE_DEFAULT_TTL", "99",
                "CACHE_REDIS_URL", "redis://:hunter2@h/?max_connections=3"),
            Map.of())
        .build()
        .settings();
    assertThat(settings.preset()).isEqualTo("production");
    assertThat(settings.cache("x").defaultTtl()).hasSeconds(99);
    assertThat(settings.cache("x").memoryCacheSize()).isEqualTo(200);
    assertThat(settings.cache("x").heapCacheSize()).isEqualTo(100_000);
    RedisSettings redis = settings.redis().orElseThrow();
    assertThat(redis.database()).isEqualTo(15);
    assertThat(redis.maskedUrl()).isEqualTo("redis://:***@h:6379/15");

    for (String url : new String[] {"redis://h/0", "redis://h?db=0", "redis://a,b"}) {
      assertThat(own.redis(url).build().settings().redis().orElseThrow().database())
          .isZero();
    }
    assertThat(own.fromEnvironment(Map.of("CACHE_ENVIRONMENT", "prod"), Map.of())
            .build()
            .settings()
            .preset())
        .isEqualTo("production");
    assertThatThrownBy(own.defaults(Map.of("default_ttl", -1, "nonsense", 2))::build)
        .hasMessageContainingAll("2 faults", "own preset");
    assertThatThrownBy(() -> own.defaultDatabase(-1)).hasMessageContaining("-1");
  }

  @Test
  void aSecretIsNeverForOthersEyesWhateverStoodThere() throws IOException {
    LarderSettings settings =
        LarderSettings.builder().redis("redis://:hunter2@h").build();
    Path open = Files.writeString(directory.resolve("open.json"), "old");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-rw-"));
    settings.saveToFile(open, "redis_password");
    assertThat(modes(open)).isEqualTo("rw-------");

    // A link is replaced; what it led to keeps its content, which others may read.
    Path target = Files.writeString(directory.resolve("target.json"), "old");
    Path link = Files.createSymbolicLink(directory.resolve("link.json"), target);
    settings.saveToFile(link, "redis_password");
    assertThat(modes(link)).isEqualTo("rw-------");
    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(Files.readString(target)).isEqualTo("old");

    settings.saveToFile(open);
    assertThat(Files.readString(open)).doesNotContain("hunter");
    LarderSettings.builder()
        .redis("redis://:hunter2@h")
        .saveToFile(open)
        .saveToFile(target, "redis_password");
    assertThat(Files.readString(open)).doesNotContain("hunter");
    assertThat(modes(target)).isEqualTo("rw-------");
  }

  private static String modes(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void equalSettingsReadAlikeWhateverTheOrder() {
    LarderSettings one = LarderSettings.builder()
        .cache("a", Map.of("default_ttl", 61))
        .cache("b", Map.of("default_ttl", 62))
        .aiFeatures(ai -> ai.operationTtl("x", Duration.ofSeconds(1)))
        .build();
    LarderSettings other = LarderSettings.builder()
        .aiFeatures(ai -> ai.operationTtl("x", Duration.ofSeconds(1)))
        .set("caches", Map.of("b", Map.of("default_ttl", 62), "a", Map.of("default_ttl", 61)))
        .build();

    assertThat(other.settings()).isEqualTo(one.settings()).hasToString(one.toString());
    assertThat(one.toString()).containsSubsequence("a=CacheSettings", "b=CacheSettings");
    assertThat(one.settings().declaredCaches()).containsExactly("a", "b");
  }

  @Test
  void sectionsByExactNameOfAnySourceDeclareCaches() {
    Settings settings = LarderSettings.builder()
        .fromEnvironment(
            Map.of("CACHE_CUSTOM_CONFIG", "{\"caches\": {\"e\": {}, \"com.*\": {}}}"),
            Map.of("larder.caches.com.acme.S.default_ttl", "60"))
        .fromFile(
            Sources.write(directory, "f.json", "{\"caches\": {\"f\": {\"codec\": \"json\"}}}"))
        .cache("b", Map.of("heap_cache_size", 9))
        .build()
        .settings();

    assertThat(settings.declaredCaches()).containsExactly("b", "com.acme.S", "e", "f");
    assertThat(LarderSettings.builder().build().settings().declaredCaches()).isEmpty();
  }
}
