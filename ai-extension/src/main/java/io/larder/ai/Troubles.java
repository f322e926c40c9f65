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

  private final LongAdder count = new LongAdder();
  private final ConcurrentHashMap<String, Long> said = new ConcurrentHashMap<>();

  /** A cache that could not be used; the call goes on without it. */
  void tell(String cacheName, String what, Exception e) {
    count.increment();
    long now = System.nanoTime();
    Long next = said.compute(
        cacheName + what,
        (kind, last) -> last == null || now - last >= PAUSE_NANOS ? Long.valueOf(now) : last);
    if (next == now) {
      LOG.warn("{}: {}; calls go to the model: {}", cacheName, what, e.toString());
    }
  }

  long count() {
    return count.sum();
  }
}
