package io.larder.history;

import java.util.concurrent.TimeUnit;

/**
 * How processes load caches together. Keys are written in groups that take turns, so that each is
 * left alone for longer than any near cache may be stale. Of each group some keys are written by
 * all processes and one by each process alone.
 *
 * @param process this one's number, from 0
 * @param processes how many there are
 * @param pauseMicros how long a thread rests after each few operations
 * @param looks how often a reader reads a group before it rests
 * @param padding how many characters values have more than they need
 */
record LoadPlan(int process, int processes, long seed, int pauseMicros, int looks, int padding) {

  static final int GROUPS = 16;
  static final int SHARED = 2;
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** The group whose turn it is, the same in all processes. */
  int group(long nanos) {
    return (int) (nanos / TURN_NANOS % GROUPS);
  }

  int keysOfGroup() {
    return SHARED + processes;
  }

  int keys() {
    return GROUPS * keysOfGroup();
  }

  int key(int group, int member) {
    return group * keysOfGroup() + member;
  }

  /** The member of each group that this process alone writes. */
  int ownMember() {
    return SHARED + process;
  }

  static String name(int key) {
    return "k" + key;
  }

  /** In words, for another process. */
  String words() {
    return process + "," + processes + "," + seed + "," + pauseMicros + "," + looks + "," + padding;
  }

  static LoadPlan parse(String words) {
    String[] parts = words.split(",");
    return new LoadPlan(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        Long.parseLong(parts[2]),
        Integer.parseInt(parts[3]),
        Integer.parseInt(parts[4]),
        Integer.parseInt(parts[5]));
  }
}
