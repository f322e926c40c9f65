package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.LogLines;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.integration.CacheLoader;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Making and closing managers and caches, also when that fails. */
final class ManagerTest {

  private static final URI DEVELOPMENT = URI.create("larder:development");

  private static final Executor NEW_THREAD = task -> {
    Thread thread = new Thread(task, "test-manager");
    thread.setDaemon(true);
    thread.start();
  };

  /** A server that takes connections and never answers. */
  private static final class SilentServer implements AutoCloseable {
    private final ServerSocket socket;
    private final CountDownLatch reached = new CountDownLatch(1);
    private volatile @Nullable Socket taken;

    SilentServer() throws IOException {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      NEW_THREAD.execute(() -> {
        try {
          Socket client = socket.accept();
          taken = client;
          reached.countDown();
          client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
          if (!socket.isClosed()) {
            throw new UncheckedIOException(e);
          }
        }
      });
    }

    Properties settings() {
      Properties properties = new Properties();
      properties.setProperty("redis_url", "redis://127.0.0.1:" + socket.getLocalPort());
      properties.setProperty("connection_timeout", "60");
      properties.setProperty("operation_timeout_ms", "60000");
      properties.setProperty("fail_on_connection_error", "true");
      return properties;
    }

    @Override
    public void close() throws IOException {
      socket.close();
      Socket client = taken;
      if (client != null) {
        client.close();
      }
    }
  }

  @Test
  void managerThatConnectsKeepsNobodyElseWaiting() throws Exception {
    ClassLoader loader = ManagerTest.class.getClassLoader();
    CompletableFuture<CacheManager> stuck;
    try (LarderCachingProvider provider = new LarderCachingProvider();
        SilentServer silent = new SilentServer()) {
      stuck = CompletableFuture.supplyAsync(
          () -> provider.getCacheManager(DEVELOPMENT, loader, silent.settings()), NEW_THREAD);
      assertThat(silent.reached.await(30, TimeUnit.SECONDS)).isTrue();

      CacheManager other =
          provider.getCacheManager(URI.create("larder:simple"), loader, new Properties());
      provider.close(URI.create("larder:simple"), loader);

      assertThat(other.isClosed()).isTrue();
      assertThat(stuck).isNotDone();
    }
    assertThat(stuck).failsWithin(30, TimeUnit.SECONDS);
  }

  @Test
  void managerThatCouldNotBeMadeIsMadeAtTheNextCall() {
    ClassLoader loader = ManagerTest.class.getClassLoader();
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      Properties bad = new Properties();
      bad.setProperty("default_ttl", "-1");
      assertThatThrownBy(() -> provider.getCacheManager(DEVELOPMENT, loader, bad))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("default_ttl");

      CacheManager manager = provider.getCacheManager(DEVELOPMENT, loader, new Properties());
      assertThat(provider.getCacheManager(DEVELOPMENT, loader, bad)).isSameAs(manager);
    }
  }

  @Test
  void propertiesNeedNotBeTextAndKeepTheirDefaults() {
    Properties defaults = new Properties();
    defaults.setProperty("default_ttl", "77");
    Properties properties = new Properties(defaults);
    properties.put("heap_cache_size", 5);
    properties.put("enable_l1_cache", false);
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      LarderCacheManager manager = (LarderCacheManager)
          provider.getCacheManager(DEVELOPMENT, ManagerTest.class.getClassLoader(), properties);

      assertThat(manager.getProperties())
          .containsEntry("heap_cache_size", 5)
          .containsEntry("enable_l1_cache", false)
          .containsEntry("default_ttl", "77");
      assertThat(manager.settings().cache("x").heapCacheSize()).isEqualTo(5);
      assertThat(manager.settings().cache("x").nearEnabled()).isFalse();
      assertThat(manager.settings().cache("x").defaultTtl()).hasSeconds(77);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*b", "\"q", "x?y", "*", "a,b:c=d", "line\nline", "q\"\\"})
  void everyNameCanHaveStatistics(String name) throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager =
          provider.getCacheManager(DEVELOPMENT, ManagerTest.class.getClassLoader());
      Cache<String, String> cache = manager.createCache(
          name, strings().setStatisticsEnabled(true).setManagementEnabled(true));
      cache.put("k", "v");
      ObjectName bean = new ObjectName("javax.cache:type=CacheStatistics,CacheManager="
          + "larder.development,Cache=" + name.replaceAll("[^a-z\\\\]", "."));
      assertThat(server.getAttribute(bean, "CachePuts")).isEqualTo(1L);

      cache.close();

      assertThat(server.isRegistered(bean)).isFalse();
    }
  }

  private static MutableConfiguration<String, String> strings() {
    return new MutableConfiguration<String, String>().setTypes(String.class, String.class);
  }

  /** Counts what is open. */
  private static final class Ear
      implements CacheEntryCreatedListener<String, String>, CacheLoader<String, String>, Closeable {
    private final AtomicInteger closes = new AtomicInteger();

    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {}

    @Override
    public @Nullable String load(String key) {
      return null;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      return Map.of();
    }

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }

  private static <T> Factory<T> failing() {
    return () -> {
      throw new IllegalStateException("out of order");
    };
  }

  static Stream<UnaryOperator<MutableConfiguration<String, String>>> brokenFactories() {
    Factory<Ear> ear = Ear::new;
    return Stream.of(
        c -> c.setExpiryPolicyFactory(failing()),
        c -> c.setCacheWriterFactory(failing()),
        c -> c.addCacheEntryListenerConfiguration(listening(failing(), null)),
        c -> c.addCacheEntryListenerConfiguration(listening(() -> null, null)),
        c -> c.addCacheEntryListenerConfiguration(listening(null, null)),
        c -> c.addCacheEntryListenerConfiguration(listening(ear, failing())),
        c -> c.addCacheEntryListenerConfiguration(listening(ear, () -> null)));
  }

  private static CacheEntryListenerConfiguration<String, String> listening(
      @Nullable Factory<Ear> listener,
      @Nullable Factory<CacheEntryEventFilter<String, String>> filter) {
    return new MutableCacheEntryListenerConfiguration<>(listener, filter, false, true);
  }

  @ParameterizedTest
  @MethodSource("brokenFactories")
  void brokenFactoryIsNamedAndWhatIsMadeIsClosed(
      UnaryOperator<MutableConfiguration<String, String>> with) {
    Ear loader = new Ear();
    AtomicInteger made = new AtomicInteger();
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager =
          provider.getCacheManager(DEVELOPMENT, ManagerTest.class.getClassLoader());
      MutableConfiguration<String, String> configuration = strings()
          .setReadThrough(true)
          .setCacheLoaderFactory(() -> {
            made.incrementAndGet();
            return loader;
          });

      assertThatThrownBy(() -> manager.createCache("broken", with.apply(configuration)))
          .isInstanceOf(CacheException.class)
          .hasMessageStartingWith("broken: ");

      assertThat(manager.<String, String>getCache("broken")).isNull();
      assertThat(loader.closes).hasValue(made.get());
      manager.createCache("broken", strings());
    }
  }

  @Test
  void listenerIsClosedWhenItsFilterCannotBeMade() {
    Ear ear = new Ear();
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      Cache<String, String> cache = provider
          .getCacheManager(DEVELOPMENT, ManagerTest.class.getClassLoader())
          .createCache("filtered", strings());

      assertThatThrownBy(() -> cache.registerCacheEntryListener(listening(() -> ear, failing())))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("filtered: ")
          .hasMessageContaining("filter");

      assertThat(ear.closes).hasValue(1);
      assertThatThrownBy(() -> {
            cache.registerCacheEntryListener(listening(() -> ear, () -> event -> {
              throw new IllegalStateException("out of order");
            }));
            cache.put("k", "v");
          })
          .isInstanceOf(CacheEntryListenerException.class)
          .hasMessageContaining("filtered: listener's filter");
    }
  }

  @Test
  void otherPropertiesForAManagerThatIsThereAreToldOnce() {
    ClassLoader loader = ManagerTest.class.getClassLoader();
    Properties made = new Properties();
    made.setProperty("default_ttl", "77");
    Properties others = new Properties();
    others.setProperty("ai_config.key_hmac_secret", "hunter2hunter2hunter2");
    others.put("default_ttl", 77);
    try (LogLines log = LogLines.listen();
        LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager = provider.getCacheManager(DEVELOPMENT, loader, made);
      assertThat(provider.getCacheManager(DEVELOPMENT, loader)).isSameAs(manager);
      assertThat(provider.getCacheManager(DEVELOPMENT, loader, made)).isSameAs(manager);
      assertThat(log.with("other properties")).isEmpty();

      assertThat(provider.getCacheManager(DEVELOPMENT, loader, others)).isSameAs(manager);
      provider.getCacheManager(DEVELOPMENT, loader, others);

      assertThat(log.with("other properties"))
          .singleElement()
          .asString()
          .contains("larder:development: ", "(ai_config.key_hmac_secret)")
          .doesNotContain("hunter2");
      assertThat(manager.getProperties()).isEqualTo(made);
    }
  }

  @Test
  void putDoesNotFailForAnAsynchronousListenerWhoseManagerCloses() {
    Ear ear = new Ear();
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager =
          provider.getCacheManager(DEVELOPMENT, ManagerTest.class.getClassLoader());
      Cache<String, String> cache = manager.createCache("closing", strings());
      cache.registerCacheEntryListener(new MutableCacheEntryListenerConfiguration<>(
          () -> (CacheEntryCreatedListener<String, String>) events -> manager.close(),
          null,
          false,
          true));
      cache.registerCacheEntryListener(new MutableCacheEntryListenerConfiguration<>(
          (Factory<Ear>) () -> ear, null, false, false));

      cache.put("k", "v");

      assertThat(manager.isClosed()).isTrue();
      assertThat(ear.closes).hasValue(1);
    }
  }
}
