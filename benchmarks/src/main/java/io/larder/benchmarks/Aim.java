package io.larder.benchmarks;

/**
 * What a figure is to be, and what it is.
 *
 * @param measure what is compared
 * @param atMost whether the limit bounds the value from above
 */
record Aim(String measure, double value, boolean atMost, double limit) {

  static Aim atMost(String measure, double value, double limit) {
    return new Aim(measure, value, true, limit);
  }

  static Aim atLeast(String measure, double value, double limit) {
    return new Aim(measure, value, false, limit);
  }

  boolean met() {
    return atMost ? value <= limit : value >= limit;
  }
}
