package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.stats.RedisStatus.Connection;
import io.larder.store.redis.RedisUnavailableException;
import io.larder.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Properties;
import javax.cache.Cache;
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
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("redis://")
          .hasMessageNotContaining("hunter2")
          .hasCauseInstanceOf(Exception.class);

      properties.setProperty("fail_on_connection_error", "false");
      properties.setProperty("fallback", "fail");
      CacheManager manager = manager(provider, properties);
      Cache<String, String> cache = manager.createCache("cache", strings());
      assertThatThrownBy(() -> cache.get("k"))
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("cache: Redis at redis://")
          .hasMessageNotContaining("hunter2");
      assertThatThrownBy(() -> cache.put("k", "v")).isInstanceOf(RedisUnavailableException.class);
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
      CacheManager manager = manager(provider, properties(mode, redis.port()));
      Cache<String, String> cache = manager.createCache("cache", strings());
      RedisWatch watch = manager.unwrap(LarderCacheManager.class).redisWatch().orElseThrow();
      assertThat(watch.status().connection()).isEqualTo(Connection.DEGRADED);
      cache.put("k", "v");
      assertThat(cache.get("k")).isEqualTo("v");

      redis.startAgain();

      Outages.await(watch, Connection.CONNECTED);
      assertThat(cache.get("k")).isNull();
      cache.put("k", "w");
      assertThat(cache.get("k")).isEqualTo("w");
      assertThat(redis.commandStats()).containsKey("evalsha");
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
    properties.setProperty("operation_timeout_ms", "5000");
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
