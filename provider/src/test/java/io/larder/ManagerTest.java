package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.junit.jupiter.api.Test;

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

    SilentServer() throws IOException {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      NEW_THREAD.execute(() -> {
        try {
          Socket taken = socket.accept();
          reached.countDown();
          taken.getInputStream().transferTo(OutputStream.nullOutputStream());
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
      properties.setProperty("connection_timeout", "20");
      properties.setProperty("fail_on_connection_error", "true");
      return properties;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void managerThatConnectsKeepsNobodyElseWaiting() throws Exception {
    ClassLoader loader = ManagerTest.class.getClassLoader();
    try (LarderCachingProvider provider = new LarderCachingProvider();
        SilentServer silent = new SilentServer()) {
      CompletableFuture<CacheManager> stuck = CompletableFuture.supplyAsync(
          () -> provider.getCacheManager(DEVELOPMENT, loader, silent.settings()), NEW_THREAD);
      assertThat(silent.reached.await(10, TimeUnit.SECONDS)).isTrue();

      CacheManager other =
          provider.getCacheManager(URI.create("larder:simple"), loader, new Properties());
      provider.close(URI.create("larder:simple"), loader);

      assertThat(other.isClosed()).isTrue();
      assertThat(stuck).isNotDone();
    }
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
}
