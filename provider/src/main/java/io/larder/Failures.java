package io.larder;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong in an operation on many entries that goes on all the same: the first failure is
 * thrown at the end, with the others suppressed in it. Used by one thread.
 */
final class Failures {

  private @Nullable RuntimeException first;

  /** @param first what went wrong already, or null */
  Failures(@Nullable RuntimeException first) {
    this.first = first;
  }

  /** Runs a step and keeps what it throws. */
  void collect(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      if (first == null) {
        first = e;
      } else if (first != e) {
        first.addSuppressed(e);
      }
    }
  }

  void throwIfAny() {
    if (first != null) {
      throw first;
    }
  }
}
