package io.larder.ai.stats;

import java.time.Duration;

/**
 * How long something took: half of the times were no longer than {@code p50}, and so on. At most a
 * sixteenth too long; zero if there were none.
 *
 * @param count how many times were measured
 */
public record Percentiles(long count, Duration p50, Duration p95, Duration p99) {}
