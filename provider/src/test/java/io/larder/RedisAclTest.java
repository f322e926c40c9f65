package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user of Redis who has the rights that docs/storage.md lists, and no others. */
final class RedisAclTest {

  private static final String PASSWORD = "sesam-open";
  private static final String NAMESPACE = "shop";

  @Test
  void documentedRightsAreEnoughForOneServer() throws Exception {
    try (RedisServer server = RedisServer.startOwn()) {
      grant(server, documented());
      useAll(server.url());
      // The client library asks so whether it is a cluster, and goes on without an answer.
      assertThat(denied(server)).isSubsetOf("eval");
    }
  }

  @Test
  void documentedRightsAreEnoughForCluster() throws Exception {
    try (RedisCluster cluster = RedisCluster.start()) {
      List<String> rights = documented();
      cluster.nodes().forEach(node -> grant(node, rights));
      useAll(cluster.url());
      // The client library asks so whether there are patterns, and goes on without an answer.
      cluster.nodes().forEach(node -> assertThat(denied(node)).isSubsetOf("pubsub|numpat"));
    }
  }

  @Test
  void rightsMayEndAtTheNamespace() throws Exception {
    try (RedisServer server = RedisServer.startOwn()) {
      List<String> rights = documented().stream()
          .map(right -> right.replace("larder:*", "larder:{" + NAMESPACE + ":*"))
          .toList();
      grant(server, rights);
      useAll(server.url());

      Throwable thrown = catchThrowable(() -> use(server.url(), "other", cache -> {}));

      assertThat(thrown).isInstanceOf(CacheException.class).hasMessageContaining("NOPERM");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mget", "evalsha", "publish", "scan", "set", "unlink", "time"})
  void missingRightIsNamed(String right) throws Exception {
    try (RedisServer server = RedisServer.startOwn()) {
      List<String> rights = new ArrayList<>(documented());
      assertThat(rights.remove("+" + right)).isTrue();
      grant(server, rights);

      Throwable thrown = catchThrowable(() -> useAll(server.url()));

      // Of what a script calls, Redis does not tell the command.
      boolean inScript = right.equals("set") || right.equals("unlink");
      assertThat(thrown)
          .isInstanceOf(CacheException.class)
          .hasMessageContaining(inScript ? "The user executing the script" : "'" + right + "'")
          .hasMessageNotContaining(PASSWORD);
    }
  }

  private interface Use {
    void of(LarderCache<String, String> cache);
  }

  private static void useAll(String url) {
    use(url, NAMESPACE, cache -> {
      cache.put("a", "1");
      assertThat(cache.getAndPut("a", "2")).isEqualTo("1");
      assertThat(cache.putIfAbsent("b", "1")).isTrue();
      assertThat(cache.replace("a", "2", "3")).isTrue();
      assertThat(cache.replace("a", "4")).isTrue();
      assertThat(cache.getAndReplace("a", "5")).isEqualTo("4");
      cache.putAll(Map.of("c", "1", "d", "1"));
      assertThat(cache.getAll(Set.of("a", "b", "c", "d"))).hasSize(4);
      assertThat(cache.containsKey("a")).isTrue();
      assertThat(cache.<String>invoke("a", (entry, arguments) -> entry.getValue()))
          .isEqualTo("5");
      assertThat(cache.remove("b", "1")).isTrue();
      assertThat(cache.getAndRemove("c")).isEqualTo("1");
      assertThat(cache).hasSize(2);
      awaitNear(cache);
      cache.removeAll(Set.of("d"));
      cache.removeAll();
      cache.put("a", "1");
      cache.clear();
      assertThat(cache.get("a")).isNull();
    });
  }

  private static void use(String url, String namespace, Use use) {
    Properties settings = new Properties();
    settings.setProperty("namespace", namespace);
    settings.setProperty("fail_on_connection_error", "true");
    RedisServer as = RedisServer.at(url.replace("//", "//larder:" + PASSWORD + "@"));
    try (TestCaches caches = TestCaches.in(Mode.NEAR, as, settings)) {
      use.of(caches.cache("near", caches.configuration(String.class, String.class)));
      Cache<String, String> touched = caches.cache(
          "touched",
          caches
              .configuration(String.class, String.class)
              .setExpiryPolicyFactory(TouchedExpiryPolicy.factoryOf(Duration.ONE_HOUR)));
      touched.put("a", "1");
      assertThat(touched.get("a")).isEqualTo("1");
      MutableConfiguration<String, String> written =
          caches.configuration(String.class, String.class);
      written.setWriteThrough(true).setCacheWriterFactory(Nowhere::new);
      caches.cache("written", written).put("a", "1");
      caches.manager().destroyCache("near");
    }
  }

  private static void awaitNear(LarderCache<String, String> cache) {
    await("a near hit", () -> {
      cache.get("a");
      return cache.stats().tiers().get(0).hits() > 0;
    });
  }

  /** What was refused. */
  private static List<String> denied(RedisServer server) {
    return ((List<?>) server.command("ACL", "LOG"))
        .stream()
            .map(entry -> RespConnection.text(((List<?>) entry).get(7)))
            .distinct()
            .toList();
  }

  private static void grant(RedisServer server, List<String> rights) {
    List<Object> command = new ArrayList<>(List.of("ACL", "SETUSER", "larder", "on"));
    command.add(">" + PASSWORD);
    command.addAll(rights);
    server.command(command.toArray());
  }

  /** What the line in the documentation grants, from the keys on. */
  private static List<String> documented() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "storage.md"));
    String line = page.substring(page.indexOf("ACL SETUSER"));
    return Arrays.stream(line.substring(0, line.indexOf("```")).split("\\s+"))
        .filter(word -> "~&+-".indexOf(word.charAt(0)) >= 0)
        .toList();
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not after 20 s: " + what).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  /** Takes a lease for each write, and keeps nothing. */
  private static final class Nowhere implements CacheWriter<String, String> {

    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {}

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {}

    @Override
    public void delete(Object key) {}

    @Override
    public void deleteAll(Collection<?> keys) {}
  }
}
