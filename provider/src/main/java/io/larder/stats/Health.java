package io.larder.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a cache or a cache manager was found to be at one moment. Immutable.
 *
 * @param subject the cache's name or the manager's URI
 * @param time when it was found
 * @param checks what was tried, in order
 */
public record Health(String subject, Instant time, List<Check> checks) {

  /** The name of the check that asks for a sign of life. */
  public static final String CONNECTIVITY = "connectivity";

  /** The name of the check that writes, reads back and removes. */
  public static final String ROUND_TRIP = "round_trip";

  /** The name of the check that times operations. */
  public static final String PERFORMANCE = "performance";

  /** The name of the check of memory. */
  public static final String MEMORY = "memory";

  /** The verdict on the whole. */
  public enum Status {
    HEALTHY,
    DEGRADED,
    UNHEALTHY
  }

  /** The outcome of one check. */
  public enum Outcome {
    OK,
    WARNING,
    FAILED
  }

  /**
   * One thing that was tried.
   *
   * @param name {@code connectivity}, {@code round_trip}, {@code performance} or {@code memory}
   * @param outcome how it came out
   * @param message what was found, without secrets
   * @param duration what it took
   */
  public record Check(String name, Outcome outcome, String message, Duration duration) {}

  public Health {
    checks = List.copyOf(checks);
  }

  /** Unhealthy after any failure, else degraded after any warning, else healthy. */
  public Status status() {
    if (checks.stream().anyMatch(check -> check.outcome() == Outcome.FAILED)) {
      return Status.UNHEALTHY;
    }
    return checks.stream().anyMatch(check -> check.outcome() == Outcome.WARNING)
        ? Status.DEGRADED
        : Status.HEALTHY;
  }

  /** The check of that name, if it was made. */
  public Optional<Check> check(String name) {
    return checks.stream().filter(check -> check.name().equals(name)).findFirst();
  }
}
