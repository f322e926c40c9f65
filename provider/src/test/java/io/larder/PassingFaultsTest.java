package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.stats.Health;
import io.larder.stats.RedisStatus.Connection;
import io.larder.store.redis.RedisRefusedException;
import io.larder.testing.LogLines;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import io.larder.testing.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Redis that refuses for a while: what caches answer meanwhile, and that they come back. */
final class PassingFaultsTest {

  private final Properties sameData = Outages.settings("memory", 5000);

  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = RedisServer.startOwn();
    sameData.setProperty("namespace", RedisServer.newNamespace());
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void whatWaitsForARefusedReplayIsNotReadFromRedis() {
    try (LogLines log = LogLines.listen();
        TcpProxy link = TcpProxy.to(redis);
        TestCaches caches = over(link);
        TestCaches peer = TestCaches.in(Mode.NEAR, redis, sameData)) {
      LarderCache<String, String> cache = strings(caches);
      LarderCache<String, String> other = strings(peer);
      RedisWatch watch = Outages.watch(caches);
      cache.putAll(Map.of("removed", "old", "written", "old", "kept", "v"));
      assertThat(other.get("removed")).isEqualTo("old");
      redis.command("CONFIG", "SET", "min-replicas-to-write", 1);
      link.refuse();
      Outages.awaitOpen(watch, () -> cache.get("kept" + System.nanoTime()));
      cache.remove("removed");
      cache.put("written", "new");
      link.mend();
      Outages.await(watch, Connection.CONNECTED);
      Outages.await(
          () -> !told(log, link, "takes no changes (NOREPLICAS").isEmpty(), "the refusal is told");

      Outages.await(() -> "v".equals(cache.get("kept")), "no connection is the old link's");
      for (int i = 0; i < 3; i++) {
        assertThat(cache.get("removed")).isNull();
        assertThat(cache.containsKey("removed")).isFalse();
        assertThat(cache.getAll(Set.of("removed", "written", "kept")))
            .containsEntry("written", "new")
            .doesNotContainKey("removed");
        assertThat(cache.get("written")).isEqualTo("new");
        assertThat(cache.get("kept")).isEqualTo("v");
        cache.put("written meanwhile", "v" + i);
        assertThat(entries(cache))
            .isEqualTo(Map.of("kept", "v", "written", "new", "written meanwhile", "v" + i));
        assertThat(cache.get("written meanwhile")).isEqualTo("v" + i);
      }
      assertThat(watch.status().connection()).isEqualTo(Connection.CONNECTED);
      assertThat(watch.status().journalledKeys()).isEqualTo(3);
      assertThat(cache.removeMatching("* meanwhile")).isEqualTo(1);
      assertThat(cache.get("written meanwhile")).isNull();
      assertThat(cache.health().status()).isEqualTo(Health.Status.UNHEALTHY);
      assertThat(cache.health().toString()).contains("takes no changes");

      redis.command("CONFIG", "SET", "min-replicas-to-write", 0);
      Outages.await(() -> watch.status().journalledKeys() == 0, "the replay");
      for (LarderCache<String, String> each : List.of(cache, other)) {
        Outages.await(() -> each.get("removed") == null, "removed");
        Outages.await(() -> each.get("written") == null, "what was written apart is dropped");
        assertThat(each.get("kept")).isEqualTo("v");
      }
      cache.put("written", "newer");
      Outages.await(() -> "newer".equals(other.get("written")), "the other process follows");
      assertThat(cache.health().status()).isNotEqualTo(Health.Status.UNHEALTHY);
      assertThat(told(log, link, "takes no changes (NOREPLICAS")).hasSize(1);
      // It does not name its Redis; of other caches, which are of earlier tests, none was refused.
      Outages.await(() -> !log.with("is removed there now").isEmpty(), "the end is told");
    }
  }

  /** Not by other managers of this JVM: their Redis has another address. */
  private static List<String> told(LogLines log, TcpProxy link, String words) {
    return log.with(words).stream().filter(line -> line.contains(link.url())).toList();
  }

  /** Then it refuses a PING, too, and the client can make no connection. */
  @Test
  void aRedisThatCannotSaveIsAway() throws Exception {
    sameData.setProperty("max_connections", "1");
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis, sameData)) {
      LarderCache<String, String> cache = strings(caches);
      RedisWatch watch = Outages.watch(caches);
      cache.putAll(Map.of("removed", "old", "written", "old", "kept", "v"));
      Path inTheWay = snapshot();
      redis.command("CONFIG", "SET", "save", "3600 1");
      Files.createDirectories(inTheWay.resolve("folder"));
      save("rdb_last_bgsave_status:err");

      cache.remove("removed");
      cache.put("written", "new");
      assertThat(cache.get("removed")).isNull();
      assertThat(cache.get("written")).isEqualTo("new");
      assertThat(cache.get("kept")).isEqualTo("v");
      Outages.awaitOpen(watch, () -> cache.put("written", "newer"));
      assertThat(cache.health().status()).isEqualTo(Health.Status.UNHEALTHY);
      assertThat(cache.health().toString()).contains("MISCONF");
      assertThat(cache.get("written")).isEqualTo("newer");

      Files.delete(inTheWay.resolve("folder"));
      Files.delete(inTheWay);
      save("rdb_last_bgsave_status:ok");
      Outages.await(watch, Connection.CONNECTED);
      Outages.await(() -> watch.status().journalledKeys() == 0, "the replay");
      assertThat(cache.get("removed")).isNull();
      assertThat(cache.get("written")).isNull();
      assertThat(cache.get("kept")).isEqualTo("v");
    }
  }

  private Path snapshot() {
    List<?> reply = (List<?>) redis.command("CONFIG", "GET", "dir");
    return Path.of(RespConnection.text(reply.get(1)), "dump.rdb");
  }

  private void save(String expected) {
    redis.command("BGSAVE");
    Outages.await(
        () -> RespConnection.text(redis.command("INFO", "persistence")).contains(expected),
        expected);
  }

  /** Removals need no room. */
  @Test
  void aFullRedisTakesTheReplay() {
    try (TcpProxy link = TcpProxy.to(redis);
        TestCaches caches = over(link)) {
      LarderCache<String, String> cache = strings(caches);
      RedisWatch watch = Outages.watch(caches);
      cache.putAll(Map.of("removed", "old", "written", "old", "kept", "v"));
      redis.command("CONFIG", "SET", "maxmemory", 1);
      link.refuse();
      Outages.awaitOpen(watch, () -> cache.get("kept" + System.nanoTime()));
      cache.remove("removed");
      cache.put("written", "new");
      link.mend();
      Outages.await(watch, Connection.CONNECTED);
      Outages.await(() -> watch.status().journalledKeys() == 0, "the replay");
      assertThat(cache.get("removed")).isNull();
      assertThat(cache.get("written")).isNull();
      assertThat(cache.get("kept")).isEqualTo("v");
      assertThatThrownBy(() -> cache.put("kept", "w")).isInstanceOf(RedisRefusedException.class);
      assertThat(cache.get("kept")).isNull();
      redis.command("CONFIG", "SET", "maxmemory", 0);
      cache.put("kept", "x");
      assertThat(cache.get("kept")).isEqualTo("x");
    }
  }

  /** Who is the client's user, and until when Redis knows it. */
  enum UserChange {
    DELETED,
    OTHER_PASSWORD,
    OFF
  }

  @ParameterizedTest
  @EnumSource(UserChange.class)
  void aUserWhoIsNotLetInIsAnOutage(UserChange change) {
    grant();
    Properties settings = Outages.settings("memory", 5000);
    settings.setProperty("redis_username", "someone");
    settings.setProperty("redis_password", "sesam");
    try (TestCaches caches = TestCaches.in(Mode.NEAR, redis, settings)) {
      LarderCache<String, String> cache = strings(caches);
      RedisWatch watch = Outages.watch(caches);
      cache.put("k", "old");
      switch (change) {
        case DELETED -> redis.command("ACL", "DELUSER", "someone");
        case OTHER_PASSWORD -> redis.command("ACL", "SETUSER", "someone", "resetpass", ">other");
        case OFF -> redis.command("ACL", "SETUSER", "someone", "off");
      }
      if (change != UserChange.DELETED) {
        redis.command("CLIENT", "KILL", "USER", "someone");
      }
      Outages.awaitOpen(watch, () -> cache.get("x" + System.nanoTime()));
      cache.put("k", "new");
      assertThat(cache.get("k")).isEqualTo("new");
      Outages.await(
          () -> cache
              .health()
              .toString()
              .contains("does not accept redis_username and redis_password"),
          "the reason is told");
      assertThat(cache.health().toString()).doesNotContain("sesam");

      grant();
      Outages.await(watch, Connection.CONNECTED);
      assertThat(cache.get("k")).isNull();
      cache.put("k", "newer");
      assertThat(cache.get("k")).isEqualTo("newer");
    }
  }

  private TestCaches over(TcpProxy link) {
    return TestCaches.in(Mode.NEAR, RedisServer.at(link.url()), sameData);
  }

  private void grant() {
    redis.command("ACL", "SETUSER", "someone", "on", "resetpass", ">sesam", "~*", "&*", "+@all");
  }

  private static Map<String, String> entries(LarderCache<String, String> cache) {
    Map<String, String> found = new TreeMap<>();
    cache.forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    return found;
  }

  private static LarderCache<String, String> strings(TestCaches caches) {
    Outages.await(Outages.watch(caches), Connection.CONNECTED);
    return caches.cache(caches.configuration(String.class, String.class));
  }
}
