package io.larder.store;

/** One entry of a near tier, with all that says whether it may be read. Thread-safe. */
final class NearEntry<V> {

  /** What all entries of a bucket that were stored between two droppings of it share. */
  static final class Epoch {
    /** This is the bucket's epoch, and the bucket has been heard as far as it must be. */
    volatile boolean readable;
  }

  final SharedStored<V> stored;
  final long sequence;
  private final Epoch epoch;
  private final long deadlineNanos;
  private volatile boolean confirmed;

  NearEntry(NearCandidate<V> candidate, long sequence, Epoch epoch, boolean confirmed) {
    this.stored = candidate.stored();
    this.deadlineNanos = candidate.deadlineNanos();
    this.sequence = sequence;
    this.epoch = epoch;
    this.confirmed = confirmed;
  }

  /**
   * Whether its bucket vouches for it now. The epoch is read first: what removes an entry withdraws
   * it before the epoch becomes readable, so that a reader who holds the entry sees one or the
   * other.
   */
  boolean readable(long nowNanos) {
    return epoch.readable && confirmed && nowNanos - deadlineNanos < 0;
  }

  void confirm() {
    confirmed = true;
  }

  /** Makes it unreadable for those who have taken it from the map already. */
  void withdraw() {
    confirmed = false;
  }
}
