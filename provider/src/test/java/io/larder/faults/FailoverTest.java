package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Buckets;
import io.larder.history.History;
import io.larder.history.Outage;
import io.larder.history.Promises;
import io.larder.history.Rollback;
import io.larder.history.Verdict;
import io.larder.testing.RedisCluster;
import io.larder.testing.RedisSentinels;
import io.larder.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A master is killed, and its replica, which is behind, takes its place. What was written from the
 * moment when the replication ended is surely lost, though it was acknowledged; nothing else is.
 * The short form has calls fail meanwhile, the soak test a fallback, too.
 */
@ExtendWith(Trials.class)
final class FailoverTest {

  /** How long the load goes on with what gets lost, after the witnesses. */
  private static final long LAG_MILLIS = 300;

  /** Then the load goes on, and is judged anew. */
  private static final long AFTERWARDS_MILLIS = 2_000;

  private static final long NEVER_MILLIS = TimeUnit.HOURS.toMillis(1);

  private Path directory;

  /** When what happened to the master that is lost, and to its replica. */
  private static final class Loss {

    private final RedisServer master;
    private final RedisServer replica;
    private final Witnesses witnesses;
    private Set<String> lost = Set.of();
    private long replicated;
    private long cutOff;
    private long killed;
    private long[] back = {};

    private Loss(Trial trial, RedisServer master, RedisServer replica) {
      this.master = master;
      this.replica = replica;
      witnesses = new Witnesses(trial.fleet());
    }

    /** What is written from then on will be lost. */
    private void cutOff() {
      replicated = System.nanoTime();
      Redises.awaitReplicated(master, replica);
      Redises.cutOff(master, replica);
      cutOff = System.nanoTime();
      witnesses.overwrite();
      lost = witnesses.on(master);
      Trial.last(LAG_MILLIS);
    }

    private void kill() {
      killed = System.nanoTime();
      master.kill();
    }

    /** The replica has taken its place: what was lost is not near for longer than promised. */
    private Rollback failedOver(Trial trial) {
      Rollback rollback = new Rollback(replicated, cutOff, killed, System.nanoTime());
      back = trial.fleet().settle();
      trial.heals();
      long settled = rollback.up() + Promises.DETECTION_NANOS;
      Trial.pass(TimeUnit.NANOSECONDS.toMillis(Math.max(0, settled - System.nanoTime())) + 1);
      witnesses.assertLost(lost);
      Trial.pass(AFTERWARDS_MILLIS);
      return rollback;
    }

    /** What a process did meanwhile without Redis, it may have done for itself. */
    private void tell(History history, String fallback) {
      for (int process = 0; !fallback.equals("fail") && process < back.length; process++) {
        history.without(Outage.doubtful(process, killed, back[process]));
      }
    }
  }

  static List<List<Object>> choices() {
    return List.of(List.of("fail"), List.of("memory"));
  }

  @BeforeEach
  void start() throws IOException {
    directory = Files.createTempDirectory("larder-failover");
  }

  @AfterEach
  void stop() throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  /** The other masters' keys lose nothing, and keep all promises throughout. */
  @ParameterizedTest(name = "{displayName}, {0}")
  @ValueSource(strings = "fail")
  void aClustersMasterIsKilled(String fallback, Trial trial) {
    // No replica takes a place by itself, whatever the machine's pauses look like: the lost
    // master's waits until all processes have told that something is wrong.
    try (RedisCluster cluster = RedisCluster.start(
        "--cluster-node-timeout",
        "1000",
        "--cluster-replica-validity-factor",
        "0",
        "--cluster-replica-no-failover",
        "yes")) {
      begin(trial, fallback, cluster.url());
      List<RedisServer> masters = cluster.masters();
      Buckets lost = new Buckets(trial.fleet(), masters);
      Loss loss = new Loss(trial, masters.get(0), cluster.replicaOf(masters.get(0)));
      loss.cutOff();
      lost.with(loss.master);
      loss.kill();
      trial.tellsOfOutage();
      loss.replica.command("CONFIG", "SET", "cluster-replica-no-failover", "no");
      cluster.awaitFailedOver(loss.master);
      Rollback rollback = loss.failedOver(trial);
      Verdict verdict = trial.finish(history -> {
        loss.tell(history, fallback);
        history.rolledBack(rollback, lost.with(loss.replica));
      });
      told(trial, fallback, rollback, verdict);
    }
  }

  @ParameterizedTest(name = "{displayName}, {0}")
  @ValueSource(strings = "fail")
  void aSentinelsMasterIsKilled(String fallback, Trial trial) {
    try (RedisSentinels sentinels = RedisSentinels.start(directory, "")) {
      // They wait until all processes have told that something is wrong.
      sentinels.replaceAfter(NEVER_MILLIS);
      begin(trial, fallback, sentinels.url());
      Loss loss = new Loss(trial, sentinels.master(), sentinels.replica());
      loss.cutOff();
      loss.kill();
      trial.tellsOfOutage();
      // A replica that has not heard of the master for ten times as long would not be taken.
      sentinels.replaceAfter(2_000);
      sentinels.awaitFailedOver(loss.master);
      Rollback rollback = loss.failedOver(trial);
      Verdict verdict = trial.finish(history -> {
        loss.tell(history, fallback);
        history.rolledBack(rollback);
      });
      told(trial, fallback, rollback, verdict);
    }
  }

  private static void begin(Trial trial, String fallback, String url) {
    boolean fails = fallback.equals("fail");
    trial
        .with("fallback=" + fallback)
        .promising(promises -> fails ? promises : promises.evicting())
        .begin(url);
  }

  private static void told(Trial trial, String fallback, Rollback rollback, Verdict verdict) {
    assertThat(verdict.latencySamples()).isPositive();
    if (fallback.equals("fail")) {
      assertThat(trial.fleet().times().failures()).as("failed calls").isPositive();
    } else {
      trial.noneThrew();
    }
    trial.figures().figure("a killed master is replaced after", rollback.up() - rollback.down());
  }
}
