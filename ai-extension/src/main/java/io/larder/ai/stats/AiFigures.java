package io.larder.ai.stats;

import java.math.BigDecimal;

/**
 * What was counted for one operation, or for one size of text within it.
 *
 * @param hits look-ups answered by the cache
 * @param misses look-ups that were not
 * @param coalesced misses answered by a call that another caller had under way
 * @param modelCalls calls made
 * @param modelFailures calls that threw
 * @param skippedForLength calls that bypassed the cache because the text is longer than the limit
 * @param notStored answers that were not stored: incomplete, or the cache failed
 * @param savedInputTokens what hits and coalesced calls would have taken
 * @param savedOutputTokens what hits and coalesced calls would have taken
 * @param savedCost what hits and coalesced calls would have cost, in the application's currency
 * @param lookup how long look-ups took, the making of the key included
 * @param modelCall how long model calls took
 */
public record AiFigures(
    long hits,
    long misses,
    long coalesced,
    long modelCalls,
    long modelFailures,
    long skippedForLength,
    long notStored,
    long savedInputTokens,
    long savedOutputTokens,
    BigDecimal savedCost,
    Percentiles lookup,
    Percentiles modelCall) {

  /** Calls that no model had to answer. */
  public long savedCalls() {
    return hits + coalesced;
  }

  /** Tokens that were not used. */
  public long savedTokens() {
    return savedInputTokens + savedOutputTokens;
  }

  /** Hits among look-ups, 0 to 1; 0 if there were none. */
  public double hitRatio() {
    long all = hits + misses;
    return all == 0 ? 0 : (double) hits / all;
  }
}
