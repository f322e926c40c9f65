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
}
