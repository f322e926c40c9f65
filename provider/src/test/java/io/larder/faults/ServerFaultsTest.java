package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Promises;
import io.larder.history.Rollback;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis dies, hangs, forgets, is full or remembers old things, while processes work with it. */
@ExtendWith(Trials.class)
final class ServerFaultsTest {

  static final String LONGEST_CALL = "Redis is killed: the longest call";

  @Test
  void killedAndRestartedWithItsData(Trial trial) {
    try (RedisServer redis = RedisServer.startOwn("--appendonly", "yes", "--appendfsync", "no")) {
      trial.begin(redis.url());
      redis.kill();
      Trial.last(1_000);
      trial.tellsOfOutage();
      redis.startAgain();
      trial.heals();
      trial.finish();
      trial.figures().figure(LONGEST_CALL, trial.fleet().times().longestNanos());
    }
  }

  @Test
  void killedAndRestartedEmpty(Trial trial) {
    try (RedisServer redis = RedisServer.startOwn()) {
      trial.begin(redis.url());
      long down = System.nanoTime();
      redis.kill();
      Trial.last(1_000);
      trial.tellsOfOutage();
      redis.startAgain();
      long up = System.nanoTime();
      trial.heals();
      trial.finish(history -> history.emptied(down, up));
      trial.figures().figure(LONGEST_CALL, trial.fleet().times().longestNanos());
    }
  }

  /** At once: some processes may not even have noticed. */
  @Test
  void restartedWithOldData(Trial trial) {
    restartedWithOldData(trial, () -> {});
  }

  @Test
  void restartedLaterWithOldData(Trial trial) {
    restartedWithOldData(trial, trial::tellsOfOutage);
  }

  private static void restartedWithOldData(Trial trial, Runnable meanwhile) {
    try (RedisServer redis = RedisServer.startOwn()) {
      trial.begin(redis.url());
      long copyStart = System.nanoTime();
      redis.command("SAVE");
      long copyEnd = System.nanoTime();
      Trial.last(1_000);
      long down = System.nanoTime();
      redis.kill();
      meanwhile.run();
      redis.startAgain();
      long up = System.nanoTime();
      trial.heals();
      Trial.pass(3_000);
      trial.finish(history -> history.rolledBack(new Rollback(copyStart, copyEnd, down, up)));
    }
  }

  @Test
  void pausedByClientPause(Trial trial) {
    try (RedisServer redis = RedisServer.startOwn()) {
      trial.begin(redis.url());
      redis.command("CLIENT", "PAUSE", 5_000);
      trial.tellsOfFault("no reply from Redis within the operation timeout");
      Redises.awaitAnswer(redis);
      trial.heals();
      trial.finish();
    }
  }

  @Test
  void stoppedWhereItStands(Trial trial) {
    try (RedisServer redis = RedisServer.startOwn()) {
      trial.begin(redis.url());
      redis.pause();
      Trial.last(2_500);
      trial.tellsOfOutage();
      redis.resume();
      trial.heals();
      trial.finish();
    }
  }

  @Test
  void subscriptionsKilled(Trial trial) {
    try (RedisServer redis = RedisServer.startOwn()) {
      trial.begin(redis.url());
      for (int i = 0; i < 6; i++) {
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");
        Trial.pass(250);
      }
      trial.tellsOfNothing();
      trial.heals();
      trial.finish();
    }
  }

  @Test
  void fullAndEvictingNothing(Trial trial) {
    try (RedisServer redis = RedisServer.startOwn("--maxmemory-policy", "noeviction")) {
      trial.patient().padding(1_000).begin(redis.url());
      for (int i = 0; i < 3; i++) {
        redis.command("CONFIG", "SET", "maxmemory", 1);
        trial.tellsOfAFullRedis();
        Trial.pass(300);
        redis.command("CONFIG", "SET", "maxmemory", 0);
        Trial.pass(300);
      }
      trial.heals();
      trial.finish();
      assertThat(trial.fleet().times().failures()).isPositive();
    }
  }

  static List<List<Object>> choices() {
    return List.of(List.of("fail"), List.of("memory"));
  }

  @ParameterizedTest(name = "{displayName}, {0}")
  @ValueSource(strings = "fail")
  void fullAndEvictingAnything(String fallback, Trial trial) {
    try (RedisServer redis = RedisServer.startOwn("--maxmemory-policy", "allkeys-lru");
        RespConnection connection = redis.connect()) {
      trial
          .patient()
          .with("compression=none fallback=" + fallback)
          .padding(20_000)
          .promising(Promises::evicting);
      long empty = usedMemory(connection);
      trial.begin(redis.url());
      connection.command(
          "CONFIG", "SET", "maxmemory", empty + (usedMemory(connection) - empty) / 4 * 3);
      for (int i = 0; i < 20; i++) {
        evictHeads(connection);
        trial.tellsOfNothing(i % 3);
        Trial.pass(100);
      }
      Redises.await(() ->
          !RespConnection.text(connection.command("INFO", "stats")).contains("evicted_keys:0\r"));
      connection.command("CONFIG", "SET", "maxmemory", 0);
      // What is on the way to Redis takes room as well, for which it may refuse a value.
      assertThat(trial.fleet().thrown())
          .doesNotContain("UnavailableException", "TimedOutException", "UnwritableException");
      trial.heals();
      trial.finish();
    }
  }

  private static long usedMemory(RespConnection connection) {
    String info = RespConnection.text(connection.command("INFO", "memory"));
    return Long.parseLong(info.replaceAll("(?s).*used_memory:(\\d+).*", "$1"));
  }

  /** Eviction may take any key: here the bookkeeping of many buckets. */
  private static void evictHeads(RespConnection connection) {
    List<?> heads = (List<?>) connection.command("KEYS", "larder:{*:??}");
    for (int i = 0; i < heads.size(); i += 5) {
      connection.command("UNLINK", heads.get(i));
    }
  }

  @Test
  void scriptsFlushed(Trial trial) {
    try (RedisServer redis = RedisServer.startOwn()) {
      trial.patient().compared().begin(redis.url());
      for (int i = 0; i < 10; i++) {
        redis.command("SCRIPT", "FLUSH");
        trial.tellsOfNothing(i % 3);
        Trial.pass(100);
      }
      trial.heals();
      trial.finish();
      trial.noneThrew();
    }
  }
}
