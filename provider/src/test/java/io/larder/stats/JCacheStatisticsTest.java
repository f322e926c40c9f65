package io.larder.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JCacheStatisticsTest {

  @Test
  void countsNothingWhileDisabled() {
    JCacheStatistics statistics = new JCacheStatistics(false);
    statistics.hit();
    statistics.miss();
    statistics.put(3);
    statistics.removal(2);
    statistics.eviction();

    assertThat(statistics.hits() + statistics.misses() + statistics.puts()).isZero();
    assertThat(statistics.removals() + statistics.evictions()).isZero();
    assertThat(statistics.startOfRead()).isZero();
    assertThat(statistics.startOfWrite()).isZero();
  }

  @Test
  void countsWhileEnabledAndStartsAgainAfterClear() {
    JCacheStatistics statistics = new JCacheStatistics(true);
    statistics.hit();
    statistics.hit();
    statistics.miss();
    statistics.put(3);
    statistics.removal(2);
    statistics.eviction();

    assertThat(statistics.hits()).isEqualTo(2);
    assertThat(statistics.misses()).isEqualTo(1);
    assertThat(statistics.puts()).isEqualTo(3);
    assertThat(statistics.removals()).isEqualTo(2);
    assertThat(statistics.evictions()).isEqualTo(1);

    statistics.clear();
    assertThat(statistics.hits() + statistics.misses() + statistics.puts()).isZero();
    assertThat(statistics.averageGetMicros()).isZero();
  }

  @Test
  void someReadsAreTimedAndAllWrites() {
    JCacheStatistics statistics = new JCacheStatistics(true);
    int timed = 0;
    for (int i = 0; i < 64_000; i++) {
      long start = statistics.startOfRead();
      if (start != 0) {
        timed++;
        statistics.read(start);
      }
    }
    assertThat(timed).isBetween(500, 2_000);
    assertThat(statistics.averageGetMicros()).isPositive();

    statistics.wrote(statistics.startOfWrite() - 5_000_000, 1);
    statistics.removed(statistics.startOfWrite() - 7_000_000, 1);
    assertThat(statistics.averagePutMicros()).isBetween(5_000f, 5_000_000f);
    assertThat(statistics.averageRemoveMicros()).isBetween(7_000f, 7_000_000f);
  }

  @Test
  void watchedCachesCountAndJsr107SeesOnlyWhatWasCountedWhileEnabled() {
    JCacheStatistics statistics = new JCacheStatistics(false, true);
    statistics.hit();
    statistics.enable(true);
    statistics.hit();
    statistics.miss();
    statistics.enable(false);
    statistics.hit();
    statistics.enable(true);
    statistics.hit();

    assertThat(statistics.hits()).isEqualTo(2);
    assertThat(statistics.misses()).isEqualTo(1);
    assertThat(statistics.totals().hits()).isEqualTo(4);
    assertThat(statistics.totals().reads()).isEqualTo(5);

    statistics.clear();
    statistics.hit();
    assertThat(statistics.hits()).isEqualTo(1);
    assertThat(statistics.totals().hits()).isEqualTo(1);
  }

  @Test
  void firstReadsHaveAnAverageAndLaterGiveWayToTheSample() {
    JCacheStatistics statistics = new JCacheStatistics(true);
    statistics.hit();
    statistics.read(statistics.startOfRead() - 5_000_000);
    assertThat(statistics.averageReadMillis()).isBetween(5.0, 5_000.0);
    assertThat(statistics.averageGetMicros()).isBetween(5_000f, 5_000_000f);
    assertThat(statistics.totals().operationNanos()).isGreaterThan(5_000_000);

    for (int i = 0; i < 100; i++) {
      statistics.read(System.nanoTime() - 60_000_000_000L);
    }
    assertThat(statistics.averageReadMillis()).isGreaterThan(1_000);
    for (int i = 0; i < 1_000; i++) {
      statistics.read(System.nanoTime());
    }
    // The first 64, slow ones, no longer count; 37 slow ones of the sample do.
    assertThat(statistics.averageReadMillis()).isLessThan(60_000.0 * 64 / 1_100);
  }
}
