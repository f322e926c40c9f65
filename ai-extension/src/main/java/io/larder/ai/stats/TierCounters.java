package io.larder.ai.stats;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts for one operation and one size of text. Thread-safe. */
public final class TierCounters {

  private static final int COST_DIGITS = 9;

  private final LongAdder hits = new LongAdder();
  private final LongAdder lateHits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder coalesced = new LongAdder();
  private final LongAdder modelFailures = new LongAdder();
  private final LongAdder modelCalls = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder notStored = new LongAdder();
  private final LongAdder inputTokens = new LongAdder();
  private final LongAdder outputTokens = new LongAdder();
  private final LongAdder cost = new LongAdder();
  private final Histogram lookups = new Histogram();
  private final Histogram calls = new Histogram();

  TierCounters() {}

  /**
   * A look-up that found an answer.
   *
   * @param late whether the answer was in the last fifth of its life
   */
  public void hit(long lookupNanos, boolean late) {
    hits.increment();
    lookups.record(lookupNanos);
    if (late) {
      lateHits.increment();
    }
  }

  /** A look-up that found none. */
  public void miss(long lookupNanos) {
    misses.increment();
    lookups.record(lookupNanos);
  }

  /** A miss that another caller's call answered. */
  public void shared() {
    coalesced.increment();
  }

  /** What an answer that no model had to give saved. */
  public void saved(long input, long output, @Nullable BigDecimal amount) {
    if (input != 0) {
      inputTokens.add(input);
    }
    if (output != 0) {
      outputTokens.add(output);
    }
    if (amount != null) {
      cost.add(
          amount.movePointRight(COST_DIGITS).setScale(0, RoundingMode.HALF_EVEN).longValue());
    }
  }

  /** A model call that answered. */
  public void called(long nanos) {
    modelCalls.increment();
    calls.record(nanos);
  }

  /** A model call that threw. */
  public void failed(long nanos) {
    called(nanos);
    modelFailures.increment();
  }

  /** A model call that answered or threw. */
  public void ended(long nanos, boolean failed) {
    if (failed) {
      failed(nanos);
    } else {
      called(nanos);
    }
  }

  /** A call whose text is too long to be cached. */
  public void tooLong() {
    skipped.increment();
  }

  /** An answer that was not stored though it might have been. */
  public void notStored() {
    notStored.increment();
  }

  /** Whether nothing was counted. */
  boolean isIdle() {
    return hits.sum() + misses.sum() + skipped.sum() + modelCalls.sum() == 0;
  }

  void addTo(Sums sums) {
    sums.hits += hits.sum();
    sums.lateHits += lateHits.sum();
    sums.misses += misses.sum();
    sums.coalesced += coalesced.sum();
    sums.modelCalls += modelCalls.sum();
    sums.modelFailures += modelFailures.sum();
    sums.skipped += skipped.sum();
    sums.notStored += notStored.sum();
    sums.inputTokens += inputTokens.sum();
    sums.outputTokens += outputTokens.sum();
    sums.cost += cost.sum();
    lookups.addTo(sums.lookups);
    calls.addTo(sums.calls);
  }

  /** The counts of several, added up. For one thread. */
  static final class Sums {

    private final long[] lookups = Histogram.sums();
    private final long[] calls = Histogram.sums();
    private long hits;
    private long lateHits;
    private long misses;
    private long coalesced;
    private long modelCalls;
    private long modelFailures;
    private long skipped;
    private long notStored;
    private long inputTokens;
    private long outputTokens;
    private long cost;

    long lateHits() {
      return lateHits;
    }

    AiFigures figures() {
      return new AiFigures(
          hits,
          misses,
          coalesced,
          modelCalls,
          modelFailures,
          skipped,
          notStored,
          inputTokens,
          outputTokens,
          BigDecimal.valueOf(cost, COST_DIGITS).stripTrailingZeros(),
          Histogram.percentiles(lookups),
          Histogram.percentiles(calls));
    }
  }
}
