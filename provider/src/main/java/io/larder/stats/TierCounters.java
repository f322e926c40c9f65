package io.larder.stats;

import java.util.concurrent.atomic.LongAdder;

/** What one tier of a cache (heap, near, Redis) counts. Thread-safe. */
public final class TierCounters {

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder undecodable = new LongAdder();

  /** One live entry was found. */
  public void hit() {
    hits.increment();
  }

  /** No live entry was found. */
  public void miss() {
    misses.increment();
  }

  /** Bytes were found that are no entry of this cache; the read was a miss. */
  public void undecodable() {
    undecodable.increment();
  }

  public long hits() {
    return hits.sum();
  }

  public long misses() {
    return misses.sum();
  }

  public long undecodables() {
    return undecodable.sum();
  }
}
