package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster is rearranged, of which no caller and no near cache is to notice anything. */
@ExtendWith(Trials.class)
final class ClusterCoherenceTest {

  private static final int MOVES = 12;

  private static RedisCluster cluster;

  @BeforeAll
  static void start() {
    cluster = RedisCluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void replicasTakeOverInAgreement(Trial trial) {
    trial.patient().begin(cluster.url());
    for (RedisServer master : cluster.masters()) {
      cluster.failOver(master);
      Trial.pass(1_000);
      trial.tellsOfNothing();
    }
    trial.heals();
    trial.finish();
  }

  @Test
  void slotsMoveWithTheirEntries(Trial trial) {
    trial.patient().begin(cluster.url());
    Redises.await(() -> heads().size() >= MOVES);
    for (String head : heads().subList(0, MOVES)) {
      RedisServer owner = cluster.masterOf(head);
      RedisServer target = cluster.masters().stream()
          .filter(master -> master != owner)
          .findFirst()
          .orElseThrow();
      cluster.move(cluster.slotOf(head), target, 30);
      assertThat(cluster.masterOf(head)).isSameAs(target);
    }
    trial.tellsOfNothing();
    trial.heals();
    trial.finish();
  }

  /** Of some buckets that have entries, of whatever load. */
  private static List<String> heads() {
    return cluster.masters().stream()
        .flatMap(master -> ((List<?>) master.command("KEYS", "larder:{*:??}")).stream())
        .map(RespConnection::text)
        .toList();
  }
}
