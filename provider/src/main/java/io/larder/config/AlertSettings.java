package io.larder.config;

import java.time.Duration;

/**
 * Thresholds at which a cache raises an alert.
 *
 * @param hitRatio below these; 0 to 1
 * @param memoryMegabytes above these
 * @param operationMillis above these, on average
 * @param invalidationsPerHour above these
 * @param failuresCritical failures in a row that are critical
 * @param checkInterval between two checks
 * @param resourceInterval between two checks of memory
 */
public record AlertSettings(
    Levels hitRatio,
    Levels memoryMegabytes,
    Levels operationMillis,
    Levels invalidationsPerHour,
    int failuresCritical,
    Duration checkInterval,
    Duration resourceInterval) {

  /** The value that warns and the value that is critical. */
  public record Levels(double warning, double critical) {}
}
