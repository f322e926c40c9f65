package io.larder.store;

/**
 * An entry on the heap: a value that never changes and a deadline that a read may move.
 *
 * <p>Deadlines are readings of the store's ticker, compared by difference.
 */
final class HeapEntry<V> implements Stored<V> {

  /** The deadline of an entry without one. */
  static final long NEVER = Long.MIN_VALUE;

  private final V value;
  private volatile long deadlineNanos;
  private volatile boolean bound;

  /** @param bound whether the deadline bounds the stay of an eternal entry */
  HeapEntry(V value, long deadlineNanos, boolean bound) {
    this.value = value;
    this.deadlineNanos = deadlineNanos;
    this.bound = bound;
  }

  /** That reading of the ticker as a deadline. */
  static long deadline(long nanos) {
    return nanos == NEVER ? NEVER + 1 : nanos;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  boolean isBound() {
    return bound;
  }

  void moveDeadline(long nanos, boolean isBound) {
    bound = isBound;
    deadlineNanos = nanos;
  }

  @Override
  public V value() {
    return value;
  }

  @Override
  public boolean expired() {
    return false;
  }

  @Override
  public boolean provisional() {
    return false;
  }

  @Override
  public boolean retained() {
    return true;
  }

  @Override
  public boolean sameVersion(Stored<V> other) {
    return other == this;
  }

  @Override
  public boolean sameMoment(Stored<V> other) {
    return sameVersion(other);
  }
}
