package io.larder.store;

import io.larder.expiry.Ttl;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store that other processes use too, with what a near tier needs to stay coherent: entries stand
 * in buckets, each bucket has a sequence that rises with every change in it, and every change is
 * told to all processes.
 *
 * <p>An answer that comes from what is shared is a {@link SharedStored}. Any other answer is what
 * this process has to itself while the shared store is away; a near tier keeps none of it.
 */
public interface SharedStore<K, V> extends Store<K, V> {

  /** How many buckets there are. */
  int buckets();

  /** The key's bucket, from 0. */
  int bucketOf(K key);

  /**
   * {@link #write}, with the versions it made; {@link SharedWrite#apart} if something else took it
   * in place of what is shared.
   */
  SharedWrite writeShared(Change<K, V> change, Budget budget);

  /** {@link #writeAll}, with the versions it made. */
  List<SharedWrite> writeAllShared(List<Change<K, V>> changes, Budget budget);

  /**
   * {@link #clear}, answering each bucket's new sequence; null if something else was cleared in
   * place of what is shared.
   */
  long @Nullable [] clearShared(Budget budget);

  /**
   * Whether what the shared store says of the key is what this process may see. It is not, while a
   * change that this process made has not reached it.
   */
  default boolean settled(K key) {
    return true;
  }

  /**
   * {@link #clearAndCount(Budget)}, telling each bucket's new sequence once the clear holds.
   *
   * @param cleared called before the counting begins; not called if something else was cleared in
   *     place of what is shared
   */
  long clearAndCount(Consumer<long[]> cleared, Budget budget);

  @Override
  default long clearAndCount(Budget budget) {
    return clearAndCount(sequences -> {}, budget);
  }

  /** The sequence of every bucket now, from the masters; 0 where a bucket has no bookkeeping. */
  CompletionStage<long[]> heads();

  /**
   * The local {@link System#nanoTime()} by which the server's clock has surely not passed that
   * instant: a near entry read before it does not outlive its shared one. {@link Long#MIN_VALUE}
   * while the server's clock is not known.
   */
  long localNanosBefore(long serverMicros);

  /** Starts telling a listener; one at a time. The first {@code up} follows when it is heard. */
  void listen(Invalidations<K> listener);

  /** What a shared store tells a near tier, in order per bucket. Must not block. */
  interface Invalidations<K> {

    /**
     * A bucket changed.
     *
     * @param previous the bucket's sequence before
     * @param keys the keys that changed, or null if the bucket was cleared
     */
    void changed(int bucket, long previous, long sequence, @Nullable List<K> keys);

    /** A message that could not be understood: nothing is known of that bucket (-1: of any). */
    void lost(int bucket);

    /** The subscription stands. */
    void up();

    /** The subscription is gone, or not known to stand. */
    void down();

    /** This process has removed a key by itself, which made that sequence of its bucket. */
    default void removed(K key, long sequence) {}

    /** This process has cleared the cache by itself, which made those sequences. */
    default void cleared(long[] sequences) {}
  }

  @Override
  default Outcome write(Change<K, V> change, Budget budget) {
    return writeShared(change, budget).outcome();
  }

  @Override
  default List<Outcome> writeAll(List<Change<K, V>> changes, Budget budget) {
    return writeAllShared(changes, budget).stream().map(SharedWrite::outcome).toList();
  }

  @Override
  default void clear(Budget budget) {
    clearShared(budget);
  }

  @Override
  default long timeToLive(Stored<V> found) {
    if (found.value() == null || found.expired() || !(found instanceof SharedStored<V> shared)) {
      return Ttl.ZERO;
    }
    if (shared.deadlineMicros() == Long.MAX_VALUE) {
      return Ttl.ETERNAL;
    }
    long end = localNanosBefore(shared.deadlineMicros());
    return end == Long.MIN_VALUE
        ? Ttl.ZERO
        : Math.max(Ttl.ZERO, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
  }
}
