package io.larder.store;

/** How long one cache operation may still wait, over all its round trips, retries and leases. */
@FunctionalInterface
public interface Budget {

  /** What is left, in nanoseconds; zero or less when nothing is. */
  long remainingNanos();

  /** Is told that the server did not answer a step of the operation. */
  default void unanswered() {}

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
