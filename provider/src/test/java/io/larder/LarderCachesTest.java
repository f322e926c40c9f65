package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.ConfigurationException;
import io.larder.config.LarderSettings;
import io.larder.testing.RedisServer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import javax.cache.Caching;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Factories for plain code hand out ordinary caches, shared for equal settings. */
final class LarderCachesTest {

  private static RedisServer redis;

  @TempDir
  Path directory;

  private String namespace;

  @BeforeAll
  static void open() {
    redis = RedisServer.startOwn();
  }

  @AfterAll
  static void close() {
    redis.close();
  }

  @BeforeEach
  void name() {
    namespace = RedisServer.newNamespace();
  }

  @AfterEach
  void closeManagers() {
    Caching.getCachingProviders().forEach(provider -> {
      if (provider instanceof LarderCachingProvider) {
        provider.close();
      }
    });
  }

  private LarderCaches web() {
    return LarderCaches.webApp()
        .redis(redis.url())
        .with("namespace", namespace)
        .with("operation_timeout_ms", 5000);
  }

  @Test
  void equalSettingsGiveTheSameCache() {
    LarderCache<String, String> first = web().cache("a", String.class, String.class);

    assertThat(web().cache("a", String.class, String.class)).isSameAs(first);
    assertThat(web().cache("b", String.class, String.class)).isNotSameAs(first);
    assertThat(web().cache("b", String.class, String.class).getCacheManager())
        .isSameAs(first.getCacheManager());
    LarderCaches other = web().with("default_ttl", 99);
    assertThat(other.cache("a", String.class, String.class)).isNotSameAs(first);
    // What a factory says and what code says is equal if it is of equal effect.
    assertThat(web().with("default_ttl", 1800).cache("a", String.class, String.class))
        .isSameAs(first);
    assertThat(LarderCaches.manager(web().settings())).isSameAs(first.getCacheManager());
  }

  @Test
  void aClosedCacheIsMadeAnewAndFindsItsData() {
    LarderCache<String, String> first = web().cache("a", String.class, String.class);
    first.put("k", "v");
    first.close();

    LarderCache<String, String> second = web().cache("a", String.class, String.class);
    assertThat(second).isNotSameAs(first);
    assertThat(second.get("k")).isEqualTo("v");

    second.getCacheManager().close();
    LarderCache<String, String> third = web().cache("a", String.class, String.class);
    assertThat(third.getCacheManager()).isNotSameAs(second.getCacheManager());
    assertThat(third.get("k")).isEqualTo("v");
  }

  @Test
  void otherTypesForOneNameAreRefused() {
    web().cache("a", String.class, String.class);

    assertThatThrownBy(() -> web().cache("a", String.class, Integer.class))
        .isInstanceOf(CacheException.class)
        .hasMessageContainingAll("a: ", "java.lang.Integer", "java.lang.String", "close it first");
  }

  @Test
  void managersAreOfTheProcessesProvider() {
    LarderCache<String, String> cache = web().cache("a", String.class, String.class);
    LarderCacheManager manager = web().manager();

    assertThat(manager.getCachingProvider())
        .isSameAs(Caching.getCachingProvider("io.larder.LarderCachingProvider"));
    assertThat(cache.getCacheManager()).isSameAs(manager);
    assertThat(manager.getCacheNames()).containsExactly("a");
    assertThat((Object) manager.getCache("a", String.class, String.class)).isSameAs(cache);
    assertThat(manager.getCachingProvider().getCacheManager(manager.getURI(), null))
        .isSameAs(manager);
    assertThat(manager.getURI().toString()).matches("larder:simple-[0-9a-f]{16}");
    manager.getCachingProvider().close();
    assertThat(cache.isClosed()).isTrue();
  }

  @Test
  void secretsTellManagersApartAndStayOutOfTheirNames() {
    LarderCaches one =
        LarderCaches.from(Map.of("frame", 1)).classLoader(getClass().getClassLoader());
    assertThatThrownBy(one::manager).isInstanceOf(ConfigurationException.class);
    LarderCacheManager first = heapWith("a-secret-of-its-own");
    LarderCacheManager second = heapWith("a-secret-of-another");

    assertThat(second).isNotSameAs(first);
    assertThat(second.getURI()).hasToString(first.getURI() + "-2");
    assertThat(heapWith("a-secret-of-its-own")).isSameAs(first);
    assertThat(heapWith("a-secret-of-another")).isSameAs(second);
    assertThat(first.getProperties()).isEmpty();
  }

  @Test
  void equalSettingsAreFoundAlsoWhereALowerNumberIsFree() {
    LarderCacheManager first = heapWith("a-secret-of-its-own");
    LarderCacheManager second = heapWith("a-secret-of-another");
    first.close();

    assertThat(heapWith("a-secret-of-another")).isSameAs(second);
    assertThat(heapWith("a-secret-of-its-own").getURI()).isEqualTo(first.getURI());
  }

  private static LarderCacheManager heapWith(String secret) {
    return LarderCaches.manager(
        LarderSettings.builder().aiFeatures(ai -> ai.keyHmacSecret(secret)).build());
  }

  @Test
  void beansStandUnderTheStandardNames() throws Exception {
    LarderCache<String, String> cache = web().cache("a", String.class, String.class);
    cache.put("k", "v");
    cache.get("k");
    String uri = cache.getCacheManager().getURI().toString().replace(':', '.');
    var server = ManagementFactory.getPlatformMBeanServer();

    for (String type : List.of("CacheStatistics", "CacheConfiguration")) {
      ObjectName name =
          new ObjectName("javax.cache:type=" + type + ",CacheManager=" + uri + ",Cache=a");
      assertThat(server.isRegistered(name)).as("%s", name).isTrue();
      if (type.equals("CacheStatistics")) {
        assertThat(server.getAttribute(name, "CacheHits")).isEqualTo(1L);
      }
    }
    LarderCaches quiet = web().with("enable_monitoring", false);
    assertThat(statistics(quiet.cache("a", String.class, String.class))).isFalse();
  }

  private static boolean statistics(LarderCache<String, String> cache) {
    return cache
        .getConfiguration(javax.cache.configuration.CompleteConfiguration.class)
        .isStatisticsEnabled();
  }

  @Test
  void anUnreachableRedisIsAnErrorOnlyWhereThatIsAsked() {
    RedisServer gone = RedisServer.startOwn();
    String url = gone.url().replace("redis://", "redis://:hunter2@");
    gone.close();

    assertThatThrownBy(() -> LarderCaches.webApp()
            .redis(url)
            .with("fail_on_connection_error", true)
            .cache("a", String.class, String.class))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("redis://:***@127.0.0.1")
        .hasMessageNotContaining("hunter2")
        .hasCauseInstanceOf(Exception.class);
    assertThat(LarderCaches.webApp()
            .redis(url)
            .cache("a", String.class, String.class)
            .isClosed())
        .isFalse();
  }

  @Test
  void aiIsOnWhereSettingsSaySo() throws Exception {
    assertThat(isAi(LarderCaches.from(Map.of("enable_ai_cache", true)))).isTrue();
    assertThat(isAi(LarderCaches.from(Map.of("ai_config", Map.of("max_text_length", 9)))))
        .isTrue();
    assertThat(isAi(LarderCaches.from(Map.of("preset", "ai-production")))).isTrue();
    assertThat(isAi(LarderCaches.from(Map.of("default_ttl", 9)))).isFalse();
    assertThat(isAi(LarderCaches.from(Map.of("ai_config", Map.of(), "enable_ai_cache", false))))
        .isFalse();
    Path file = directory.resolve("with space.json");
    Files.writeString(file, "{\"ai_config\": {}, \"default_ttl\": 61}");
    assertThat(isAi(LarderCaches.fromFile(file))).isTrue();
    assertThat(LarderCaches.fromFile(file).settings().settings().cache("x").defaultTtl())
        .isEqualTo(Duration.ofSeconds(61));
    Files.writeString(file, "{\"enable_ai_cache\": false}");
    assertThat(isAi(LarderCaches.fromFile(file))).isFalse();
  }

  private static boolean isAi(LarderCaches caches) {
    return caches.settings().settings().ai().enabled();
  }

  @Test
  void everyFaultOfAMapOrFileIsTold() throws Exception {
    assertThatThrownBy(() -> LarderCaches.from(
                Map.of("default_tll", 1, "compression_level", 10, "redis_url", "x://:hunter2@h"))
            .cache("a", String.class, String.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("3 faults", "default_tll", "compression_level", "redis_url")
        .hasMessageNotContaining("hunter2");
    Path file = Files.writeString(directory.resolve("x.json"), "{\"default_ttl\": -1, \"x\": 1}");
    assertThatThrownBy(() -> LarderCaches.fromFile(file).manager())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("2 faults");
    assertThatThrownBy(() -> LarderCaches.fromFile(directory.resolve("no.json")).manager())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no.json");
  }

  @Test
  void aMissingValueIsToldByItsKey() {
    assertThatThrownBy(() -> LarderCaches.webApp().redis(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("redis_url: must have a value");
    assertThatThrownBy(() -> LarderCaches.webApp().with("default_ttl", null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("default_ttl: must have a value");
    assertThatThrownBy(() -> LarderCaches.from(Collections.singletonMap("default_ttl", null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("default_ttl: must have a value");
    assertThatThrownBy(() -> LarderSettings.builder().redis(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("redis_url: must have a value");
  }

  @Test
  void whatBecomesOfTheMapLaterCountsForNothing() {
    Map<String, Object> ai = new HashMap<>(Map.of("max_text_length", 9));
    LarderCaches from = LarderCaches.from(Map.of("ai_config", ai));
    LarderCaches with = LarderCaches.webApp().with("ai_config", ai);
    ai.put("max_text_length", 10);

    assertThat(from.settings().settings().ai().maxTextLength()).isEqualTo(9);
    assertThat(with.settings().settings().ai().maxTextLength()).isEqualTo(9);
  }

  @Test
  void theHeapIsOverPresetDisabledAndNotBesideAUrlOfTheCode() {
    var heap = LarderCaches.from(Map.of()).useMemoryCache().settings().settings();

    assertThat(heap.preset()).isEqualTo("disabled");
    assertThat(heap.cache("c").heapCacheSize()).isEqualTo(10_000);
    assertThat(heap.cache("c").defaultTtl()).isEqualTo(Duration.ofMinutes(5));
    assertThat(LarderCaches.webApp()
            .useMemoryCache()
            .settings()
            .settings()
            .cache("c")
            .defaultTtl())
        .isEqualTo(Duration.ofMinutes(30));
    assertThatThrownBy(() -> web().useMemoryCache().settings())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("redis_url");
  }

  @Test
  void faultySettingsAreNotTried() {
    assertThatThrownBy(() -> LarderCaches.webApp().with("default_ttl", -1).probe())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("default_ttl");
  }

  @Test
  void systemPropertiesWinOverTheFactoryAndCodeOverThese() {
    System.setProperty("larder.default_ttl", "77");
    System.setProperty("larder.preset", "production");
    try {
      var settings = LarderCaches.webApp().settings().settings();
      assertThat(settings.cache("x").defaultTtl()).isEqualTo(Duration.ofSeconds(77));
      // The named preset is what the factory's own values stand over.
      assertThat(settings.preset()).isEqualTo("production");
      assertThat(settings.cache("x").heapCacheSize()).isEqualTo(100_000);
      assertThat(settings.cache("x").memoryCacheSize()).isEqualTo(200);
      assertThat(LarderCaches.webApp()
              .with("default_ttl", 78)
              .settings()
              .settings()
              .cache("x"))
          .satisfies(cache -> assertThat(cache.defaultTtl()).isEqualTo(Duration.ofSeconds(78)));
    } finally {
      System.clearProperty("larder.default_ttl");
      System.clearProperty("larder.preset");
    }
  }
}
