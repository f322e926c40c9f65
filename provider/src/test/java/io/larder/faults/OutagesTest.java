package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.CallTimes;
import io.larder.history.Outage;
import io.larder.history.Promises;
import io.larder.testing.RedisServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Processes go on without Redis, each for itself, and come back: nothing removed comes with them.
 */
@ExtendWith(Trials.class)
final class OutagesTest {

  static final String BACK = ": back on Redis after";
  static final String MEDIAN_CALL = ": the median call without Redis";

  /** What Redis has when it is back. */
  enum Restart {
    /**
     * What was answered is with the system, and a kill loses none; so no slow disk is waited for.
     */
    WITH_ITS_DATA("--appendonly", "yes", "--appendfsync", "no"),
    EMPTY;

    private final String[] options;

    Restart(String... options) {
      this.options = options;
    }
  }

  static List<List<Object>> choices() {
    return Stream.of("memory", "none")
        .flatMap(fallback ->
            Stream.of(Restart.values()).map(restart -> List.<Object>of(fallback, restart)))
        .toList();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"memory, WITH_ITS_DATA", "none, WITH_ITS_DATA"})
  void goesOnWithoutRedis(String fallback, Restart restart, Trial trial) {
    try (RedisServer redis = RedisServer.startOwn(restart.options)) {
      trial.with("fallback=" + fallback).promising(Promises::evicting).begin(redis.url());
      long down = System.nanoTime();
      redis.kill();
      long dead = System.nanoTime();
      Trial.pass(Trial.TIMEOUT_MILLIS);
      trial.fleet().times(0);
      Trial.last(1_500);
      CallTimes.Seen open = trial.fleet().times(0);
      trial.tellsOfOutage();
      long up = System.nanoTime();
      redis.startAgain();
      long started = System.nanoTime();
      long[] back = trial.fleet().settle();
      long connected = trial.fleet().allConnectedAt() - started;
      trial.heals();
      trial.finish(history -> {
        for (int process = 0; process < back.length; process++) {
          history.without(new Outage(process, down, dead, up, back[process]));
        }
        if (restart == Restart.EMPTY) {
          history.emptied(down, up);
        }
      });
      trial.noneThrew();
      long slowest = 0;
      for (long each : back) {
        slowest = Math.max(slowest, each - started);
      }
      trial.figures().figure(fallback + MEDIAN_CALL, open.medianNanos());
      trial.figures().figure(fallback + BACK, connected);
      trial.figures().figure(fallback + ": and nothing left to replay after", slowest);
      assertThat(open.medianNanos()).isLessThan(TimeUnit.MILLISECONDS.toNanos(20));
      assertThat(connected).isLessThan(TimeUnit.SECONDS.toNanos(15));
    }
  }
}
