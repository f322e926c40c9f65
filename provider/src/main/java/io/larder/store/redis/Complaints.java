package io.larder.store.redis;

import io.larder.log.Log;
import io.larder.stats.TierCounters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts what is in Redis and cannot be read, and says so once a reason and ten minutes. Remembers
 * the versions of the latest such entries, so that a creation may replace them. Thread-safe.
 */
final class Complaints {

  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final int REASONS = 32;
  private static final int VERSIONS = 1024;

  private final Log log;
  private final TierCounters counters;
  private final Map<String, Long> said = new ConcurrentHashMap<>();
  private final Map<Object, String> versions = new ConcurrentHashMap<>();

  Complaints(Log log, TierCounters counters) {
    this.log = log.from(RedisStore.class);
    this.counters = counters;
  }

  /** Something under a name of this cache could not be read. */
  void unreadable(String reason) {
    counters.undecodable();
    long now = System.nanoTime();
    String known = said.size() < REASONS || said.containsKey(reason) ? reason : "other reasons";
    Long before = said.get(known);
    if ((before == null || now - before > QUIET_NANOS)
        && (before == null
            ? said.putIfAbsent(known, now) == null
            : said.replace(known, before, now))) {
      log.warn("an entry in Redis cannot be read and counts as absent: {}", known);
    }
  }

  /** An entry that a process with this configuration cannot read, though Redis holds it as live. */
  void unreadable(Object key, String version, String reason) {
    unreadable(reason);
    if (versions.size() >= VERSIONS) {
      versions.clear();
    }
    versions.put(key, version);
  }

  /** The version of the key's entry if it is known to be unreadable, else empty. */
  String unreadableVersion(Object key) {
    return versions.isEmpty() ? "" : versions.getOrDefault(key, "");
  }
}
