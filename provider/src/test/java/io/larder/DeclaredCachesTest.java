package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches that a settings file declares are there as if the application had created them. */
final class DeclaredCachesTest {

  private static final String JSON = """
      {
        "heap_cache_size": 5000,
        "caches": {
          "products": { "default_ttl": 60, "heap_cache_size": 7 },
          "com.acme.Book": {},
          "com.acme.*": { "default_ttl": 61 }
        }
      }
      """;

  private final LarderCachingProvider provider = new LarderCachingProvider();

  @TempDir
  Path directory;

  @AfterEach
  void close() {
    provider.close();
  }

  private CacheManager manager() throws Exception {
    return manager(new Properties());
  }

  private CacheManager manager(Properties properties) throws Exception {
    Path file = Files.writeString(directory.resolve("my caches.json"), JSON);
    return provider.getCacheManager(file.toUri(), getClass().getClassLoader(), properties);
  }

  @Test
  void areThereWithTheirSettings() throws Exception {
    Cache<Object, Object> products = manager().getCache("products");
    CompleteConfiguration<?, ?> configuration =
        products.getConfiguration(CompleteConfiguration.class);

    assertThat(configuration.getKeyType()).isEqualTo(Object.class);
    assertThat(configuration.getValueType()).isEqualTo(Object.class);
    assertThat(configuration.isStoreByValue()).isTrue();
    assertThat(configuration.getExpiryPolicyFactory()).isEqualTo(EternalExpiryPolicy.factoryOf());
    for (int i = 0; i < 100; i++) {
      products.put(i, "v");
    }
    // Evictions follow the puts, in the background.
    long end = System.nanoTime() + 20_000_000_000L;
    while (size(products) > 7) {
      assertThat(System.nanoTime()).isLessThan(end);
    }
    assertThat((Object) manager().getCache("products")).isSameAs(products);
  }

  private static int size(Cache<?, ?> cache) {
    int size = 0;
    for (Object entry : cache) {
      size += entry == null ? 0 : 1;
    }
    return size;
  }

  @Test
  void areListedAndPatternsAndDefaultsAreNot() throws Exception {
    CacheManager manager = manager();
    assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("products", "com.acme.Book");
    assertThat((Object) manager.getCache("com.acme.Other")).isNull();
    assertThat((Object) manager.getCache("com.acme.*")).isNull();
    assertThat((Object) manager.getCache("default-update-timestamps-region")).isNull();

    // As Spring does at its start.
    List<Cache<?, ?>> all = new ArrayList<>();
    manager.getCacheNames().forEach(name -> all.add(manager.getCache(name)));
    assertThat(all).hasSize(2).doesNotContainNull();
    assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("products", "com.acme.Book");
  }

  @Test
  void areOfTheTypesFirstAskedFor() throws Exception {
    CacheManager manager = manager();
    Cache<String, Integer> products = manager.getCache("products", String.class, Integer.class);

    assertThat((Object) manager.getCache("products")).isSameAs(products);
    assertThatThrownBy(() -> manager.getCache("products", String.class, String.class))
        .isInstanceOf(ClassCastException.class)
        .hasMessageContaining("products");
  }

  @Test
  void mayBeCreatedWithAConfigurationUntilSomebodyHasThem() throws Exception {
    CacheManager manager = manager();
    Cache<String, String> own = manager.createCache(
        "products",
        new MutableConfiguration<String, String>().setTypes(String.class, String.class));

    assertThat((Object) manager.getCache("products")).isSameAs(own);
    manager.getCache("com.acme.Book");
    assertThatThrownBy(() -> manager.createCache("com.acme.Book", new MutableConfiguration<>()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("com.acme.Book");
  }

  @Test
  void stayDeclaredWhenTheyCouldNotBeMade() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("redis_url", "redis://127.0.0.1:1");
    CacheManager manager = manager(properties);

    assertThatThrownBy(() ->
            manager.createCache("products", new MutableConfiguration<>().setStoreByValue(false)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(manager.getCacheNames()).contains("products");
    assertThat((Object) manager.getCache("products")).isNotNull();
  }

  @Test
  void closedOrDestroyedTheyAreGoneAsAnyOther() throws Exception {
    CacheManager manager = manager();
    manager.getCache("products").close();
    manager.destroyCache("com.acme.Book");

    assertThat((Object) manager.getCache("products")).isNull();
    assertThat((Object) manager.getCache("com.acme.Book")).isNull();
    assertThat(manager.getCacheNames()).isEmpty();
    manager.createCache("products", new MutableConfiguration<>());
    assertThat(manager.getCacheNames()).containsExactly("products");
    manager.close();
    assertThatThrownBy(() -> manager.getCache("products"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void haveBeansUnlessMonitoringIsOff() throws Exception {
    CacheManager manager = manager();
    Cache<Object, Object> products = manager.getCache("products");
    products.get("k");
    ObjectName name = new ObjectName("javax.cache:type=CacheStatistics,CacheManager="
        + manager.getURI().toString().replace(':', '.') + ",Cache=products");
    var server = ManagementFactory.getPlatformMBeanServer();
    assertThat(server.getAttribute(name, "CacheMisses")).isEqualTo(1L);
    manager.close();
    assertThat(server.isRegistered(name)).isFalse();

    Properties quiet = new Properties();
    quiet.setProperty("enable_monitoring", "false");
    CacheManager other = manager(quiet);
    other.getCache("products");
    assertThat(server.isRegistered(name)).isFalse();
    other.enableStatistics("com.acme.Book", true);
    CompleteConfiguration<?, ?> book =
        other.getCache("com.acme.Book").getConfiguration(CompleteConfiguration.class);
    assertThat(book.isStatisticsEnabled()).isTrue();
    assertThat(book.isManagementEnabled()).isFalse();
  }

  @Test
  void manyAskersGetOneCache() throws Exception {
    CacheManager manager = manager();
    var threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Object>> askers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        askers.add(() -> manager.getCache("products"));
      }
      Object first = manager.getCache("products");
      for (var answer : threads.invokeAll(askers)) {
        assertThat(answer.get()).isSameAs(first);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void touchRedisOnlyWhenAskedFor() throws Exception {
    try (RedisServer redis = RedisServer.startOwn()) {
      Properties properties = new Properties();
      properties.setProperty("redis_url", redis.url() + "/2");
      properties.setProperty("operation_timeout_ms", "5000");
      CacheManager manager = manager(properties);
      assertThat(manager.getCacheNames()).hasSize(2);
      assertThat(RespConnection.text(redis.command("INFO", "keyspace"))).doesNotContain("db");

      manager.<String, String>getCache("products", String.class, String.class).put("k", "v");
      try (RespConnection connection = redis.connect()) {
        connection.command("SELECT", "2");
        List<?> keys = (List<?>) connection.command("KEYS", "larder:{default:products:??}:*");
        assertThat((Long) connection.command("PTTL", (byte[]) keys.get(0))).isBetween(1L, 60_000L);
      }
      manager.close();
    }
  }

  /** As an application that carries its settings in its jar. */
  @Test
  void areReadFromTheApplicationsOwnJar() throws Exception {
    Path jar = directory.resolve("my app.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("conf/caches.json"));
      out.write(JSON.getBytes(StandardCharsets.UTF_8));
    }
    try (URLClassLoader application =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader())) {
      URL found = application.getResource("conf/caches.json");
      for (URI uri : List.of(
          found.toURI(),
          URI.create("classpath:conf/caches.json"),
          URI.create("conf/caches.json"))) {
        CacheManager manager = provider.getCacheManager(uri, application);
        assertThat((Object) manager.getCache("products")).as("%s", uri).isNotNull();
        assertThat(manager.getURI()).isEqualTo(uri);
        manager.close();
      }
      assertThatThrownBy(
              () -> provider.getCacheManager(URI.create("classpath:conf/no.json"), application))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("classpath:conf/no.json");
    }
  }
}
