package io.larder.stats;

import java.util.concurrent.atomic.LongAdder;

/**
 * A count of which JSR-107 sees the part that was counted while statistics were enabled.
 * Thread-safe.
 */
final class Tally {

  private final LongAdder all = new LongAdder();
  private volatile long hidden;
  private volatile long frozen;
  private volatile boolean shown;

  Tally(boolean shown) {
    this.shown = shown;
  }

  void add(long count) {
    all.add(count);
  }

  /** All that was counted. */
  long all() {
    return all.sum();
  }

  /** What was counted while it was shown. */
  long shown() {
    return (shown ? all.sum() : frozen) - hidden;
  }

  synchronized void show(boolean on) {
    if (on == shown) {
      return;
    }
    if (on) {
      hidden += all.sum() - frozen;
    } else {
      frozen = all.sum();
    }
    shown = on;
  }

  synchronized void reset() {
    all.reset();
    hidden = 0;
    frozen = 0;
  }
}
