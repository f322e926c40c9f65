package io.larder;

import io.larder.store.Budget;
import java.util.function.Supplier;

/**
 * The budget of one operation on one entry: what the cache itself may take. It stands still while
 * the application's own code runs (entry processor, loader, writer, expiry policy), for the
 * operation timeout bounds the cache, not the application. Used by one thread.
 */
final class OperationBudget implements Budget {

  private long end;

  /** Starts now. */
  OperationBudget(long nanos) {
    end = System.nanoTime() + nanos;
  }

  @Override
  public long remainingNanos() {
    return end - System.nanoTime();
  }

  /** What the application's code answers; its time is not counted. */
  <T> T notCounting(Supplier<T> code) {
    long start = System.nanoTime();
    try {
      return code.get();
    } finally {
      end += System.nanoTime() - start;
    }
  }
}
