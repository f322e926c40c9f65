package io.larder;

import io.larder.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;

/** Measures {@link Effects} in this JVM or, with environment variables, in one of its own. */
final class SettingsProbe {

  private SettingsProbe() {}

  /** What a child measured, and what it logged. */
  record Told(Map<String, String> effects, String log) {}

  static Map<String, String> measure(
      RedisServer redis, String uri, Properties properties, int database, String... caches)
      throws InterruptedException {
    Set<String> before = Effects.connected(redis);
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager = provider.getCacheManager(
          URI.create(uri), SettingsProbe.class.getClassLoader(), properties);
      TreeMap<String, String> all = Effects.of(manager, redis, database, caches);
      LarderCache<Object, Object> cache = manager
          .createCache("load", new MutableConfiguration<Object, Object>())
          .unwrap(LarderCache.class);
      all.put("connections", Effects.connections(cache, redis, before));
      return all;
    }
  }

  /** Measures in a JVM with these variables and none of ours else. */
  static Told child(
      RedisServer redis, Map<String, String> environment, int database, String... caches) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        SettingsProbe.class.getName(),
        String.valueOf(database)));
    command.addAll(List.of(caches));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("CACHE_"));
    builder.environment().put("LARDER_TEST_REDIS_URL", redis.url());
    builder.environment().putAll(environment);
    try {
      Path log = java.nio.file.Files.createTempFile("probe", ".log");
      Process process = builder.redirectError(log.toFile()).start();
      Map<String, String> effects = new TreeMap<>();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      out.lines().forEach(line -> effects.put(
          line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
      String said = java.nio.file.Files.readString(log);
      java.nio.file.Files.delete(log);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException("the child failed: " + said);
      }
      return new Told(effects, said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public static void main(String[] args) throws InterruptedException {
    String[] caches = java.util.Arrays.copyOfRange(args, 1, args.length);
    measure(
            RedisServer.start(),
            "larder:default",
            new Properties(),
            Integer.parseInt(args[0]),
            caches)
        .forEach((what, value) -> System.out.println(what + "=" + value));
  }
}
