package io.larder;

import io.larder.stats.Alert.Level;
import java.util.Optional;

/**
 * The level that one metric has reached, and what of it is news. Raised when it is entered or gets
 * worse; not again while it lasts, nor when it gets a little better; cleared at the second good
 * check in a row, so that a value on the threshold does not flood anyone. Thread-safe.
 */
final class AlertLevel {

  private static final int GOOD_CHECKS = 2;

  private Level reached = Level.CLEARED;
  private int good;

  /** What is to be told after a check that found this level, if anything. */
  synchronized Optional<Level> checked(Level now) {
    if (now.compareTo(reached) > 0) {
      reached = now;
      good = 0;
      return Optional.of(now);
    }
    good = now == Level.CLEARED && reached != Level.CLEARED ? good + 1 : 0;
    if (good < GOOD_CHECKS) {
      return Optional.empty();
    }
    reached = Level.CLEARED;
    good = 0;
    return Optional.of(Level.CLEARED);
  }
}
