package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Fleet;
import io.larder.history.Peer;
import io.larder.testing.RedisServer;
import io.larder.testing.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Processes stop and go on, have wrong clocks, come before Redis, or find another one. */
@ExtendWith(Trials.class)
final class ProcessFaultsTest {

  private static final long STOP_MILLIS = Trial.LONG_RUN ? 10_000 : 4_000;
  private static final int CLOCK_SECONDS = 150;

  @Test
  void oneStoppedAndResumed(Trial trial) {
    try (RedisServer redis = RedisServer.startOwn()) {
      trial.begin(redis.url());
      trial.fleet().process(1).pause();
      try {
        Trial.pass(STOP_MILLIS);
        trial.tellsOfNothing(0, 2);
      } finally {
        trial.fleet().process(1).resume();
      }
      trial.heals();
      trial.allowingLongCalls(STOP_MILLIS).finish();
    }
  }

  @Test
  void redisComesLater(Trial trial) {
    try (RedisServer redis = RedisServer.startOwn()) {
      redis.kill();
      trial.beginWithout(number -> redis.url());
      Trial.last(1_000);
      trial.tellsOfOutage();
      redis.startAgain();
      trial.heals();
      Trial.pass(500);
      trial.finish();
    }
  }

  /** Five minutes between them, one before and one behind Redis. */
  @Test
  void clocksApart(Trial trial) {
    List<Peer.Child> processes = new ArrayList<>();
    for (int seconds : new int[] {CLOCK_SECONDS, -CLOCK_SECONDS}) {
      processes.add(Peer.child(
          "clock " + seconds,
          "env",
          "FAKETIME_DONT_FAKE_MONOTONIC=1",
          "FAKETIME_FORCE_MONOTONIC_FIX=0",
          "faketime",
          "-f",
          (seconds < 0 ? "" : "+") + seconds + "s"));
    }
    try (RedisServer redis = RedisServer.startOwn();
        Fleet fleet = Fleet.of(processes)) {
      for (int i = 0; i < 2; i++) {
        long apart = Long.parseLong(fleet.process(i).ask("clock")) - System.currentTimeMillis();
        assertThat(Math.abs(apart)).isBetween(CLOCK_SECONDS * 950L, CLOCK_SECONDS * 1_050L);
      }
      Trial apart = trial.on(fleet).compared();
      apart.begin(redis.url());
      Trial.last(1_500);
      apart.tellsOfNothing();
      apart.finish();
    }
  }

  /**
   * The address leads to the replica, which has become the master. Nothing is lost: the old master
   * takes no writes while the replica catches up.
   */
  @Test
  void addressLeadsToTheNewMaster(Trial trial) {
    try (RedisServer master = RedisServer.startOwn();
        RedisServer replica =
            RedisServer.startOwn("--replicaof", master.host() + " " + master.port());
        TcpProxy link = TcpProxy.to(master)) {
      Redises.awaitReplica(replica);
      trial.begin(link.url());
      master.command("CLIENT", "PAUSE", 60_000, "WRITE");
      Redises.awaitCaughtUp(master, replica);
      link.refuse();
      replica.command("REPLICAOF", "NO", "ONE");
      master.kill();
      trial.tellsOfOutage();
      link.redirect(replica);
      link.mend();
      trial.heals();
      trial.finish();
    }
  }
}
