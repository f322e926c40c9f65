package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said once, when a manager starts, is said under every preset: real processes. */
final class StartLogTest {

  private static final Map<String, String> QUIET =
      Map.of("CACHE_CUSTOM_CONFIG", "{\"log_level\": \"ERROR\"}");

  /** The application. */
  static final class Main {

    private Main() {}

    public static void main(String[] arguments) {
      try (LarderCachingProvider provider = new LarderCachingProvider()) {
        provider.getCacheManager();
      }
      System.out.println("done=1");
    }
  }

  private static List<String> log(Map<String, String> environment, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return Child.run(Main.class, all)
        .log()
        .lines()
        .filter(line -> line.contains(" io.larder.") && !line.contains("redisson"))
        .toList();
  }

  @Test
  void aUrlThatIsNotUsedIsToldUnderDisabled() {
    Map<String, String> environment =
        Map.of("CACHE_PRESET", "disabled", "CACHE_REDIS_URL", "redis://nowhere.example");

    assertThat(log(environment, Map.of()))
        .filteredOn(line -> line.contains("CACHE_REDIS_URL is not used"))
        .singleElement()
        .asString()
        .contains("INFO ");
    assertThat(log(environment, QUIET)).isEmpty();
  }

  @Test
  void oldAndMisspeltVariablesAndAnAbsentRedisAreToldUnderMinimal() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Map<String, String> environment = Map.of(
        "CACHE_PRESET", "minimal",
        "CACHE_DEFAULT_TTL", "77",
        "CACHE_REDIS_URI", "redis://nowhere.example",
        "CACHE_REDIS_URL", "redis://127.0.0.1:" + port);

    List<String> lines = log(environment, Map.of());
    for (String text :
        List.of("CACHE_DEFAULT_TTL", "did you mean CACHE_REDIS_URL?", " cannot be reached")) {
      assertThat(lines)
          .as(text)
          .filteredOn(line -> line.contains(text))
          .singleElement()
          .asString()
          .contains("WARN ");
    }
    assertThat(log(environment, QUIET)).isEmpty();
  }
}
