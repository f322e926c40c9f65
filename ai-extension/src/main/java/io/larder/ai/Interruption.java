package io.larder.ai;

/**
 * Whether the thread was told to stop before it began to use a cache. Providers give up at once
 * where a thread is interrupted, and what the model answered would be lost and paid for again; so
 * the flag is put aside until the cache is done, which takes no longer than its own time limits.
 */
enum Interruption {
  NONE,
  HELD;

  /** Puts the thread's flag aside, if it is up. */
  static Interruption hold() {
    return Thread.interrupted() ? HELD : NONE;
  }

  /** Puts the flag up again, if it was. */
  void release() {
    if (this == HELD) {
      Thread.currentThread().interrupt();
    }
  }
}
