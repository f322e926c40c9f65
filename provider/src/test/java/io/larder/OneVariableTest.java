package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An application moves from the heap to Redis by its environment alone: real processes. */
final class OneVariableTest {

  private static RedisServer redis;

  @BeforeAll
  static void open() {
    redis = RedisServer.startOwn();
  }

  @AfterAll
  static void close() {
    redis.close();
  }

  /** The application. */
  static final class Main {

    private Main() {}

    public static void main(String[] arguments) {
      LarderCache<String, String> cache =
          LarderCaches.webApp().cache("moved", String.class, String.class);
      cache.put("k", "v");
      System.out.println("preset " + LarderCaches.webApp().manager().settings().preset() + ", got "
          + cache.get("k"));
    }
  }

  private static String run(Map<String, String> environment) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
    builder.environment().keySet().removeIf(name -> name.startsWith("CACHE_"));
    builder.environment().putAll(environment);
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static long pttl() {
    try (RespConnection connection = redis.connect()) {
      List<?> keys = (List<?>) connection.command("KEYS", "larder:{*:moved:??}:*");
      assertThat(keys).hasSize(1);
      return (Long) connection.command("PTTL", (byte[]) keys.get(0));
    }
  }

  @Test
  void fromTheHeapToRedis() throws Exception {
    assertThat(run(Map.of())).contains("preset simple, got v");
    assertThat(redis.command("DBSIZE")).isEqualTo(0L);

    // A process that has just begun on a busy machine may take longer than the usual half second.
    String url = redis.url() + "?operation_timeout_ms=20000";
    assertThat(run(Map.of("CACHE_REDIS_URL", url))).contains("preset simple, got v");
    assertThat(pttl()).isBetween(1_700_000L, 1_800_000L);

    // The factory's TTL is stronger than the preset's, and weaker than what a variable says.
    assertThat(run(Map.of("CACHE_REDIS_URL", url, "CACHE_PRESET", "production")))
        .contains("preset production, got v");
    assertThat(pttl()).isBetween(1_700_000L, 1_800_000L);
    run(Map.of("CACHE_REDIS_URL", url, "CACHE_CUSTOM_CONFIG", "{\"default_ttl\": 100}"));
    assertThat(pttl()).isBetween(1L, 100_000L);
  }
}
