package io.larder.store;

/** What a change did. */
public enum Outcome {
  /** Stored where there was no live entry. */
  CREATED,
  /** Replaced a live entry. */
  UPDATED,
  /** A live entry went: it was removed, or its update's time to live was zero. */
  REMOVED,
  /** Allowed, and nothing to do: nothing to remove, or a creation with a time to live of zero. */
  NOTHING,
  /** The condition did not hold; nothing changed. */
  REFUSED
}
