package io.larder.store.model;

import java.util.Arrays;
import java.util.List;

/**
 * One step of a schedule: what happens, in which process, and with which key, or with which of the
 * things that wait (a reply, a message, an answer).
 */
public record Step(Op op, int process, int which) {

  /** What can happen. */
  public enum Op {
    /** Redis executes a read; the reply is on its way. */
    READ,
    /** Redis executes a write and publishes it; the reply is on its way. */
    PUT,
    PUT_SHORT,
    PUT_BOTH,
    REMOVE,
    REPLACE,
    CLEAR,
    /** The process takes a reply, and the call returns. */
    REPLY,
    /** A reply does not come, and the call fails. */
    LOSE_REPLY,
    /** The process applies a message, all but the last step. */
    DELIVER,
    /** The last step of it. */
    FINISH,
    /** The message is lost. */
    DROP,
    /** The message comes once more, later. */
    REPEAT,
    /** The message comes and is not understood. */
    GARBLE,
    /** The process sends a comparison. */
    SEND,
    /** Redis executes it; the answer is on its way. */
    COMPARE,
    /** The process takes the answer. */
    ANSWER,
    /** What is published does not reach the process, which does not know. */
    DISCONNECT,
    /** It does again, and the process still does not know. */
    RECONNECT,
    /** The process learns that the subscription is gone. */
    DOWN,
    /** The process learns that it stands. */
    UP,
    /** Time passes. */
    TICK,
    /** Redis evicts an entry. */
    EVICT,
    EVICT_HEAD,
    /** Redis loses everything. */
    FLUSH,
    /** Redis' replica falls behind from here on. */
    LAG,
    /** That replica takes over. */
    FAIL_OVER,
    /** The server's clock is set back. */
    CLOCK_BACK
  }

  /** Reads steps as {@link #toString} writes them, separated by commas. */
  public static List<Step> parse(String schedule) {
    return Arrays.stream(schedule.split(","))
        .map(String::strip)
        .map(Step::parseOne)
        .toList();
  }

  private static Step parseOne(String step) {
    String[] parts = step.split(" ");
    return new Step(Op.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  @Override
  public String toString() {
    return op + " " + process + " " + which;
  }
}
