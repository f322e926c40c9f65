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
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
    Verdict verdict = fleet.finish();
    System.out.println(kind + ", in " + PROCESSES + " processes: " + verdict);
    return verdict;
  }
}
