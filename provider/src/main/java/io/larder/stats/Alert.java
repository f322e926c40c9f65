package io.larder.stats;

import java.time.Instant;

/**
 * Something about a cache that passed a threshold of the setting {@code alerts}, or came back.
 *
 * @param time when it was noticed
 * @param level how bad it is now
 * @param cache the cache's name; {@value #ALL_CACHES} for what concerns the whole manager
 * @param metric {@code hit_ratio}, {@code memory}, {@code operation_time},
 *     {@code invalidations_per_hour} or {@code connection}
 * @param message what was measured and the threshold
 */
public record Alert(Instant time, Level level, String cache, String metric, String message) {

  /** The name in place of a cache's when it is about the manager's connection. */
  public static final String ALL_CACHES = "*";

  /** How bad it is. */
  public enum Level {
    CLEARED,
    WARNING,
    CRITICAL
  }
}
