package io.larder.faults;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What tests wait for between two servers. */
final class Redises {

  private Redises() {}

  static void awaitReplica(RedisServer replica) {
    await(() -> replication(replica).contains("master_link_status:up"));
  }

  /** Returns when the replica has all that the master had; nothing must be written meanwhile. */
  static void awaitCaughtUp(RedisServer master, RedisServer replica) {
    await(() -> offset(replication(master), "master_repl_offset:")
        == offset(replication(replica), "slave_repl_offset:"));
  }

  /** Returns when the replica has all that the master had when this was called. */
  static void awaitReplicated(RedisServer master, RedisServer replica) {
    long wanted = written(master);
    await(() -> offset(replication(replica), "slave_repl_offset:") >= wanted);
  }

  /**
   * Ends the replication: the master gets a password from the replica, and wants none. When this
   * returns, nothing that is written from then on gets to the replica.
   */
  static void cutOff(RedisServer master, RedisServer replica) {
    replica.command("CONFIG", "SET", "masterauth", "wrong");
    master.command("CLIENT", "KILL", "TYPE", "replica");
    await(() -> replication(replica).contains("master_link_status:down"));
  }

  /** How far the master's stream of changes has got, in bytes. */
  private static long written(RedisServer master) {
    return offset(replication(master), "master_repl_offset:");
  }

  /** Until a pause is over. */
  static void awaitAnswer(RedisServer server) {
    await(() -> "PONG".equals(server.command("PING")));
  }

  private static String replication(RedisServer server) {
    return RespConnection.text(server.command("INFO", "replication"));
  }

  private static long offset(String info, String name) {
    int start = info.indexOf(name) + name.length();
    return Long.parseLong(info.substring(start, info.indexOf('\r', start)));
  }

  static void await(BooleanSupplier condition) {
    await(condition, 20);
  }

  static void await(BooleanSupplier condition, long restMillis) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not after 20 s");
      }
      Trial.pass(restMillis);
    }
  }
}
