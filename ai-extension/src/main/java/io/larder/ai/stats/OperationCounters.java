package io.larder.ai.stats;

import io.larder.ai.config.TextTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts for one operation. Thread-safe. */
public final class OperationCounters {

  private static final long ENOUGH_LOOKUPS = 100;
  private static final double RARE = 0.05;
  private static final long ENOUGH_HITS = 50;
  private static final double MANY_LATE = 0.1;
  private static final long ENOUGH_SKIPPED = 20;
  private static final double MANY_SKIPPED = 0.05;

  private final String operation;
  private final TierCounters[] tiers = new TierCounters[TextTier.values().length];

  /** For that operation. */
  public OperationCounters(String operation) {
    this.operation = operation;
    for (int i = 0; i < tiers.length; i++) {
      tiers[i] = new TierCounters();
    }
  }

  /** The counters of a size of text. */
  public TierCounters of(TextTier tier) {
    return tiers[tier.ordinal()];
  }

  /** What was counted so far. */
  public AiOperationStats stats() {
    Map<TextTier, AiFigures> byTier = new EnumMap<>(TextTier.class);
    for (TextTier tier : TextTier.values()) {
      TierCounters counters = of(tier);
      if (!counters.isIdle()) {
        TierCounters.Sums sums = new TierCounters.Sums();
        counters.addTo(sums);
        byTier.put(tier, sums.figures());
      }
    }
    return new AiOperationStats(operation, total().figures(), byTier);
  }

  private TierCounters.Sums total() {
    TierCounters.Sums sums = new TierCounters.Sums();
    for (TierCounters counters : tiers) {
      counters.addTo(sums);
    }
    return sums;
  }

  /**
   * What follows from the counts.
   *
   * @param ttl how long the operation's answers live; zero: ever
   * @param maxTextLength the longest text that is cached
   */
  public List<AiRecommendation> recommendations(Duration ttl, int maxTextLength) {
    List<AiRecommendation> all = new ArrayList<>();
    TierCounters.Sums sums = total();
    AiFigures figures = sums.figures();
    long lookups = figures.hits() + figures.misses();
    if (lookups >= ENOUGH_LOOKUPS && figures.savedCalls() < RARE * lookups) {
      all.add(advice(
          AiRecommendation.Kind.RARELY_HIT,
          figures.hits() + " of " + lookups + " look-ups found an answer, and "
              + figures.coalesced() + " shared a call: look whether something that does not change"
              + " the answer (a time, an id) is in the text or an option, or leave this operation"
              + " uncached"));
    }
    if (!ttl.isZero()
        && figures.hits() >= ENOUGH_HITS
        && sums.lateHits() >= MANY_LATE * figures.hits()) {
      all.add(advice(
          AiRecommendation.Kind.TTL_TOO_SHORT,
          sums.lateHits() + " of " + figures.hits() + " hits came in the last fifth of the "
              + ttl.toSeconds() + " s that answers live: a longer operation_ttls." + operation
              + " would save calls"));
    }
    long skipped = figures.skippedForLength();
    if (skipped >= ENOUGH_SKIPPED && skipped >= MANY_SKIPPED * (lookups + skipped)) {
      all.add(advice(
          AiRecommendation.Kind.TEXT_TOO_LONG,
          skipped + " of " + (lookups + skipped) + " texts were longer than max_text_length "
              + maxTextLength + " and not cached: raise it, or divide the texts"));
    }
    return all;
  }

  private AiRecommendation advice(AiRecommendation.Kind kind, String message) {
    return new AiRecommendation(kind, operation, operation + ": " + message);
  }
}
