package io.larder.store;

import io.larder.log.Log;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The regular comparison of a near tier with the heads in the shared store. Waits for nothing and
 * throws nothing. Thread-safe.
 */
final class NearComparison {

  private final Supplier<CompletionStage<long[]>> heads;
  private final int bucketCount;
  private final NearProof proof;
  private final NearClock clock;
  private final Log log;

  private volatile @Nullable Throwable lastFailure;
  private boolean wasReadable;
  private boolean warned;

  NearComparison(SharedStore<?, ?> shared, NearProof proof, NearClock clock, Log log) {
    this.heads = shared::heads;
    this.bucketCount = shared.buckets();
    this.proof = proof;
    this.clock = clock;
    this.log = log.from(NearStore.class);
  }

  /** Logs what has changed since the last tick, and compares. */
  void tick() {
    try {
      report();
      send();
    } catch (RuntimeException e) {
      log.error("the near cache's comparison stumbled", e);
    }
  }

  /** Compares now, unless a comparison is on its way. */
  void send() {
    long round = proof.begin();
    if (round == NearProof.NONE) {
      return;
    }
    CompletionStage<long[]> answer;
    try {
      answer = heads.get();
    } catch (RuntimeException e) {
      failed(round, e);
      return;
    }
    answer.whenComplete((sequences, failure) -> answered(round, sequences, failure));
  }

  private void answered(long round, long @Nullable [] sequences, @Nullable Throwable failure) {
    if (sequences == null || failure != null) {
      failed(round, failure);
    } else if (sequences.length != bucketCount) {
      failed(
          round,
          new IllegalStateException(
              "heads of " + sequences.length + " buckets instead of " + bucketCount));
    } else if (proof.accept(round, sequences)) {
      lastFailure = null;
    }
  }

  private void failed(long round, @Nullable Throwable failure) {
    lastFailure = failure;
    proof.fail(round);
  }

  private synchronized void report() {
    boolean readable = proof.holds(clock.nanos());
    if (readable != wasReadable) {
      wasReadable = readable;
      if (readable && !warned) {
        log.debug("the near cache is in use");
      } else if (readable) {
        log.info("the near cache is in use again");
      } else if (proof.subscribed()) {
        log.warn(
            "the near cache is not read: it could not be compared with Redis in time{}",
            lastFailure == null ? "" : " (" + lastFailure + ")");
      } else {
        log.warn("the near cache is not read: invalidations are not heard");
      }
      warned |= !readable;
    }
  }
}
