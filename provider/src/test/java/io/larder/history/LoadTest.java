package io.larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What near caches of three processes over one Redis promise, under a load and without faults. */
final class LoadTest {

  @Test
  void promisesAreKept() {
    try (RedisServer redis = RedisServer.startOwn();
        Fleet fleet = Fleet.of(3)) {
      fleet.begin(number -> "redis_url=" + redis.url()
          + " namespace=load operation_timeout_ms=5000 connection_timeout=30");
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));

      Verdict verdict = fleet.finish();

      System.out.println("without faults: " + verdict);
      assertThat(verdict.told()).isEmpty();
      assertThat(verdict.violations()).isZero();
      assertThat(verdict.writes()).isGreaterThan(100);
      assertThat(verdict.latencySamples()).isPositive();
    }
  }
}
