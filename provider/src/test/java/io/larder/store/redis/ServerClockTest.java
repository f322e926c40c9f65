package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is believed of a server's clock holds, whatever its samples say. */
final class ServerClockTest {

  private static final long SECOND = 1_000_000_000;

  @Test
  void isUnknownAtFirst() {
    ServerClock clock = new ServerClock();
    assertThat(clock.known()).isFalse();
    assertThat(clock.localNanosBefore(1)).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void aDeadlineNeverLiesAfterTheServers() {
    Random random = new Random(7);
    for (int run = 0; run < 200; run++) {
      ServerClock clock = new ServerClock();
      double rate = 1 + (random.nextDouble() - 0.5) / 1100;
      long offset = random.nextLong(1L << 50);
      long local = random.nextLong() >> 8;
      long start = local;
      for (int i = 0; i < 50; i++) {
        long trip = 50_000 + random.nextLong(20_000_000);
        long answered = local + random.nextLong(trip);
        clock.learn(local, local + trip, server(answered, start, offset, rate));
        local += trip + random.nextLong(10 * SECOND);
        long deadline = server(local, start, offset, rate) + random.nextLong(3_600_000_000L);
        long believed = clock.localNanosBefore(deadline);
        assertThat(server(believed, start, offset, rate)).isLessThanOrEqualTo(deadline);
      }
    }
  }

  @Test
  void aContradictionReplacesWhatWasKnown() {
    ServerClock clock = new ServerClock();
    clock.learn(0, 1000, 1_000_000_000);
    clock.learn(SECOND, SECOND + 1000, 500_000_000);
    assertThat(clock.localNanosBefore(500_000_000 + 1_000_000))
        .isBetween(2 * SECOND - SECOND / 100, 2 * SECOND);
  }

  @Test
  void farDeadlinesDoNotOverflow() {
    ServerClock clock = new ServerClock();
    clock.learn(5, 1000, 1_800_000_000_000_000L);
    assertThat(clock.localNanosBefore(Long.MAX_VALUE)).isGreaterThan(Long.MAX_VALUE / 8);
    assertThat(clock.localNanosBefore(0)).isLessThan(0);
  }

  private static long server(long local, long start, long offset, double rate) {
    return offset + (long) ((local - start) / 1000 * rate);
  }
}
