package io.larder.ai;

import java.time.Duration;
import java.util.Objects;

/** Checks of settings in code. */
final class Bounds {

  private Bounds() {}

  /**
   * The time given.
   *
   * @throws IllegalArgumentException if it is out of bounds
   */
  static Duration within(String name, Duration time, Duration least, Duration most) {
    Objects.requireNonNull(time, name);
    if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " was " + time + " but it must be " + least + " to " + most);
    }
    return time;
  }
}
