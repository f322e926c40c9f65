package io.larder;

import io.larder.store.Budget;
import java.util.function.Supplier;

/**
 * The budget of one operation: what the cache itself may take. It stands still while the
 * application's own code runs (entry processor, loader, writer, expiry policy), for the operation
 * timeout bounds the cache, not the application. An operation of many steps has the time for each
 * that is answered; the first that runs out unanswered leaves none to the others. The same goes for
 * waits for other calls that have locked a key. Used by one thread; others may ask whether it is
 * paused.
 */
final class OperationBudget implements Budget {

  private static final long LEAST_PART = 10;

  private final long nanos;
  private long end;
  private boolean over;
  private boolean lockedOut;
  private volatile boolean paused;

  /** Starts now. */
  OperationBudget(long nanos) {
    this.nanos = nanos;
    end = System.nanoTime() + nanos;
  }

  @Override
  public long remainingNanos() {
    return end - System.nanoTime();
  }

  @Override
  public void unanswered() {
    over |= remainingNanos() < nanos / LEAST_PART;
  }

  @Override
  public void lockedOut() {
    lockedOut = true;
  }

  @Override
  public boolean isLockedOut() {
    return lockedOut;
  }

  @Override
  public boolean isPaused() {
    return paused;
  }

  /** Whether it was used up in vain: no step has time any more. */
  boolean isOver() {
    return over;
  }

  /** Nothing is left of it: the server is away. */
  void endNow() {
    over = true;
    end = System.nanoTime();
  }

  /** This budget for the next step: all of it again, unless a step before has used it up. */
  OperationBudget nextStep() {
    if (!over) {
      end = System.nanoTime() + nanos;
    }
    return this;
  }

  /** What the application's code answers; its time is not counted. */
  <T> T notCounting(Supplier<T> code) {
    long start = System.nanoTime();
    boolean outer = paused;
    paused = true;
    try {
      return code.get();
    } finally {
      paused = outer;
      end += System.nanoTime() - start;
    }
  }
}
