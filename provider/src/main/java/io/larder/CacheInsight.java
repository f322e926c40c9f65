package io.larder;

import io.larder.stats.CacheStats;
import io.larder.stats.Diagnosis;
import io.larder.stats.Health;

/**
 * What a cache of Larder tells of itself: {@code cache.unwrap(LarderCache.class)}. Thread-safe.
 * {@code docs/operations.md} says what to look at first. Every method throws
 * {@link IllegalStateException} if the cache is closed, and none throws for a Redis that is away.
 */
public interface CacheInsight {

  /**
   * What has been counted so far, in the whole and for each tier. Not for every call of a cache:
   * the memory of the entries in this process is estimated anew from a sample of them.
   */
  CacheStats stats();

  /**
   * Whether the place of the entries answers within the operation timeout: Redis, or this process
   * for a cache on the heap.
   */
  boolean ping();

  /**
   * Tries how the cache is, beside its entries: none is touched, nothing is counted. Takes at most
   * four times the operation timeout.
   */
  Health health();

  /**
   * Looks for what is wrong with the cache, with advice. Where most reads miss it walks over the
   * keys, which with Redis is a SCAN and counts as reads of the Redis tier.
   */
  Diagnosis diagnose();

  /**
   * Says that entries of this cache come and go, and that what is asked for is mostly not there, as
   * in a cache of locks or counts: from now on neither its hit ratio nor the number of its
   * invalidations raises an alert in this process. What is counted stays the same.
   */
  void expectChurn();
}
