package io.larder.store;

/** How long one cache operation may still wait, over all its round trips, retries and leases. */
@FunctionalInterface
public interface Budget {

  /** What is left, in nanoseconds; zero or less when nothing is. */
  long remainingNanos();

  /** Is told that the server did not answer a step of the operation. */
  default void unanswered() {}

  /** Is told that another call of this process held a key for longer than it lasted. */
  default void lockedOut() {}

  /** Whether it was told so by an earlier step: the operation has waited long enough for others. */
  default boolean isLockedOut() {
    return false;
  }

  /** Whether the application's own code runs just now, which is not counted. For any thread. */
  default boolean isPaused() {
    return false;
  }

  /** A budget of the given length for each wait; for operations that wait only once. */
  static Budget each(long nanos) {
    return () -> nanos;
  }

  /** A budget that starts now. */
  static Budget startingNow(long nanos) {
    long end = System.nanoTime() + nanos;
    return () -> end - System.nanoTime();
  }
}
