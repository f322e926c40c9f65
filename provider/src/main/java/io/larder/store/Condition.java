package io.larder.store;

/** What must hold in the store, at the moment of a change, for the change to be made. */
public enum Condition {
  /** Nothing. */
  ALWAYS,
  /** There is no live entry. */
  IF_ABSENT,
  /** There is a live entry. */
  IF_PRESENT,
  /** The entry is of the version that was read; if it was absent, it still is. */
  IF_SAME,
  /**
   * The entry was read as absent, still is, and nothing in its neighbourhood changed in between:
   * the condition under which a loaded value may be stored.
   */
  IF_UNTOUCHED,
  /** The claim still stands under which the value was computed. */
  IF_CLAIMED
}
