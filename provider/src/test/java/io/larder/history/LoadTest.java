package io.larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What near caches of three processes over one Redis promise, under a load and without faults. */
final class LoadTest {

  private static final int CALLS = 10_000;
  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

  @Test
  void promisesAreKept() {
    try (RedisServer redis = RedisServer.startOwn();
        Fleet fleet = Fleet.of(3)) {
      fleet.begin(number -> "redis_url=" + redis.url()
          + " namespace=load operation_timeout_ms=5000 connection_timeout=30");
      load(fleet);

      Verdict verdict = fleet.finish();

      System.out.println("without faults: " + verdict);
      assertThat(verdict.told()).isEmpty();
      assertThat(verdict.violations()).isZero();
      assertThat(verdict.writes()).isGreaterThan(100);
      assertThat(verdict.latencySamples()).isPositive();
    }
  }

  /** Until there were enough calls: a busy machine makes few in a short time. */
  private static void load(Fleet fleet) {
    long start = System.nanoTime();
    long calls = 0;
    long passed;
    do {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      for (int i = 0; i < fleet.size(); i++) {
        calls += fleet.times(i).calls();
      }
      passed = System.nanoTime() - start;
    } while (passed < SHORTEST_NANOS || (calls < CALLS && passed < LONGEST_NANOS));
  }
}
