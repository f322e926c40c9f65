package io.larder.store;

import io.larder.log.Log;
import io.larder.stats.RedisStatus;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * How a circuit is made.
 *
 * @param log the manager's messages
 * @param failures how many in a row open it
 * @param open how long nobody may have probed before a user's call does
 * @param timeout bounds each probe and each step of a replay
 * @param timer starts probes; the caller's to shut down
 * @param worker runs them; the caller's to shut down
 * @param onChange hears of each change of the connection; must not block
 */
public record CircuitSpec(
    Log log,
    int failures,
    Duration open,
    Duration timeout,
    ScheduledExecutorService timer,
    Executor worker,
    Consumer<RedisStatus> onChange) {}
