package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.LogLines;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of connections, as a server or its absence shows them. */
final class ConnectionInForceTest {

  /** More than a busy machine adds to a wait. */
  private static final Duration SLACK = Duration.ofSeconds(6);

  private static RedisServer redis;

  @TempDir
  Path directory;

  /** A value that no one allows. */
  record Book(String title) {}

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
    redis.command(
        "ACL", "SETUSER", "app", "on", ">hunter2hunter2", "~larder:*", "&larder:*", "+@all");
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static Properties properties(String... settings) {
    Properties properties = new Properties();
    properties.setProperty("redis_url", redis.url());
    properties.setProperty("namespace", "t" + UUID.randomUUID());
    properties.setProperty("operation_timeout_ms", "5000");
    for (int i = 0; i < settings.length; i += 2) {
      properties.setProperty(settings[i], settings[i + 1]);
    }
    return properties;
  }

  private static CacheManager manager(
      LarderCachingProvider provider, String uri, Properties properties) {
    return provider.getCacheManager(
        URI.create(uri), ConnectionInForceTest.class.getClassLoader(), properties);
  }

  private static Cache<Object, Object> cache(CacheManager manager, String name) {
    return manager.createCache(name, new MutableConfiguration<>());
  }

  @Test
  void operationTimeoutBoundsACallWhileRedisIsSilent() {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager = manager(
          provider,
          "larder:simple",
          properties("operation_timeout_ms", "1500", "enable_l1_cache", "false"));
      Outages.await(
          manager.unwrap(LarderCacheManager.class).redisWatch().orElseThrow(),
          io.larder.stats.RedisStatus.Connection.CONNECTED);
      Cache<Object, Object> cache = cache(manager, "c");
      cache.put("k", "v");
      redis.pause();
      try {
        long start = System.nanoTime();
        try {
          // Of a key that was written too slowly it would know without Redis.
          assertThat(cache.get("never written")).isNull();
        } catch (CacheException e) {
          assertThat(e).hasMessageContaining("c: ");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isBetween(Duration.ofMillis(1300), Duration.ofMillis(1500).plus(SLACK));
      } finally {
        redis.resume();
      }
    }
  }

  /** A listener whose queue is full lets nobody in and says nothing. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void connectionTimeoutBoundsTheWaitForAServerThatDoesNotAnswer(int seconds) throws IOException {
    List<Socket> queue = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        LarderCachingProvider provider = new LarderCachingProvider()) {
      for (int i = 0; i < 8; i++) {
        Socket socket = new Socket();
        queue.add(socket);
        try {
          socket.connect(server.getLocalSocketAddress(), 100);
        } catch (IOException full) {
          break;
        }
      }
      Properties properties = properties(
          "redis_url",
          "redis://:hunter2@127.0.0.1:" + server.getLocalPort(),
          "connection_timeout",
          String.valueOf(seconds),
          "operation_timeout_ms",
          "200",
          "fail_on_connection_error",
          "true");
      long start = System.nanoTime();
      assertThatThrownBy(() -> manager(provider, "larder:simple", properties))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("redis://")
          .hasMessageNotContaining("hunter");
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(
              Duration.ofMillis(seconds * 900L), Duration.ofSeconds(seconds).plus(SLACK));
    } finally {
      for (Socket socket : queue) {
        socket.close();
      }
    }
  }

  @Test
  void userAndPasswordOpenTheDoor() {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      Properties right = properties("redis_username", "app", "redis_password", "hunter2hunter2");
      cache(manager(provider, "larder:simple", right), "c").put("k", "v");
      String clients = RespConnection.text(redis.command("CLIENT", "LIST"));
      assertThat(clients.lines().filter(line -> line.contains(" user=app "))).isNotEmpty();

      Properties wrong = properties(
          "redis_username", "app",
          "redis_password", "hunter3hunter3",
          "fail_on_connection_error", "true");
      try (LogLines log = LogLines.listen()) {
        assertThatThrownBy(() -> manager(provider, "larder:minimal", wrong))
            .isInstanceOf(CacheException.class)
            .satisfies(e -> assertThat(withCauses(e)).doesNotContain("hunter"));
        assertThat(log.text()).doesNotContain("hunter");
      }
    }
  }

  private static String withCauses(Throwable failure) {
    java.io.StringWriter text = new java.io.StringWriter();
    failure.printStackTrace(new java.io.PrintWriter(text, true));
    return text.toString();
  }

  @Test
  void failOnConnectionErrorByFileAndSystemProperty() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "redis://:hunter2@127.0.0.1:" + port;
    Path file = Files.writeString(
        directory.resolve("larder.json"),
        "{\"fail_on_connection_error\": true, \"redis_url\": \"" + url + "\"}");
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      refused(provider, file.toUri().toString(), new Properties());
      System.setProperty("larder.fail_on_connection_error", "true");
      try {
        refused(provider, "larder:simple", properties("redis_url", url));
      } finally {
        System.clearProperty("larder.fail_on_connection_error");
      }
      Properties gentle = properties("redis_url", url, "operation_timeout_ms", "200");
      assertThat(manager(provider, "larder:simple", gentle).isClosed()).isFalse();
    }
  }

  private static void refused(LarderCachingProvider provider, String uri, Properties properties) {
    assertThatThrownBy(() -> manager(provider, uri, properties))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("127.0.0.1")
        .hasMessageNotContaining("hunter");
  }

  @Test
  void allowedClassesOpenTheDoorForWhatTheyName() {
    Book book = new Book("b");
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager = manager(
          provider,
          "larder:simple",
          properties(
              "allowed_classes", "io.larder.ConnectionInForceTest$Book",
              "caches.closed.allowed_classes", "com.acme.**",
              "caches.open*.allowed_classes", "io.larder.*"));
      for (String name : List.of("any", "open-too")) {
        Cache<Object, Object> cache = cache(manager, name);
        cache.put("k", book);
        assertThat(cache.get("k")).isEqualTo(book);
      }
      assertThatThrownBy(() -> cache(manager, "closed").put("k", book))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("closed: ")
          .hasMessageContaining("\"io.larder.ConnectionInForceTest$Book\"")
          .hasMessageContaining("allowed_classes");
    }
  }
}
