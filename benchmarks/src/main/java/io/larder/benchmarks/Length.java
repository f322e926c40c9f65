package io.larder.benchmarks;

import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** How thoroughly a group is measured. */
enum Length {
  /** Each benchmark for a moment, in this process: shows that it runs, measures nothing. */
  ONCE(0, 0, 1, TimeValue.milliseconds(50)),
  SHORT(2, 3, 5, TimeValue.seconds(1)),
  LONG(3, 5, 10, TimeValue.seconds(2));

  private static final int KEYS_ONCE = 200;

  private final int forks;
  private final int warmups;
  private final int measurements;
  private final TimeValue time;

  Length(int forks, int warmups, int measurements, TimeValue time) {
    this.forks = forks;
    this.warmups = warmups;
    this.measurements = measurements;
    this.time = time;
  }

  ChainedOptionsBuilder options() {
    ChainedOptionsBuilder options = new OptionsBuilder()
        .forks(forks)
        .warmupIterations(warmups)
        .warmupTime(time)
        .measurementIterations(measurements)
        .measurementTime(time)
        .shouldFailOnError(true);
    return this == ONCE ? options.param("keyCount", "" + KEYS_ONCE) : options;
  }

  /** The same in words. */
  String description() {
    return forks + " forks, each " + warmups + " warm-up and " + measurements
        + " measured iterations of " + time;
  }
}
