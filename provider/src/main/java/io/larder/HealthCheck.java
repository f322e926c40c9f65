package io.larder;

import io.larder.config.AlertSettings.Levels;
import io.larder.stats.Health;
import io.larder.stats.Health.Check;
import io.larder.stats.Health.Outcome;
import io.larder.store.Budget;
import io.larder.store.Probe;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import javax.cache.CacheException;

/**
 * Finds out how a cache or a manager is. Each of its four checks waits no longer than the operation
 * timeout; what goes wrong is told in the result and never thrown.
 *
 * @param probe tries the place of the entries, without touching any
 * @param memoryBytes what the entries in this process take, estimated
 * @param memoryMegabytes from where that is worth a warning
 */
record HealthCheck(
    String subject,
    Probe probe,
    Duration operationTimeout,
    LongSupplier memoryBytes,
    Levels memoryMegabytes) {

  private static final int OPERATIONS = 30;
  private static final double SLOW_MILLIS = 10;
  private static final double FULL = 0.9;
  private static final double SERVER_FULL = 0.95;
  private static final double MEGABYTE = 1 << 20;

  /** For the cache of that name, or with an empty name for the manager itself. */
  static HealthCheck of(
      String subject, ManagerResources resources, String cacheName, LongSupplier memoryBytes) {
    return new HealthCheck(
        subject,
        resources.probe(cacheName),
        resources.settings().operationTimeout(),
        memoryBytes,
        resources.settings().alerts().memoryMegabytes());
  }

  private record Found(Outcome outcome, String message) {}

  private interface Step {
    Found run(Budget budget);
  }

  boolean ping() {
    return timed(Health.CONNECTIVITY, this::connect).outcome() == Outcome.OK;
  }

  Health run() {
    List<Check> checks = new ArrayList<>();
    checks.add(timed(Health.CONNECTIVITY, this::connect));
    boolean connected = checks.get(0).outcome() != Outcome.FAILED;
    checks.add(timed(Health.ROUND_TRIP, connected ? this::roundTrip : HealthCheck::untried));
    checks.add(timed(Health.PERFORMANCE, connected ? this::perform : HealthCheck::untried));
    checks.add(timed(Health.MEMORY, budget -> memory(connected, budget)));
    return new Health(subject, Instant.now(), checks);
  }

  private Check timed(String name, Step step) {
    long start = System.nanoTime();
    Found found;
    try {
      found = step.run(Budget.startingNow(operationTimeout.toNanos()));
    } catch (CacheException e) {
      found = new Found(Outcome.FAILED, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      found = new Found(Outcome.FAILED, e.toString());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new Check(name, found.outcome(), found.message(), took);
  }

  private static Found untried(Budget budget) {
    return new Found(Outcome.FAILED, "not tried, since there is no connection");
  }

  private Found connect(Budget budget) {
    probe.ping(budget);
    return new Found(
        Outcome.OK, probe.isRemote() ? "Redis answers" : "the entries are in this process");
  }

  private Found roundTrip(Budget budget) {
    byte[] item = item();
    boolean written = probe.write(item, keepMillis(), budget);
    boolean same = Arrays.equals(item, probe.read(budget));
    boolean removed = probe.remove(item, budget);
    return written && same && removed
        ? new Found(Outcome.OK, "what was written was read back and removed")
        : new Found(
            Outcome.FAILED,
            "written: " + written + ", read back: " + same + ", removed: " + removed);
  }

  private Found perform(Budget budget) {
    byte[] item = item();
    long start = System.nanoTime();
    int done = 0;
    try {
      while (done < OPERATIONS) {
        switch (done % 3) {
          case 0 -> probe.write(item, keepMillis(), budget);
          case 1 -> probe.read(budget);
          default -> probe.remove(item, budget);
        }
        done++;
      }
    } catch (CacheException e) {
      if (done == 0 || budget.remainingNanos() > 0) {
        throw e;
      }
    }
    double millis = (System.nanoTime() - start) / 1e6 / Math.max(1, done);
    String message = done + " operations of " + millis(millis) + " on average";
    if (done < OPERATIONS) {
      return new Found(Outcome.WARNING, message + ", then the operation timeout was over");
    }
    return new Found(millis >= SLOW_MILLIS ? Outcome.WARNING : Outcome.OK, message);
  }

  private Found memory(boolean connected, Budget budget) {
    double megabytes = memoryBytes.getAsLong() / MEGABYTE;
    double heap = heapShare();
    boolean serverFull = connected && isServerFull(budget);
    String message = String.format(
        Locale.ROOT,
        "the entries in this process take about %.1f MB; the JVM's heap was %.0f %% full after"
            + " the last collection%s",
        megabytes,
        heap * 100,
        serverFull ? "; Redis is full and evicts nothing: it will refuse writes" : "");
    boolean tight = megabytes > memoryMegabytes.warning() || heap >= FULL || serverFull;
    return new Found(tight ? Outcome.WARNING : Outcome.OK, message);
  }

  /** How full the heap was after the last garbage collection, from 0 to 1. */
  private static double heapShare() {
    long used = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
        used += pool.getCollectionUsage().getUsed();
      }
    }
    return (double) used / Runtime.getRuntime().maxMemory();
  }

  /** A user without the right to ask does not know. */
  private boolean isServerFull(Budget budget) {
    try {
      Map<String, String> memory = probe.information("memory", budget);
      double most = Double.parseDouble(memory.getOrDefault("maxmemory", "0"));
      double used = Double.parseDouble(memory.getOrDefault("used_memory", "0"));
      return most > 0
          && used >= most * SERVER_FULL
          && "noeviction".equals(memory.get("maxmemory_policy"));
    } catch (CacheException | NumberFormatException e) {
      return false;
    }
  }

  /** An item that is not removed is gone soon after. */
  private long keepMillis() {
    return 2 * operationTimeout.toMillis() + 1_000;
  }

  private static byte[] item() {
    return UUID.randomUUID().toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  static String millis(double millis) {
    return String.format(Locale.ROOT, millis < 0.1 ? "%.4f ms" : "%.2f ms", millis);
  }
}
