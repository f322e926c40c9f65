package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Environment variables, in processes that really have them. */
final class EnvironmentInForceTest {

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
    redis.command("ACL", "SETUSER", "app", "on", ">hunter2hunter2", "~*", "&*", "+@all");
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void presetAndUrlAreEnough() {
    Child child = SettingsProbe.child(
        redis,
        Map.of(
            "CACHE_PRESET",
            "simple",
            "CACHE_REDIS_URL",
            redis.url() + "?max_connections=3&operation_timeout_ms=20000&db=2"),
        2,
        "any");
    assertThat(child.answers())
        .containsEntry("any ttl", "3600")
        .containsEntry("any threshold", "1000")
        .containsEntry("connections", "3+1");
  }

  @Test
  void oldVariablesAreInForceAndSaidOnce() {
    Child child = SettingsProbe.child(
        redis,
        Map.of(
            "CACHE_DEFAULT_TTL", "61",
            "CACHE_MEMORY_SIZE", "40",
            "CACHE_COMPRESSION_THRESHOLD", "700",
            "CACHE_COMPRESSION_LEVEL", "2",
            "CACHE_ENVIRONMENT", "local",
            "CACHE_REDIS_PASSWORD", "hunter2hunter2",
            "CACHE_REDIS_URL", redis.url() + "?operation_timeout_ms=20000",
            "CACHE_CUSTOM_CONFIG", "{\"redis_username\":\"app\"}"),
        0,
        "old");
    assertThat(child.answers())
        .containsEntry("old ttl", "61")
        .containsEntry("old threshold", "700")
        .containsEntry("connections", "3+1");
    assertThat(Integer.parseInt(child.answers().get("old near"))).isBetween(20, 40);
    assertThat(child.log().lines().filter(line -> line.contains("old environment variables")))
        .singleElement()
        .asString()
        .contains("CACHE_DEFAULT_TTL: use default_ttl", "CACHE_REDIS_PASSWORD: use redis_password");
    assertThat(child.log()).doesNotContain("hunter");
  }

  /** One and the same class; what changes is a variable. */
  @Test
  void applicationMovesToRedisByOneVariable() {
    long before = connections();
    for (Map<String, String> heap : List.of(
        Map.<String, String>of(),
        Map.of("CACHE_PRESET", "disabled", "CACHE_REDIS_URL", redis.url()))) {
      Child child = Child.run(MovingApp.class, heap);
      assertThat(child.answers()).isEqualTo(Map.of("before", "null", "after", "value"));
    }
    // The connection that asks is one itself.
    assertThat(connections()).isEqualTo(before + 1);
    assertThat((List<?>) redis.command("KEYS", "larder:{default:products:*")).isEmpty();

    Map<String, String> moved =
        Map.of("CACHE_REDIS_URL", redis.url() + "?operation_timeout_ms=20000");
    assertThat(Child.run(MovingApp.class, moved).answers())
        .isEqualTo(Map.of("before", "null", "after", "value"));
    assertThat((List<?>) redis.command("KEYS", "larder:{default:products:??}:skey"))
        .hasSize(1);
    assertThat(Child.run(MovingApp.class, moved).answers())
        .isEqualTo(Map.of("before", "value", "after", "value"));
  }

  private static long connections() {
    String info = RespConnection.text(redis.command("INFO", "stats"));
    return info.lines()
        .filter(line -> line.startsWith("total_connections_received:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
        .sum();
  }
}
