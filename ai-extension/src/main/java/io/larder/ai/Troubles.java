package io.larder.ai;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what goes wrong with the caches and says it in the log, each kind at most once a minute.
 * Thread-safe.
 */
final class Troubles {

  private static final Logger LOG = LoggerFactory.getLogger(AiCache.class);
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int MOST_KINDS = 10_000;

  private final LongAdder count = new LongAdder();
  private final ConcurrentHashMap<String, Long> said = new ConcurrentHashMap<>();

  /** A cache that could not be used; the call goes on without it. */
  void tell(String cacheName, String what, Throwable e) {
    count.increment();
    if (isTime(cacheName + what)) {
      LOG.warn("{}: {}; calls go to the model: {}", cacheName, what, e.toString());
    }
  }

  /** Something that the application should know, and that is no failure of a cache. */
  void note(String cacheName, String what) {
    if (isTime(cacheName + what)) {
      LOG.warn("{}: {}", cacheName, what);
    }
  }

  private boolean isTime(String kind) {
    if (said.size() >= MOST_KINDS && !said.containsKey(kind)) {
      return false;
    }
    long now = System.nanoTime();
    Long next = said.compute(
        kind, (k, last) -> last == null || now - last >= PAUSE_NANOS ? Long.valueOf(now) : last);
    return next == now;
  }

  long count() {
    return count.sum();
  }
}
