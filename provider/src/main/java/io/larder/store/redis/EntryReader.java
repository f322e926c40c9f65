package io.larder.store.redis;

import io.larder.codec.UndecodableException;
import io.larder.stats.TierCounters;
import io.larder.store.SharedStored;
import org.jspecify.annotations.Nullable;

/** Makes of a head and a frame what a read found. Never throws for what stands there. */
final class EntryReader<V> {

  /** For reads that leave it to Redis to let entries expire. */
  static final long NO_TIME = 0;

  private final EntryBytes<V> values;
  private final TierCounters counters;
  private final Complaints complaints;

  EntryReader(EntryBytes<V> values, TierCounters counters, Complaints complaints) {
    this.values = values;
    this.counters = counters;
    this.complaints = complaints;
  }

  /**
   * What was found.
   *
   * @param nowMicros the server's time, where expired entries are kept; else {@link #NO_TIME}
   */
  SharedStored<V> read(
      Keyed<?> key, byte @Nullable [] head, byte @Nullable [] frame, long nowMicros) {
    long generation = Frame.headGeneration(head);
    if (frame == null || !ofGeneration(frame, generation)) {
      return absent(head, 0);
    }
    long deadline = Frame.deadlineMicros(frame);
    boolean over = nowMicros != NO_TIME && deadline <= nowMicros;
    if (over && !Frame.expires(frame)) {
      return absent(head, 0);
    }
    long sequence = Frame.sequence(frame);
    V value;
    try {
      value = values.decode(key.entry(), frame);
    } catch (UndecodableException e) {
      complaints.unreadable(
          key.key(), Frame.version(generation, sequence), String.valueOf(e.getMessage()));
      return absent(head, sequence);
    }
    if (over) {
      counters.miss();
    } else {
      counters.hit();
    }
    return new SharedStored<>(
        value, generation, sequence, Frame.headSequence(head), deadline, over, false, false);
  }

  /** Whether there is a live entry, whose value is not looked at further than its signature. */
  boolean contains(Keyed<?> key, byte @Nullable [] head, byte @Nullable [] frame, long nowMicros) {
    if (frame == null
        || !ofGeneration(frame, Frame.headGeneration(head))
        || Frame.deadlineMicros(frame) <= nowMicros) {
      return false;
    }
    try {
      values.check(key.entry(), frame);
      return true;
    } catch (UndecodableException e) {
      complaints.unreadable(String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** Whether a frame's header is not enough to believe in an entry. */
  boolean checksSignatures() {
    return values.signed();
  }

  private boolean ofGeneration(byte[] frame, long generation) {
    if (Frame.isClaim(frame)) {
      return false;
    }
    if (!Frame.isFrame(frame)) {
      complaints.unreadable("it is not a frame of a version that is known here");
      return false;
    }
    return generation != 0 && Frame.generation(frame) == generation;
  }

  /** An unreadable entry is absent with its sequence, so that a replacement may name it. */
  private SharedStored<V> absent(byte @Nullable [] head, long sequence) {
    counters.miss();
    return new SharedStored<>(
        null,
        Frame.headGeneration(head),
        sequence,
        Frame.headSequence(head),
        Long.MAX_VALUE,
        false,
        false,
        false);
  }
}
