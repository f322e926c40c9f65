package io.larder.store;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The regular comparison of a near tier with the heads in the shared store. Waits for nothing and
 * throws nothing. Thread-safe.
 */
final class NearComparison {

  private static final Logger LOG = LoggerFactory.getLogger(NearStore.class);

  private final Supplier<CompletionStage<long[]>> heads;
  private final int bucketCount;
  private final NearProof proof;
  private final NearClock clock;
  private final String cacheName;

  private volatile @Nullable Throwable lastFailure;
  private boolean wasReadable;
  private boolean warned;

  NearComparison(SharedStore<?, ?> shared, NearProof proof, NearClock clock, String cacheName) {
    this.heads = shared::heads;
    this.bucketCount = shared.buckets();
    this.proof = proof;
    this.clock = clock;
    this.cacheName = cacheName;
  }

  /** Logs what has changed since the last tick, and compares. */
  void tick() {
    try {
      report();
      send();
    } catch (RuntimeException e) {
      LOG.error("{}: the near cache's comparison stumbled", cacheName, e);
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
        LOG.debug("{}: the near cache is in use", cacheName);
      } else if (readable) {
        LOG.info("{}: the near cache is in use again", cacheName);
      } else if (proof.subscribed()) {
        LOG.warn(
            "{}: the near cache is not read: it could not be compared with Redis in time{}",
            cacheName,
            lastFailure == null ? "" : " (" + lastFailure + ")");
      } else {
        LOG.warn("{}: the near cache is not read: invalidations are not heard", cacheName);
      }
      warned |= !readable;
    }
  }
}
