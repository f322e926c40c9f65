package io.larder.store;

/** An iteration that may have ended before it has passed all entries of the shared store. */
public interface Partial {

  /** Whether entries may have been left out, once the iteration has ended. */
  boolean isPartial();

  /** Whether that iteration may have left out entries. */
  static boolean is(Object iteration) {
    return iteration instanceof Partial partial && partial.isPartial();
  }
}
