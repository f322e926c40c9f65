package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Buckets;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A master is killed, and its replica, which is behind, takes its place. What was written from the
 * moment when the replication ended is surely lost, though it was acknowledged; nothing else is.
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
      trial.heals();
      long settled = rollback.up() + Promises.DETECTION_NANOS;
      Trial.pass(TimeUnit.NANOSECONDS.toMillis(Math.max(0, settled - System.nanoTime())) + 1);
      witnesses.assertLost(lost);
      Trial.pass(AFTERWARDS_MILLIS);
      return rollback;
    }
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
  @Test
  void aClustersMasterIsKilled(Trial trial) {
    try (RedisCluster cluster = RedisCluster.start(
        "--cluster-node-timeout", "1000", "--cluster-replica-validity-factor", "0")) {
      trial.begin(cluster.url());
      List<RedisServer> masters = cluster.masters();
      Buckets lost = new Buckets(trial.fleet(), masters);
      Loss loss = new Loss(trial, masters.get(0), cluster.replicaOf(masters.get(0)));
      // It waits until all processes have told that something is wrong.
      loss.replica.command("CONFIG", "SET", "cluster-replica-no-failover", "yes");
      loss.cutOff();
      lost.with(loss.master);
      loss.kill();
      trial.tellsOfOutage();
      loss.replica.command("CONFIG", "SET", "cluster-replica-no-failover", "no");
      cluster.awaitFailedOver(loss.master);
      Rollback rollback = loss.failedOver(trial);
      Verdict verdict =
          trial.finish(history -> history.rolledBack(rollback, lost.with(loss.replica)));
      told(trial, rollback, verdict);
    }
  }

  @Test
  void aSentinelsMasterIsKilled(Trial trial) {
    try (RedisSentinels sentinels = RedisSentinels.start(directory, "")) {
      trial.begin(sentinels.url());
      Loss loss = new Loss(trial, sentinels.master(), sentinels.replica());
      // They wait until all processes have told that something is wrong.
      sentinels.replaceAfter(NEVER_MILLIS);
      loss.cutOff();
      loss.kill();
      trial.tellsOfOutage();
      // A replica that has not heard of the master for ten times as long would not be taken.
      sentinels.replaceAfter(2_000);
      sentinels.awaitFailedOver(loss.master);
      Rollback rollback = loss.failedOver(trial);
      Verdict verdict = trial.finish(history -> history.rolledBack(rollback));
      told(trial, rollback, verdict);
    }
  }

  private static void told(Trial trial, Rollback rollback, Verdict verdict) {
    assertThat(verdict.latencySamples()).isPositive();
    assertThat(trial.fleet().times().failures()).as("failed calls").isPositive();
    trial.figures().figure("a killed master is replaced after", rollback.up() - rollback.down());
  }
}
