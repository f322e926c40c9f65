package io.larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What near caches of three processes promise over a cluster that is rearranged under a load. */
final class ClusterCoherenceTest {

  private static final int MOVES = 12;

  private static RedisCluster cluster;
  private static Fleet fleet;

  private final String namespace = RedisServer.newNamespace();

  @BeforeAll
  static void start() {
    cluster = RedisCluster.start();
    fleet = Fleet.of(3);
  }

  @AfterAll
  static void stop() {
    fleet.close();
    cluster.close();
  }

  @Test
  void replicasTakeOverInAgreement() {
    assertPromisesKept("a replica takes over", () -> {
      for (RedisServer master : cluster.masters()) {
        cluster.failOver(master);
        pass(1_000);
      }
    });
  }

  @Test
  void slotsMoveWithTheirEntries() {
    assertPromisesKept("slots move", () -> {
      List<String> heads = heads();
      for (int i = 0; i < 200 && heads.size() < MOVES; i++) {
        pass(100);
        heads = heads();
      }
      assertThat(heads).hasSize(MOVES);
      for (String head : heads) {
        RedisServer owner = cluster.masterOf(head);
        RedisServer target = cluster.masters().stream()
            .filter(master -> master != owner)
            .findFirst()
            .orElseThrow();
        cluster.move(cluster.slotOf(head), target, 30);
      }
    });
  }

  /** Of some buckets that have entries. */
  private List<String> heads() {
    return cluster.masters().stream()
        .flatMap(master ->
            ((List<?>) master.command("KEYS", "larder:{" + namespace + ":*:??}")).stream())
        .map(RespConnection::text)
        .limit(MOVES)
        .toList();
  }

  private void assertPromisesKept(String what, Runnable meanwhile) {
    fleet.begin(number -> "redis_url=" + cluster.url() + " namespace=" + namespace
        + " operation_timeout_ms=5000 connection_timeout=30 fail_on_connection_error=true");
    pass(1_500);
    fleet.forgetTimes();
    meanwhile.run();
    fleet.awaitHealthy();
    pass(1_000);

    Verdict verdict = fleet.finish();

    System.out.println(what + ": " + verdict + "; " + fleet.times());
    assertThat(verdict.told()).isEmpty();
    assertThat(verdict.violations()).isZero();
    assertThat(verdict.writes()).isGreaterThan(500);
  }

  private static void pass(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
