package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.stats.Health;
import io.larder.stats.RedisStatus.Connection;
import io.larder.testing.LogLines;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A Redis that answers reads and takes no changes, for callers who do both: the breaker stays
 * closed, so it must be said, once, where the changes go.
 */
final class RefusedChangesTest {

  private static final String CACHE = "refused-changes";

  /** Why Redis takes no changes, and what it says of it. */
  enum Refusal {
    READONLY {
      @Override
      void begin(RedisServer redis) {
        redis.command("REPLICAOF", "127.0.0.1", RedisServer.freePort());
      }

      @Override
      void end(RedisServer redis) {
        redis.command("REPLICAOF", "NO", "ONE");
      }
    },
    MISCONF {
      @Override
      void begin(RedisServer redis) {
        redis.command("CONFIG", "SET", "save", "3600 1");
        inFolder(redis, inTheWay -> Files.createDirectories(inTheWay.resolve("folder")));
        save(redis, "rdb_last_bgsave_status:err");
      }

      @Override
      void end(RedisServer redis) {
        inFolder(redis, inTheWay -> {
          Files.delete(inTheWay.resolve("folder"));
          Files.delete(inTheWay);
        });
        save(redis, "rdb_last_bgsave_status:ok");
      }
    },
    NOREPLICAS {
      @Override
      void begin(RedisServer redis) {
        redis.command("CONFIG", "SET", "min-replicas-to-write", 1);
      }

      @Override
      void end(RedisServer redis) {
        redis.command("CONFIG", "SET", "min-replicas-to-write", 0);
      }
    };

    abstract void begin(RedisServer redis);

    abstract void end(RedisServer redis);
  }

  private interface Step {
    void on(Path path) throws IOException;
  }

  private static void inFolder(RedisServer redis, Step step) {
    List<?> reply = (List<?>) redis.command("CONFIG", "GET", "dir");
    try {
      step.on(Path.of(RespConnection.text(reply.get(1)), "dump.rdb"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void save(RedisServer redis, String expected) {
    redis.command("BGSAVE");
    Outages.await(
        () -> RespConnection.text(redis.command("INFO", "persistence")).contains(expected),
        expected);
  }

  /** Not those of what earlier tests in this JVM left behind: they had another Redis. */
  private static List<String> warnings(LogLines log, RedisServer redis) {
    return log.with(" WARN ").stream()
        .filter(line -> line.contains(redis.url()) || line.contains(CACHE + ": "))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void isToldOnceAndItsEndToo(Refusal refusal) {
    Properties settings = Outages.settings("memory", 5000);
    settings.setProperty("breaker_failures", "50");
    // A Redis that cannot save lets no second connection in, for a call beside a replay.
    settings.setProperty("max_connections", "1");
    try (RedisServer redis = RedisServer.startOwn();
        LogLines log = LogLines.listen();
        TestCaches caches = TestCaches.in(Mode.REDIS, redis, settings)) {
      LarderCache<String, String> cache =
          caches.cache(CACHE, caches.configuration(String.class, String.class));
      RedisWatch watch = Outages.watch(caches);
      cache.put("kept", "v");
      refusal.begin(redis);

      for (int i = 0; i < 30; i++) {
        cache.put("k" + i, "v");
        assertThat(cache.get("kept")).isEqualTo("v");
      }
      assertThat(warnings(log, redis))
          .singleElement()
          .asString()
          .contains("larder:development: Redis at redis://127.0.0.1:")
          .contains("takes no changes (" + refusal)
          .contains("fallback");
      assertThat(watch.status().connection()).isEqualTo(Connection.CONNECTED);
      assertThat(watch.status().journalledKeys()).isEqualTo(30);
      assertThat(cache.health().status()).isEqualTo(Health.Status.UNHEALTHY);
      assertThat(cache.health().toString()).contains(refusal.name());

      refusal.end(redis);
      Outages.await(() -> watch.status().journalledKeys() == 0, "the replay");
      Outages.await(() -> !log.with("takes changes again").isEmpty(), "its end is told");
      assertThat(log.with("takes changes again"))
          .singleElement()
          .asString()
          .contains("INFO")
          .contains("larder:development: Redis takes changes again, after ");
      assertThat(warnings(log, redis)).hasSize(1);
      assertThat(cache.health().status()).isNotEqualTo(Health.Status.UNHEALTHY);
      cache.put("k7", "new");
      assertThat(cache.get("k7")).isEqualTo("new");
    }
  }

  /** With {@code fail}: a refused change cannot land later, so nobody has to wait for its time. */
  @ParameterizedTest
  @EnumSource
  void makesNobodyWait(Refusal refusal) {
    Properties settings = Outages.settings("fail", 60_000);
    settings.setProperty("breaker_failures", "50");
    try (RedisServer redis = RedisServer.startOwn();
        TestCaches caches = TestCaches.in(Mode.REDIS, redis, settings)) {
      LarderCache<String, String> cache =
          caches.cache(caches.configuration(String.class, String.class));
      cache.put("k", "v");
      refusal.begin(redis);
      long start = System.nanoTime();

      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> cache.put("k", "new")).isInstanceOf(CacheException.class);
      }

      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(40));
      refusal.end(redis);
      Outages.await(() -> Outages.watch(caches).status().journalledKeys() == 0, "the replay");
      cache.put("k", "newer");
      assertThat(cache.get("k")).isEqualTo("newer");
    }
  }
}
