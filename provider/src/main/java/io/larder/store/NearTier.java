package io.larder.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.larder.stats.TierSize;
import io.larder.store.NearProof.Buckets;
import io.larder.store.SharedStore.Invalidations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The near entries of one cache and their buckets, told of what the shared store answers and says.
 * Thread-safe.
 */
final class NearTier<K, V> implements Invalidations<K>, Buckets {

  /** Half of what a nano time can span: later than any process lives. */
  private static final long FAR_NANOS = Long.MAX_VALUE / 2;

  private final SharedStore<K, V> shared;
  private final NearClock clock;
  private final FlightEnder<K> flights;
  private final UnaryOperator<K> keyCopies;
  private final Cache<K, NearEntry<V>> entries;
  private final List<NearBucket<K, V>> buckets = new ArrayList<>();
  private final NearProof proof;
  private final NearComparison comparison;
  private volatile BiPredicate<? super K, ? super V> admission = (key, value) -> true;

  NearTier(SharedStore<K, V> shared, NearSpec<K> spec, NearClock clock) {
    this.shared = shared;
    this.clock = clock;
    this.flights = spec.flights();
    this.keyCopies = spec.keyCopies();
    this.entries = Caffeine.newBuilder().maximumSize(spec.maximumSize()).build();
    for (int i = 0; i < shared.buckets(); i++) {
      buckets.add(new NearBucket<>(entries.asMap()));
    }
    this.proof = new NearProof(this, clock, spec.proofLifetime().toNanos());
    this.comparison = new NearComparison(shared, proof, clock, spec.log());
  }

  void admit(BiPredicate<? super K, ? super V> chosen) {
    admission = chosen;
  }

  NearComparison comparison() {
    return comparison;
  }

  // --- what the cache's own calls do

  /** Rule 1: what may be answered without asking the shared store. Takes no lock. */
  @Nullable
  SharedStored<V> hit(K key) {
    NearEntry<V> entry = entries.getIfPresent(key);
    if (entry == null) {
      return null;
    }
    long now = clock.nanos();
    return proof.holds(now) && entry.readable(now) ? entry.stored : null;
  }

  /**
   * Rule 2: answers the reply, as retained if it was stored. An answer that is not the shared
   * store's is nothing to go by.
   */
  Stored<V> replied(K key, Stored<V> answer) {
    if (!(answer instanceof SharedStored<V> reply)) {
      return answer;
    }
    V value = reply.value();
    NearCandidate<V> candidate = null;
    if (value != null) {
      flights.ended(key);
      candidate = reply.expired() ? null : candidate(key, value, reply);
    }
    K kept = candidate == null ? key : keyCopies.apply(key);
    boolean stored = bucket(key).replied(kept, reply.headSequence(), candidate, shared::settled);
    return stored ? copy(reply, false) : reply;
  }

  /** Rule 2 for a reply that is not to be stored. */
  void seen(K key, Stored<V> found) {
    if (found instanceof SharedStored<V> reply) {
      bucket(key).seen(key, reply);
    }
  }

  /** Rule 3. */
  void wrote(Change<K, V> change, SharedWrite written) {
    K key = change.key();
    V value = change.value();
    if (!written.isShared()) {
      unknown(key);
      return;
    }
    flights.ended(key);
    boolean stored = written.outcome() == Outcome.CREATED || written.outcome() == Outcome.UPDATED;
    NearCandidate<V> candidate = null;
    if (value != null && stored) {
      long sequence = written.sequence();
      candidate = candidate(
          key,
          value,
          new SharedStored<>(
              value,
              written.generation(),
              sequence,
              sequence,
              written.deadlineMicros(),
              false,
              true,
              true));
    }
    bucket(key).wrote(key, written.sequence(), candidate, shared::settled);
  }

  /** Rule 3, where the outcome is not known. */
  void unknown(K key) {
    flights.ended(key);
    bucket(key).unknown(key);
  }

  /** Rule 3, for a removal in the background. */
  @Override
  public void removed(K key, long sequence) {
    flights.ended(key);
    bucket(key).wrote(key, sequence, null);
  }

  /**
   * Rule 4.
   *
   * @param sequences each bucket's, or null where the outcome is not known
   */
  @Override
  public void cleared(long @Nullable [] sequences) {
    flights.allEnded();
    for (int i = 0; i < buckets.size(); i++) {
      buckets.get(i).cleared(sequences == null ? 0 : sequences[i]);
    }
    entries.invalidateAll();
  }

  /** Ends with no entry readable. */
  void close() {
    proof.down();
    forget();
  }

  // --- Invalidations

  @Override
  public void changed(int bucket, long previous, long sequence, @Nullable List<K> keys) {
    if (keys == null) {
      flights.allEnded();
    } else {
      keys.forEach(flights::ended);
    }
    boolean whole = buckets.get(bucket).changed(previous, sequence, keys);
    if (!whole) {
      flights.allEnded();
    }
  }

  @Override
  public void lost(int bucket) {
    flights.allEnded();
    if (bucket >= 0) {
      buckets.get(bucket).lost();
    } else {
      buckets.forEach(NearBucket::lost);
    }
  }

  @Override
  public void up() {
    proof.up();
    comparison.send();
  }

  @Override
  public void down() {
    proof.down();
  }

  // --- Buckets

  @Override
  public void note() {
    buckets.forEach(NearBucket::note);
  }

  @Override
  public void compare(long[] heads) {
    for (int i = 0; i < heads.length; i++) {
      buckets.get(i).compared(heads[i]);
    }
  }

  @Override
  public void forget() {
    buckets.forEach(NearBucket::lost);
    entries.invalidateAll();
  }

  // --- introspection

  boolean readable() {
    return proof.holds(clock.nanos());
  }

  long size() {
    entries.cleanUp();
    return entries.estimatedSize();
  }

  TierSize footprint() {
    return Footprint.of(
        entries.estimatedSize(),
        entries.asMap().entrySet().stream()
            .map(entry -> Map.entry(
                entry.getKey(), Objects.requireNonNull(entry.getValue().stored.value())))
            .iterator());
  }

  long droppedBuckets() {
    return buckets.stream().mapToLong(NearBucket::dropped).sum();
  }

  private NearBucket<K, V> bucket(K key) {
    return buckets.get(shared.bucketOf(key));
  }

  private @Nullable NearCandidate<V> candidate(K key, V value, SharedStored<V> found) {
    if (!admission.test(key, value)) {
      return null;
    }
    long now = clock.nanos();
    long deadline = now + FAR_NANOS;
    if (found.deadlineMicros() != Long.MAX_VALUE) {
      deadline = shared.localNanosBefore(found.deadlineMicros());
      if (deadline == Long.MIN_VALUE || deadline - now <= 0) {
        return null;
      }
    }
    return new NearCandidate<>(copy(found, true), deadline);
  }

  private static <V> SharedStored<V> copy(SharedStored<V> found, boolean provisional) {
    return new SharedStored<>(
        found.value(),
        found.generation(),
        found.sequence(),
        found.headSequence(),
        found.deadlineMicros(),
        found.expired(),
        provisional,
        true);
  }
}
