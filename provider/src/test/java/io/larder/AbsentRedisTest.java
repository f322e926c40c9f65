package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Managers that find no Redis at their address. */
final class AbsentRedisTest {

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void refusedOnlyWhereThatIsAsked(Mode mode) throws Exception {
    Properties properties = properties(mode, closedPort());
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      properties.setProperty("redis_url", withPassword(properties.getProperty("redis_url")));
      properties.setProperty("fail_on_connection_error", "true");
      assertThatThrownBy(() -> manager(provider, properties))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("redis://")
          .hasMessageNotContaining("hunter2");

      properties.setProperty("fail_on_connection_error", "false");
      CacheManager manager = manager(provider, properties);
      Cache<String, String> cache = manager.createCache("cache", strings());
      assertThatThrownBy(() -> cache.get("k")).isInstanceOf(CacheException.class);
      assertThatThrownBy(() -> cache.put("k", "v")).isInstanceOf(CacheException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"REDIS", "NEAR"})
  void worksWhenRedisComes(Mode mode) {
    try (RedisServer redis = RedisServer.startOwn();
        LarderCachingProvider provider = new LarderCachingProvider()) {
      redis.kill();
      Cache<String, String> cache =
          manager(provider, properties(mode, redis.port())).createCache("cache", strings());
      assertThatThrownBy(() -> cache.get("k")).isInstanceOf(CacheException.class);

      redis.startAgain();

      awaitWorking(cache);
      assertThat(cache.get("k")).isEqualTo("v");
    }
  }

  private static void awaitWorking(Cache<String, String> cache) {
    long end = System.nanoTime() + 30_000_000_000L;
    while (true) {
      try {
        cache.put("k", "v");
        return;
      } catch (CacheException e) {
        assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(end);
      }
    }
  }

  private static CacheManager manager(LarderCachingProvider provider, Properties properties) {
    return provider.getCacheManager(
        URI.create("larder:development"), AbsentRedisTest.class.getClassLoader(), properties);
  }

  private static MutableConfiguration<String, String> strings() {
    return new MutableConfiguration<String, String>().setTypes(String.class, String.class);
  }

  private static Properties properties(Mode mode, int port) {
    Properties properties = new Properties();
    properties.setProperty("redis_url", "redis://127.0.0.1:" + port);
    properties.setProperty("enable_l1_cache", String.valueOf(mode == Mode.NEAR));
    return properties;
  }

  private static String withPassword(String url) {
    return url.replace("redis://", "redis://:hunter2@");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
