package io.larder.store;

import io.larder.expiry.Ttl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server in memory that keeps buckets as Redis does for Larder: heads of generation and sequence,
 * entries as frames, each change one atomic step that is published. Its clock moves by hand.
 */
final class MemoryServer<K, V> {

  /** One published change; {@code keys} is null for a clear. */
  record Message<K>(
      int bucket, long previous, long sequence, @Nullable List<K> keys) {}

  private record Frame<V>(V value, long generation, long sequence, long deadlineMicros) {}

  private static final class Bucket<K, V> {
    long generation;
    long sequence;
    final Map<K, Frame<V>> frames = new HashMap<>();
  }

  private final List<Bucket<K, V>> buckets = new ArrayList<>();
  private final List<Consumer<Message<K>>> subscribers = new ArrayList<>();
  private final Map<K, Object> leases = new HashMap<>();
  private final HeapClaims<K, V> claims = new HeapClaims<>();
  private long micros = 1_000_000;

  MemoryServer(int bucketCount) {
    for (int i = 0; i < bucketCount; i++) {
      buckets.add(new Bucket<>());
    }
  }

  int bucketCount() {
    return buckets.size();
  }

  int bucketOf(K key) {
    return Math.floorMod(key.hashCode(), buckets.size());
  }

  synchronized long micros() {
    return micros;
  }

  synchronized void passMillis(long millis) {
    micros += millis * 1000;
  }

  synchronized void subscribe(Consumer<Message<K>> subscriber) {
    subscribers.add(subscriber);
  }

  synchronized void unsubscribe(Consumer<Message<K>> subscriber) {
    subscribers.remove(subscriber);
  }

  synchronized SharedStored<V> get(K key, long accessTtl) {
    Bucket<K, V> bucket = bucket(key);
    Frame<V> frame = live(bucket, key);
    if (frame == null) {
      return new SharedStored<>(
          null, bucket.generation, 0, bucket.sequence, 0, false, false, false);
    }
    if (accessTtl != Ttl.KEEP) {
      move(key, frame, accessTtl);
    }
    return answer(bucket, frame);
  }

  private static <K, V> SharedStored<V> answer(Bucket<K, V> bucket, Frame<V> frame) {
    return new SharedStored<>(
        frame.value,
        frame.generation,
        frame.sequence,
        bucket.sequence,
        frame.deadlineMicros,
        false,
        false,
        false);
  }

  synchronized SharedWrite write(Change<K, V> change) {
    K key = change.key();
    Bucket<K, V> bucket = bucket(key);
    Frame<V> prior = live(bucket, key);
    if (!allowed(change, bucket, prior)) {
      return new SharedWrite(Outcome.REFUSED, bucket.sequence, bucket.generation, 0);
    }
    long ttl = change.value() == null
        ? Ttl.ZERO
        : prior == null ? change.creationTtl() : change.updateTtl();
    claims.end(key);
    long previous = advance(bucket);
    long deadline = 0;
    if (ttl == Ttl.ZERO) {
      bucket.frames.remove(key);
    } else {
      deadline = ttl == Ttl.KEEP && prior != null ? prior.deadlineMicros : deadline(ttl);
      bucket.frames.put(
          key, new Frame<>(change.value(), bucket.generation, bucket.sequence, deadline));
    }
    publish(new Message<>(bucketOf(key), previous, bucket.sequence, List.of(key)));
    Outcome outcome = ttl == Ttl.ZERO
        ? (prior == null ? Outcome.NOTHING : Outcome.REMOVED)
        : (prior == null ? Outcome.CREATED : Outcome.UPDATED);
    return new SharedWrite(outcome, bucket.sequence, bucket.generation, deadline);
  }

  private boolean allowed(Change<K, V> change, Bucket<K, V> bucket, @Nullable Frame<V> prior) {
    if (change.condition() == Condition.IF_CLAIMED) {
      return prior == null && claims.stands(change.key(), change.prior());
    }
    SharedStored<V> read = (SharedStored<V>) change.prior();
    return switch (change.condition()) {
      case ALWAYS -> true;
      case IF_ABSENT -> prior == null;
      case IF_PRESENT -> prior != null;
      case IF_SAME -> sameVersion(prior, read);
      case IF_UNTOUCHED ->
        prior == null
            && read.headSequence() == bucket.sequence
            && read.generation() == bucket.generation;
      case IF_CLAIMED -> throw new IllegalArgumentException();
    };
  }

  private static <V> boolean sameVersion(@Nullable Frame<V> frame, SharedStored<V> read) {
    return frame == null || read.value() == null
        ? frame == null && read.value() == null
        : frame.generation == read.generation() && frame.sequence == read.sequence();
  }

  synchronized void touch(K key, SharedStored<V> read, long ttl) {
    Frame<V> frame = live(bucket(key), key);
    if (frame != null && ttl != Ttl.KEEP && sameVersion(frame, read)) {
      move(key, frame, ttl);
    }
  }

  private void move(K key, Frame<V> frame, long ttl) {
    Bucket<K, V> bucket = bucket(key);
    long deadline = deadline(ttl);
    if (ttl == Ttl.ZERO) {
      bucket.frames.remove(key);
    } else {
      bucket.frames.put(key, new Frame<>(frame.value, frame.generation, frame.sequence, deadline));
    }
    if (ttl == Ttl.ZERO || deadline < frame.deadlineMicros) {
      long previous = advance(bucket);
      publish(new Message<>(bucketOf(key), previous, bucket.sequence, List.of(key)));
    }
  }

  synchronized Stored<V> claim(K key, String holder) {
    SharedStored<V> found = get(key, Ttl.KEEP);
    return found.value() == null && claims.take(key, holder) instanceof Claim<V> claim
        ? claim
        : found;
  }

  synchronized java.util.Set<K> claimedKeys() {
    return java.util.Set.copyOf(claims.keys());
  }

  synchronized long[] clear() {
    claims.endAll();
    long[] sequences = new long[buckets.size()];
    for (int i = 0; i < sequences.length; i++) {
      Bucket<K, V> bucket = buckets.get(i);
      long previous = advance(bucket);
      bucket.generation = bucket.sequence;
      bucket.frames.clear();
      sequences[i] = bucket.sequence;
      publish(new Message<>(i, previous, bucket.sequence, null));
    }
    return sequences;
  }

  synchronized long[] heads() {
    return buckets.stream().mapToLong(bucket -> bucket.sequence).toArray();
  }

  synchronized Map<K, SharedStored<V>> contents() {
    Map<K, SharedStored<V>> contents = new HashMap<>();
    for (Bucket<K, V> bucket : buckets) {
      for (K key : bucket.frames.keySet()) {
        Frame<V> frame = live(bucket, key);
        if (frame != null) {
          contents.put(key, answer(bucket, frame));
        }
      }
    }
    return contents;
  }

  /** As FLUSHALL, or a restart without a file. */
  synchronized void lose() {
    claims.endAll();
    for (Bucket<K, V> bucket : buckets) {
      bucket.generation = 0;
      bucket.sequence = 0;
      bucket.frames.clear();
    }
  }

  Lease lease(K key, Budget budget) throws InterruptedException {
    Object holder = new Object();
    synchronized (leases) {
      while (leases.containsKey(key)) {
        long left = budget.remainingNanos();
        if (left <= 0) {
          throw new javax.cache.CacheException("lease of " + key + ": budget spent");
        }
        long before = System.nanoTime();
        leases.wait(Math.max(1, left / 1_000_000));
        if (System.nanoTime() - before >= left && leases.containsKey(key)) {
          throw new javax.cache.CacheException("lease of " + key + ": budget spent");
        }
      }
      leases.put(key, holder);
    }
    return () -> {
      synchronized (leases) {
        if (leases.remove(key, holder)) {
          leases.notifyAll();
        }
      }
    };
  }

  private long advance(Bucket<K, V> bucket) {
    long previous = bucket.sequence;
    bucket.sequence = Math.max(previous + 1, micros);
    if (previous == 0) {
      bucket.generation = bucket.sequence;
      bucket.frames.clear();
    }
    return previous;
  }

  private void publish(Message<K> message) {
    subscribers.forEach(subscriber -> subscriber.accept(message));
  }

  private long deadline(long ttl) {
    return ttl == Ttl.ETERNAL || ttl == Ttl.KEEP ? Long.MAX_VALUE : micros + ttl * 1000;
  }

  private Bucket<K, V> bucket(K key) {
    return buckets.get(bucketOf(key));
  }

  private @Nullable Frame<V> live(Bucket<K, V> bucket, K key) {
    Frame<V> frame = bucket.frames.get(key);
    return frame == null || frame.deadlineMicros <= micros ? null : frame;
  }
}
