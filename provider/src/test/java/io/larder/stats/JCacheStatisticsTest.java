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
}
