package io.larder.ai;

import io.larder.ai.stats.OperationCounters;
import java.time.Duration;

/**
 * One operation: its cache, how long its answers live, and what was counted.
 *
 * @param ttl zero: ever
 */
record Operation(
    String name, CacheSlot<StoredAnswer> cache, Duration ttl, OperationCounters counters) {}
