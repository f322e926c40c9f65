package io.larder.ai;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What was counted for one operation, over JMX:
 * {@code io.larder:type=AiStatistics,CacheManager=<uri>,Operation=<operation>}. An operation with
 * one of {@code , : = * ? "} in its name stands there quoted ({@code ObjectName.quote}).
 */
public interface AiStatisticsMXBean {

  /** Look-ups answered by the cache. */
  long getHits();

  /** Look-ups that were not. */
  long getMisses();

  /** Hits among look-ups, 0 to 1. */
  double getHitRatio();

  /** Misses answered by a call that another caller had under way. */
  long getCoalescedCalls();

  /** Calls that no model had to answer. */
  long getSavedCalls();

  /** Tokens that were not used. */
  long getSavedTokens();

  /** What was not paid, in the application's currency. */
  BigDecimal getSavedCost();

  /** Calls made to models. */
  long getModelCalls();

  /** Calls to models that threw. */
  long getModelFailures();

  /** Calls that bypassed the cache because of their length. */
  long getSkippedForLength();

  /** Answers that were not stored. */
  long getNotStored();

  /** Times of look-ups in microseconds, by {@code p50}, {@code p95} and {@code p99}. */
  Map<String, Double> getLookupMicros();

  /** Times of model calls in milliseconds, by {@code p50}, {@code p95} and {@code p99}. */
  Map<String, Double> getModelCallMillis();

  /** Hits by size of text. */
  Map<String, Long> getHitsByTextTier();

  /** Misses by size of text. */
  Map<String, Long> getMissesByTextTier();
}
