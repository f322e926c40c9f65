package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LogLevel;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The floor of each preset under the messages of all its caches, in a process with slf4j-simple.
 */
final class LogLevelTest {

  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @CsvSource({
    "disabled, WARNING",
    "minimal, ERROR",
    "simple, INFO",
    "development, DEBUG",
    "production, INFO",
    "ai-development, DEBUG",
    "ai-production, INFO"
  })
  void messagesBelowThePresetsFloorAreNotLogged(String preset, LogLevel floor) throws Exception {
    List<String> lines = run(preset);

    assertThat(lines).anyMatch(line -> line.equals("done"));
    assertThat(contains(lines, "WARN", "policed: getExpiryForCreation failed"))
        .isEqualTo(passes(LogLevel.WARNING, floor));
    assertThat(contains(lines, "INFO", "advised: over Redis this would be refused"))
        .isEqualTo(passes(LogLevel.INFO, floor));
    assertThat(contains(lines, "DEBUG", "contended: a loaded value is not stored"))
        .isEqualTo(passes(LogLevel.DEBUG, floor));
    if (!preset.equals("disabled")) {
      assertThat(contains(lines, "WARN", "garbled: an entry in Redis cannot be read"))
          .isEqualTo(passes(LogLevel.WARNING, floor));
    }
    assertThat(lines.stream()
            .filter(line -> line.matches("\\[.*] [A-Z]+ io\\.larder.*"))
            .toList())
        .allMatch(line -> passes(levelOf(line), floor));
  }

  private static boolean passes(LogLevel level, LogLevel floor) {
    return level.compareTo(floor) >= 0;
  }

  private static boolean contains(List<String> lines, String level, String text) {
    return lines.stream().anyMatch(line -> line.contains(level + " ") && line.contains(text));
  }

  private static LogLevel levelOf(String line) {
    for (LogLevel level : LogLevel.values()) {
      if (line.contains(level == LogLevel.WARNING ? "WARN " : level + " ")) {
        return level;
      }
    }
    throw new AssertionError("no level: " + line);
  }

  private static List<String> run(String preset) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.log.io.larder=debug",
        "-cp",
        System.getProperty("java.class.path"),
        LogLevelTest.class.getName(),
        preset);
    builder.environment().put("LARDER_TEST_REDIS_URL", redis.url());
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  /** The child: gives rise to a message of each kind. */
  public static void main(String[] arguments) throws Exception {
    LarderCachingProvider provider = new LarderCachingProvider();
    URI uri = URI.create("larder:" + arguments[0]);
    Properties heap = new Properties();
    heap.setProperty("operation_timeout_ms", "200");
    try (CacheManager manager = provider.getCacheManager(uri, null, heap)) {
      Cache<String, Object> policed = manager.createCache(
          "policed",
          new MutableConfiguration<String, Object>()
              .setTypes(String.class, Object.class)
              .setExpiryPolicyFactory(FactoryBuilder.factoryOf(Failing.class)));
      policed.put("k", "v");
      Cache<String, Object> advised = manager.createCache(
          "advised",
          new MutableConfiguration<String, Object>().setTypes(String.class, Object.class));
      advised.put("k", new Unlisted());
      contended(manager);
    }
    if (!arguments[0].equals("disabled")) {
      overRedis(provider, uri);
    }
    provider.close();
    System.out.println("done");
  }

  private static void overRedis(LarderCachingProvider provider, URI uri) {
    Properties properties = new Properties();
    String namespace = RedisServer.newNamespace();
    RedisServer server = RedisServer.start();
    properties.setProperty("redis_url", server.url());
    properties.setProperty("operation_timeout_ms", "20000");
    properties.setProperty("namespace", namespace);
    properties.setProperty("enable_l1_cache", "false");
    try (CacheManager manager = provider.getCacheManager(uri, null, properties);
        RespConnection connection = server.connect()) {
      Cache<String, String> garbled = manager.createCache("garbled", texts());
      garbled.put("k", "v");
      connection.command("SET", entry(connection, namespace, "garbled"), "garbage");
      garbled.get("k");
    }
  }

  /** A value that is loaded while its key is being changed is not stored. */
  private static void contended(CacheManager manager) throws InterruptedException {
    Cache<String, String> contended = manager.createCache(
        "contended",
        texts().setReadThrough(true).setCacheLoaderFactory(FactoryBuilder.factoryOf(Loader.class)));
    CountDownLatch changing = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    Thread changer = new Thread(() -> contended.invoke("k", (entry, arguments) -> {
      changing.countDown();
      await(read);
      return null;
    }));
    changer.start();
    changing.await();
    contended.get("k");
    read.countDown();
    changer.join();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MutableConfiguration<String, String> texts() {
    return new MutableConfiguration<String, String>().setTypes(String.class, String.class);
  }

  private static String entry(RespConnection connection, String namespace, String cache) {
    List<?> names =
        (List<?>) connection.command("KEYS", "larder:{" + namespace + ":" + cache + ":??}:*");
    return RespConnection.text(names.get(0));
  }

  static final class Unlisted implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** A policy that fails. */
  public static final class Failing implements ExpiryPolicy, java.io.Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public Duration getExpiryForCreation() {
      throw new IllegalStateException("no");
    }

    @Override
    public Duration getExpiryForAccess() {
      return null;
    }

    @Override
    public Duration getExpiryForUpdate() {
      return null;
    }
  }

  /** Loads each key as its own value. */
  public static final class Loader implements CacheLoader<String, String> {

    @Override
    public String load(String key) {
      return key;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      throw new UnsupportedOperationException();
    }
  }
}
