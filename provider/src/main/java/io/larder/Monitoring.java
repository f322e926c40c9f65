package io.larder;

import io.larder.config.AlertSettings;
import io.larder.log.Log;
import io.larder.stats.Alert;
import io.larder.stats.Alert.Level;
import io.larder.store.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Checks the caches of one manager, and the connection that they share, against the thresholds of
 * {@code alerts}. Thread-safe.
 *
 * <p><b>Design.</b> The manager's timer starts each check and never waits for one: counters are
 * only added up, the connection's answer to a ping comes in on a thread of the client's, and memory
 * is estimated on a thread of the manager's. There is no task on the timer without a cache to
 * watch, nor with {@code enable_monitoring=false}.
 */
final class Monitoring implements AutoCloseable {

  private static final String CONNECTION = "connection";

  private final ManagerResources resources;
  private final AlertSettings settings;
  private final boolean enabled;
  private final Log log;
  private final AlertDesk desk;
  private final Map<String, CacheMonitor> monitors = new ConcurrentHashMap<>();
  private final List<Future<?>> tasks = new ArrayList<>();
  private final AlertLevel connection = new AlertLevel();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicBoolean pinging = new AtomicBoolean();

  Monitoring(ManagerResources resources) {
    this.resources = resources;
    this.settings = resources.settings().alerts();
    this.enabled = resources.settings().monitoring();
    this.log = resources.log().from(Monitoring.class);
    this.desk = new AlertDesk(resources.log());
  }

  AlertDesk desk() {
    return desk;
  }

  boolean enabled() {
    return enabled;
  }

  /** Begins to watch a cache, if anything is watched. */
  synchronized void watch(LarderCache<?, ?> cache) {
    if (!enabled || cache.isClosed()) {
      return;
    }
    monitors.put(
        cache.getName(),
        new CacheMonitor(
            cache.getName(),
            settings,
            cache.assembly().statistics(),
            () -> cache.assembly().stats().memoryUsageBytes(),
            desk::raise));
    if (tasks.isEmpty()) {
      Probe probe = resources.probe("");
      every(settings.checkInterval(), () -> check(probe));
      every(settings.resourceInterval(), this::checkResources);
    }
  }

  private void every(Duration interval, Runnable check) {
    Runnable guarded = () -> guarded(check);
    long millis = interval.toMillis();
    tasks.add(
        resources.timer().scheduleWithFixedDelay(guarded, millis, millis, TimeUnit.MILLISECONDS));
  }

  private void guarded(Runnable check) {
    try {
      check.run();
    } catch (RuntimeException e) {
      log.error("a check stumbled", e);
    }
  }

  /** Ends the watch over a cache; the last one ends the tasks. */
  synchronized void forget(String cacheName) {
    monitors.remove(cacheName);
    if (monitors.isEmpty()) {
      tasks.forEach(task -> task.cancel(false));
      tasks.clear();
    }
  }

  private void check(Probe probe) {
    long now = System.nanoTime();
    monitors.values().forEach(monitor -> monitor.check(now));
    if (probe.isRemote() && pinging.compareAndSet(false, true)) {
      Duration timeout = resources.settings().operationTimeout();
      probe
          .ping()
          .toCompletableFuture()
          .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .whenComplete((answer, failure) -> {
            pinging.set(false);
            pinged(failure);
          });
    }
  }

  private void pinged(@Nullable Throwable failure) {
    if (monitors.isEmpty()) {
      return;
    }
    int inRow = failure == null ? 0 : failures.incrementAndGet();
    failures.set(inRow);
    Level level = inRow == 0
        ? Level.CLEARED
        : inRow >= settings.failuresCritical() ? Level.CRITICAL : Level.WARNING;
    String message = inRow == 0
        ? "Redis answers"
        : "Redis did not answer a ping within the operation timeout, " + inRow + " in a row";
    connection
        .checked(level)
        .ifPresent(news ->
            desk.raise(new Alert(Instant.now(), news, Alert.ALL_CACHES, CONNECTION, message)));
  }

  private void checkResources() {
    try {
      resources
          .executor()
          .execute(() -> monitors.values().forEach(monitor -> guarded(monitor::checkMemory)));
    } catch (RejectedExecutionException e) {
      log.debug("closed before memory was checked", e);
    }
  }

  @Override
  public void close() {
    desk.close();
  }
}
