package io.larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.BareNear.Kind;
import io.larder.history.Verdict.Fault;
import io.larder.testing.RedisServer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The checker, fed by the load of several JVMs, tells near caches that are broken from the one that
 * is not.
 */
final class BrokenNearTest {

  private static final int PROCESSES = 3;

  /** As many as a machine at ease does in the shortest time. */
  private static final int CALLS = 50_000;

  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static RedisServer redis;
  private static Fleet fleet;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
    fleet = Fleet.of(PROCESSES);
  }

  @AfterAll
  static void stop() {
    fleet.close();
    redis.close();
  }

  @Test
  void theNearStoreKeepsThePromisesWhenRepliesAreOvertaken() {
    Verdict verdict = load(Kind.SOUND_WITH_SLOW_REPLIES);

    assertThat(verdict.told()).isEmpty();
    assertThat(verdict.operations()).isGreaterThan(1_000);
  }

  @Test
  void aNearCacheThatFillsWithoutAGuardIsFound() {
    Verdict verdict = load(Kind.UNGUARDED);

    assertThat(verdict.faults().keySet()).containsAnyOf(Fault.BACK_IN_TIME, Fault.STALE);
  }

  @Test
  void theNearStoreKeepsThePromisesWhenMessagesAreLost() {
    Verdict verdict = load(Kind.SOUND_WITH_LOST_MESSAGES);

    assertThat(verdict.told()).isEmpty();
    assertThat(verdict.longestStaleNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(100));
  }

  @Test
  void aNearStoreThatDoesNotNoticeLostMessagesIsFound() {
    Verdict verdict = load(Kind.DEAF_TO_LOSSES);

    assertThat(verdict.faults()).containsKey(Fault.STALE);
  }

  private static Verdict load(Kind kind) {
    fleet.beginBare("bare " + kind + " " + redis.url() + " " + RedisServer.newNamespace());
    long start = System.nanoTime();
    long calls = 0;
    long passed;
    do {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      for (int i = 0; i < PROCESSES; i++) {
        calls += fleet.times(i).calls();
      }
      passed = System.nanoTime() - start;
    } while (passed < SHORTEST_NANOS || (calls < CALLS && passed < LONGEST_NANOS));
    Verdict verdict = fleet.finish();
    System.out.println(kind + ", in " + PROCESSES + " processes: " + verdict);
    return verdict;
  }
}
