package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.CallTimes;
import io.larder.history.Outage;
import io.larder.history.Promises;
import io.larder.testing.RedisServer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes go on without Redis, each for itself, and come back: nothing removed comes with them.
 */
@ExtendWith(Trials.class)
final class OutagesTest {

  @ParameterizedTest
  @ValueSource(strings = {"memory", "none"})
  void goesOnWithoutRedis(String fallback, Trial trial) {
    try (RedisServer redis =
        RedisServer.startOwn("--appendonly", "yes", "--appendfsync", "always")) {
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
      });
      trial.noneThrew();
      long slowest = 0;
      for (long each : back) {
        slowest = Math.max(slowest, each - started);
      }
      trial.figures().figure(fallback + ": the median call without Redis", open.medianNanos());
      trial.figures().figure(fallback + ": back on Redis after", connected);
      trial.figures().figure(fallback + ": and nothing left to replay after", slowest);
      assertThat(open.medianNanos()).isLessThan(TimeUnit.MILLISECONDS.toNanos(20));
      assertThat(connected).isLessThan(TimeUnit.SECONDS.toNanos(15));
    }
  }
}
