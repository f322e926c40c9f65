package io.larder.config;

import java.time.Duration;

/**
 * When to stop asking a Redis that does not answer.
 *
 * @param failures failures in a row that open the breaker
 * @param open how long user calls wait before they probe, where no background probe runs
 * @param journalSize keys written or removed meanwhile that are remembered; more means clear
 */
public record BreakerSettings(int failures, Duration open, int journalSize) {}
