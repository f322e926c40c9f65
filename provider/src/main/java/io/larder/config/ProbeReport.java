package io.larder.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came out when settings were tried for real. {@link #toString()} tells it in a few lines; no
 * secret is in it.
 *
 * @param target the masked URL of Redis, or {@link #HEAP}
 * @param timings the steps that went well, in their order; none without Redis
 * @param failure why it ended, if it did not go well
 * @param serverVersion as the server tells it, where the user may ask for it
 */
public record ProbeReport(
    String target,
    List<Timing> timings,
    Optional<Failure> failure,
    Optional<String> serverVersion) {

  /** The target of settings without Redis. */
  public static final String HEAP = "heap";

  /** What is tried. */
  public enum Step {
    CONNECT,
    SET,
    GET,
    DELETE
  }

  /** A step that went well, and how long it took. */
  public record Timing(Step step, Duration took) {}

  /**
   * A step that failed.
   *
   * @param cause what went wrong
   * @param hint what to look at
   */
  public record Failure(Step step, String cause, String hint) {}

  public ProbeReport {
    timings = List.copyOf(timings);
  }

  /** The report about settings without Redis, for which there is nothing to try. */
  public static ProbeReport heap() {
    return new ProbeReport(HEAP, List.of(), Optional.empty(), Optional.empty());
  }

  /** Whether caches can work with these settings, now and from here. */
  public boolean success() {
    return failure.isEmpty();
  }

  @Override
  public String toString() {
    if (target.equals(HEAP)) {
      return "OK: caches are on the heap of this process alone; no Redis is in use";
    }
    String version = serverVersion.map(text -> " (server " + text + ")").orElse("");
    String steps = timings.stream()
        .map(timing -> timing.step() + " " + micros(timing.took()))
        .collect(Collectors.joining(", "));
    return failure
        .map(failed -> "FAILED at " + failed.step() + ": " + target + version
            + "\n  cause: " + failed.cause()
            + "\n  hint: " + failed.hint()
            + (steps.isEmpty() ? "" : "\n  before that: " + steps))
        .orElse("OK: " + target + version + ": " + steps);
  }

  private static String micros(Duration took) {
    return took.toNanos() / 1000 / 1000.0 + " ms";
  }
}
