package io.larder.store.model;

import java.util.Arrays;

/** One bucket in Redis: its head, its frames, the server's time, and an old copy of all that. */
final class Redis {

  static final int KEYS = 2;
  private static final int MICROS_PER_TICK = 8;

  /** A value under a key; {@code deadline} is the tick from which it is absent. */
  record Frame(int value, int generation, int sequence, int deadline) {}

  /** The head and the frames at one moment; the rest is the checker's: what was true. */
  record Image(int generation, int sequence, Frame[] frames, int[] values, int[] indexes) {}

  private final Rules rules;
  int generation;
  int sequence;
  Frame[] frames = new Frame[KEYS];
  Image old;
  private int clockBack;
  private int maxIssued;

  Redis(Rules rules) {
    this.rules = rules;
  }

  Redis copy() {
    Redis copy = new Redis(rules);
    copy.generation = generation;
    copy.sequence = sequence;
    copy.frames = frames.clone();
    copy.old = old;
    copy.clockBack = clockBack;
    copy.maxIssued = maxIssued;
    return copy;
  }

  /** The frame that a read finds, or null. */
  Frame visible(int key, int now) {
    Frame frame = frames[key];
    if (frame == null || frame.deadline <= now) {
      return null;
    }
    boolean current = sequence != 0 && frame.generation == generation;
    return current || !rules.on(Rule.READ_CHECKS_GENERATION) ? frame : null;
  }

  /** Makes the next sequence, and a generation if there is no head; answers the previous one. */
  int advance(int now) {
    int previous = sequence;
    sequence = previous + 1;
    if (rules.on(Rule.SEQUENCE_FOLLOWS_TIME)) {
      sequence = Math.max(sequence, time(now));
    }
    maxIssued = Math.max(maxIssued, sequence);
    if (previous == 0) {
      generation = sequence;
    }
    return previous;
  }

  void flush() {
    generation = 0;
    sequence = 0;
    Arrays.fill(frames, null);
  }

  void evictHead() {
    generation = 0;
    sequence = 0;
  }

  void keepCopy(int[] values, int[] indexes) {
    old = new Image(generation, sequence, frames.clone(), values, indexes);
  }

  void failOver() {
    generation = old.generation;
    sequence = old.sequence;
    frames = old.frames.clone();
  }

  void clockBack() {
    clockBack += MICROS_PER_TICK;
  }

  /**
   * Whether the server's time is past every sequence made so far: what is assumed of a failover to
   * old data and of the loss of a head.
   */
  boolean timeIsPastAllSequences(int now) {
    return !rules.on(Rule.SEQUENCE_FOLLOWS_TIME) || time(now) > maxIssued;
  }

  /** Whether, with the clock set back, no sequence can be made twice; the same assumption. */
  boolean clockMayGoBack(int now) {
    return sequence == maxIssued || time(now) - MICROS_PER_TICK > maxIssued;
  }

  private int time(int now) {
    return (now + 4) * MICROS_PER_TICK - clockBack;
  }

  void encode(StringBuilder out) {
    out.append(clockBack).append(',').append(maxIssued).append(',');
    encode(generation, sequence, frames, out);
    if (old != null) {
      encode(old.generation, old.sequence, old.frames, out);
      out.append(Arrays.toString(old.values)).append(Arrays.toString(old.indexes));
    }
  }

  private static void encode(int generation, int sequence, Frame[] frames, StringBuilder out) {
    out.append(generation).append(',').append(sequence);
    for (Frame frame : frames) {
      out.append(',');
      if (frame != null) {
        out.append(frame.value).append('.').append(frame.generation).append('.');
        out.append(frame.sequence).append('.').append(frame.deadline);
      }
    }
  }
}
