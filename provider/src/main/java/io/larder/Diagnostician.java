package io.larder;

import static io.larder.HealthCheck.millis;

import io.larder.stats.CacheStats;
import io.larder.stats.Diagnosis;
import io.larder.stats.Diagnosis.Area;
import io.larder.stats.Diagnosis.Finding;
import io.larder.stats.Diagnosis.Severity;
import io.larder.store.Budget;
import io.larder.store.Probe;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.cache.CacheException;

/** Looks for what is wrong with one cache. For one use, by one thread. */
final class Diagnostician<K, V> {

  private static final double LOW_HIT_RATIO = 0.5;
  private static final double SLOW_SET_MILLIS = 10;
  private static final double SLOW_GET_MILLIS = 5;
  private static final double LARGE_ENTRY_BYTES = 10_000;
  private static final int ROUNDS = 10;
  private static final long SHORT_STAY_MILLIS = 50;
  private static final long PAUSE_NANOS = 5_000_000;
  private static final byte[] ITEM =
      UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);

  private final Parts<K, V> parts;
  private final Probe probe;
  private final CacheStats stats;
  private final List<Finding> findings = new ArrayList<>();

  Diagnostician(Parts<K, V> parts, Probe probe, CacheStats stats) {
    this.parts = parts;
    this.probe = probe;
    this.stats = stats;
  }

  Diagnosis diagnosis() {
    boolean connected = connection();
    hitRatio(connected);
    performance(connected);
    return new Diagnosis(parts.cacheName(), Instant.now(), findings);
  }

  // --- connection

  private boolean connection() {
    long start = System.nanoTime();
    try {
      probe.ping(budget());
    } catch (CacheException e) {
      problem(
          Area.CONNECTION,
          String.valueOf(e.getMessage()),
          "check redis_url, the network between, and whether Redis runs and lets this user in");
      return false;
    }
    if (!probe.isRemote()) {
      ok(Area.CONNECTION, "the entries are in this process: there is no redis_url");
      return true;
    }
    ok(Area.CONNECTION, "Redis answers in " + millis((System.nanoTime() - start) / 1e6));
    information("server", "version %s", "redis_version");
    information("memory", "memory in use %s, at most %s", "used_memory_human", "maxmemory_human");
    information("clients", "%s clients are connected", "connected_clients");
    return true;
  }

  private void information(String section, String message, String... names) {
    try {
      Map<String, String> info = probe.information(section, budget());
      Object[] values =
          Arrays.stream(names).map(name -> info.getOrDefault(name, "unknown")).toArray();
      ok(Area.CONNECTION, "Redis: " + String.format(message, values));
    } catch (CacheException e) {
      notice(
          Area.CONNECTION,
          "Redis does not tell of its " + section + ": " + e.getMessage(),
          "to see more, allow the Redis user INFO (ACL: +info)");
    }
  }

  // --- hit ratio

  private void hitRatio(boolean connected) {
    long reads = stats.hits() + stats.misses();
    if (reads == 0) {
      notice(
          Area.HIT_RATIO,
          "no reads were counted",
          "use the cache, with enable_monitoring or the JSR's statistics on, and look again");
    } else if (stats.hits() == 0) {
      problem(Area.HIT_RATIO, "none of " + reads + " reads found an entry", "see the findings");
    } else {
      String text = String.format(
          Locale.ROOT, "%.1f %% of %d reads found an entry", stats.hitRatio() * 100, reads);
      add(
          Area.HIT_RATIO,
          stats.hitRatio() < LOW_HIT_RATIO ? Severity.NOTICE : Severity.OK,
          text,
          "");
    }
    if (connected) {
      roundTrip();
      timeToLive();
    }
    policy();
    evictions();
    if (connected && reads > 0 && stats.hitRatio() < LOW_HIT_RATIO) {
      keys(reads);
    }
  }

  private void roundTrip() {
    try {
      Budget budget = budget();
      boolean works = probe.write(ITEM, TimeUnit.SECONDS.toMillis(10), budget)
          && Arrays.equals(ITEM, probe.read(budget));
      works &= probe.remove(ITEM, budget);
      if (works) {
        ok(Area.HIT_RATIO, "a round trip works: what was written was read back and removed");
        return;
      }
      problem(
          Area.HIT_RATIO,
          "a round trip does not work: what was written was not read back",
          "check whether Redis evicts at once (maxmemory), and who else uses it");
    } catch (CacheException e) {
      problem(
          Area.HIT_RATIO,
          "a round trip does not work: " + e.getMessage(),
          "check the rights of the Redis user, and whether Redis is full");
    }
  }

  private void timeToLive() {
    try {
      Budget budget = budget();
      boolean written = probe.write(ITEM, SHORT_STAY_MILLIS, budget);
      while (written && probe.read(budget) != null) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      add(
          Area.HIT_RATIO,
          written ? Severity.OK : Severity.PROBLEM,
          written ? "times to live work: an item ended by itself" : "an item was not stored",
          "");
    } catch (CacheException e) {
      problem(
          Area.HIT_RATIO,
          "an item did not end by itself in time: " + e.getMessage(),
          "check that Redis is not so slow that the operation timeout is too short");
    }
  }

  private void policy() {
    parts.expiry().fixed().ifPresent(fixed -> {
      if (fixed.creation() == 0) {
        problem(
            Area.HIT_RATIO,
            "the expiry policy lets new entries expire at once: nothing is stored",
            "give the cache an expiry policy with a longer creation time");
      } else if (fixed.creation() > 0 && fixed.creation() < TimeUnit.SECONDS.toMillis(1)) {
        notice(
            Area.HIT_RATIO,
            "new entries live for " + fixed.creation() + " ms only",
            "give the cache an expiry policy with a longer creation time");
      }
    });
    if (stats.puts() == 0 && stats.misses() > 0 && parts.loader() == null) {
      problem(
          Area.HIT_RATIO,
          "this process has stored no entry",
          "put what a read did not find, or give the cache a loader and read-through");
    }
  }

  private void evictions() {
    if (stats.evictions() > stats.puts() / 2 && stats.evictions() > 0) {
      problem(
          Area.HIT_RATIO,
          stats.evictions() + " entries went for want of room, of " + stats.puts() + " stored",
          "raise heap_cache_size");
    }
  }

  private void keys(long reads) {
    try {
      KeyVariants variants = KeyVariants.among(parts.store().iterator());
      if (variants.seen() == 0) {
        problem(
            Area.HIT_RATIO,
            "there is no entry, after " + reads + " reads and " + stats.puts() + " puts",
            "check that entries are not removed, cleared, or expired before they are read");
      } else if (variants.split() == 0) {
        ok(Area.HIT_RATIO, variants.seen() + " keys looked at: none differ by case or spaces");
      } else {
        problem(
            Area.HIT_RATIO,
            variants.split() + " of " + variants.seen() + " keys differ from another only by case"
                + " or by spaces, such as " + variants.example(),
            "bring keys into one form (strip, toLowerCase) before they reach the cache");
      }
    } catch (CacheException e) {
      notice(Area.HIT_RATIO, "the keys could not be looked at: " + e.getMessage(), "");
    }
  }

  // --- performance

  private void performance(boolean connected) {
    if (connected) {
      measured();
    }
    double set = parts.statistics().averageWriteMillis();
    if (set > SLOW_SET_MILLIS) {
      problem(Area.PERFORMANCE, "the application's puts take " + millis(set), slowAdvice());
    }
    double get = parts.statistics().averageReadMillis();
    if (get > SLOW_GET_MILLIS) {
      problem(
          Area.PERFORMANCE,
          "the application's reads take " + millis(get)
              + (parts.readThrough() ? ", loads too" : ""),
          slowAdvice());
    }
    double bytes = entryBytes();
    if (bytes > LARGE_ENTRY_BYTES) {
      problem(
          Area.PERFORMANCE,
          String.format(Locale.ROOT, "entries have %.0f kB on average", bytes / 1_000),
          "store less in an entry, or lower compression_threshold");
    } else if (bytes > 0) {
      ok(
          Area.PERFORMANCE,
          String.format(Locale.ROOT, "entries have %.1f kB on average", bytes / 1_000));
    }
  }

  /** As encoded, or on the heap as estimated. */
  private double entryBytes() {
    if (stats.codec().values() > 0) {
      return stats.codec().averageValueBytes();
    }
    return stats.entryCount() == 0 ? 0 : (double) stats.memoryUsageBytes() / stats.entryCount();
  }

  private void measured() {
    try {
      long setNanos = 0;
      long getNanos = 0;
      for (int i = 0; i < ROUNDS; i++) {
        Budget budget = budget();
        long start = System.nanoTime();
        probe.write(ITEM, TimeUnit.SECONDS.toMillis(10), budget);
        long written = System.nanoTime();
        probe.read(budget);
        getNanos += System.nanoTime() - written;
        setNanos += written - start;
        probe.remove(ITEM, budget);
      }
      judged("set", setNanos / 1e6 / ROUNDS, SLOW_SET_MILLIS);
      judged("get", getNanos / 1e6 / ROUNDS, SLOW_GET_MILLIS);
    } catch (CacheException e) {
      problem(Area.PERFORMANCE, "not measured: " + e.getMessage(), slowAdvice());
    }
  }

  private void judged(String operation, double millis, double slow) {
    String message = "a " + operation + " takes " + millis(millis);
    if (millis > slow) {
      problem(Area.PERFORMANCE, message, slowAdvice());
    } else {
      ok(Area.PERFORMANCE, message);
    }
  }

  private String slowAdvice() {
    return probe.isRemote()
        ? "look at the latency to Redis, its slow log, max_connections, and compression_level"
        : "look at the load of this process and at its garbage collections";
  }

  private Budget budget() {
    return Budget.startingNow(parts.operationTimeoutNanos());
  }

  private void ok(Area area, String message) {
    add(area, Severity.OK, message, "");
  }

  private void notice(Area area, String message, String recommendation) {
    add(area, Severity.NOTICE, message, recommendation);
  }

  private void problem(Area area, String message, String recommendation) {
    add(area, Severity.PROBLEM, message, recommendation);
  }

  private void add(Area area, Severity severity, String message, String recommendation) {
    findings.add(new Finding(area, severity, message, recommendation));
  }
}
