package io.larder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Redis URL says, and what a malformed one does not let out. */
class RedisUrlTest {

  private static RedisSettings read(String url) {
    return Sources.none().env("CACHE_REDIS_URL", url).read().redis().orElseThrow();
  }

  @Test
  void fullUrl() {
    RedisSettings redis =
        read("rediss://b%C3%B6b:p%40ss%3A%2F%25+x@cache.example:6380/2?max_connections=20"
            + "&connection_timeout=4&operation_timeout_ms=750");

    assertThat(redis.addresses()).containsExactly("rediss://cache.example:6380");
    assertThat(redis.username()).contains("böb");
    assertThat(redis.password()).contains(new Secret("p@ss:/%+x"));
    assertThat(redis.database()).isEqualTo(2);
    assertThat(redis.maxConnections()).isEqualTo(20);
    assertThat(redis.connectTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(redis.operationTimeout()).isEqualTo(Duration.ofMillis(750));
    assertThat(redis.tls().enabled()).isTrue();
    assertThat(redis.tls().verify()).isTrue();
    assertThat(redis.topology()).isEqualTo(Topology.SINGLE);
    assertThat(redis.maskedUrl()).isEqualTo("rediss://böb:***@cache.example:6380/2");
    assertThat(redis.toString()).doesNotContain("p@ss", "p%40ss");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "redis://h redis://h:6379 0 SINGLE",
        "REDIS://h/ redis://h:6379 0 SINGLE",
        "redis://h:1/15 redis://h:1 15 SINGLE",
        "redis://h?db=3 redis://h:6379 3 SINGLE",
        "redis://h/3?db=3 redis://h:6379 3 SINGLE",
        "redis://my_redis-1.x:65535 redis://my_redis-1.x:65535 0 SINGLE",
        "redis://[::1]:7000 redis://[::1]:7000 0 SINGLE",
        "redis://[fe80::1%eth0] redis://[fe80::1%eth0]:6379 0 SINGLE",
        "redis://h?cluster=true redis://h:6379 0 CLUSTER",
        "redis://a,b:7,[::2] redis://a:6379,redis://b:7,redis://[::2]:6379 0 CLUSTER",
        "redis://a,b/4?sentinel_master=m1 redis://a:26379,redis://b:26379 4 SENTINEL",
        "redis://a?sentinel_master=m1 redis://a:26379 0 SENTINEL",
      })
  void addressesDatabaseAndTopology(String url, String addresses, int database, Topology topology) {
    RedisSettings redis = read(url);

    assertThat(String.join(",", redis.addresses())).isEqualTo(addresses);
    assertThat(redis.database()).isEqualTo(database);
    assertThat(redis.topology()).isEqualTo(topology);
    assertThat(redis.sentinelMaster())
        .isEqualTo(topology == Topology.SENTINEL ? Optional.of("m1") : Optional.empty());
    assertThat(redis.username()).isEmpty();
    assertThat(redis.password()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2",
        "http://:hunter2@h",
        "redis:hunter2@h",
        "redis:/:hunter2@h",
        "redis://",
        "redis:///2",
        "redis://:hunter2@",
        "redis://hunter2@h",
        "redis://u:hunter2@h:0",
        "redis://u:hunter2@h:65536",
        "redis://u:hunter2@h:port",
        "redis://u:hunter2@h/x",
        "redis://u:hunter2@h/-1",
        "redis://u:hunter2@h/99999999999",
        "redis://u:hunter2@h/1/2",
        "redis://u:hunter2@h?nonsense=1",
        "redis://u:x@h?password=hunter2",
        "redis://h?hunter2@x=1",
        "redis://u:hunter2@h?max_connections=0",
        "redis://u:hunter2@h?max_connections=1001",
        "redis://u:hunter2@h?max_connections=many",
        "redis://u:hunter2@h?max_connections",
        "redis://u:hunter2@h?max_connections=1&max_connections=1",
        "redis://u:hunter2@h/1?db=2",
        "redis://u:hunter2@h#f",
        "redis://u:12#hunter2@h",
        "redis://u:12/hunter2@h",
        "redis://u:12?hunter2@h",
        "redis://u:hun/ter2@h",
        "redis://u:hunter2%@h",
        "redis://u:hunter2%zz@h",
        "redis://u:hunter2%ff@h",
        "redis://u:hunter2@h,",
        "redis://u:hunter2@h,h",
        "redis://u:hunter2@a,b/1",
        "redis://u:hunter2@a,b?cluster=false",
        "redis://u:hunter2@a?cluster=maybe",
        "redis://u:hunter2@a,b?cluster=true&sentinel_master=m",
        "redis://u:hunter2@a?sentinel_master=",
        "redis://u:hunter2@[::1",
        "redis://u:hunter2@::1",
        "redis://u:hunter2@h h",
        "redis://u:hunter2@-h",
        " redis ://u:hunter2@h",
        "rediss//u:hunter2@h",
      })
  void malformedUrlIsOneFaultWithoutTheSecret(String url) {
    for (Sources sources : List.of(
        Sources.none().env("CACHE_REDIS_URL", url),
        Sources.none().system("larder.redis_url", url),
        Sources.none().property("redis_url", url))) {
      assertThatThrownBy(sources::read)
          .isInstanceOfSatisfying(
              ConfigurationException.class, e -> assertThat(e.faults()).hasSize(1))
          .hasMessageContaining("redis_u")
          .hasMessageNotContaining("hunter2")
          .hasMessageNotContaining("ter2");
    }
  }

  @Test
  void aLoneUserNeedsAPasswordFromSomewhere() {
    RedisSettings redis = Sources.none()
        .env("CACHE_REDIS_URL", "redis://bob@h")
        .env("CACHE_REDIS_PASSWORD", "x")
        .read()
        .redis()
        .orElseThrow();

    assertThat(redis.username()).contains("bob");
    assertThat(redis.maskedUrl()).isEqualTo("redis://bob:***@h:6379");
  }

  @Test
  void useTlsAddsTlsToAPlainUrlAndMayNotTakeItAway() {
    Sources plain = Sources.none().env("CACHE_REDIS_URL", "redis://h").property("use_tls", true);
    assertThat(plain.read().redis().orElseThrow().addresses()).containsExactly("rediss://h:6379");
    assertThatThrownBy(
            Sources.none().env("CACHE_REDIS_URL", "rediss://h").property("use_tls", false)::read)
        .hasMessageContaining("use_tls");
  }
}
