package io.larder.store;

import io.larder.store.NearEntry.Epoch;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One bucket of a near tier: how far this process has heard of its changes, and therefore which of
 * its entries may be read. State only, no I/O. Thread-safe.
 *
 * <p><b>Design.</b> Replies say what is in the shared store and messages say what changed, and the
 * two come in any order. Only messages, and the comparison, move {@code heard}; replies move
 * {@code high}. An entry is stored as readable only where its sequence is both, that is, where this
 * process has heard all that the reply knew and no reply knew more. A gap in the messages makes a
 * new epoch, which makes all earlier entries unreadable at once. A hit takes no lock: it reads the
 * epoch's flag, which is set last. The rules are numbered as in {@code docs/near-cache.md}.
 */
final class NearBucket<K, V> {

  private static final long NEVER = Long.MAX_VALUE;
  private static final long UNKNOWN = -1;

  /** Shared with the other buckets; this one changes only entries of its own keys. */
  private final ConcurrentMap<K, NearEntry<V>> entries;

  private Epoch epoch = new Epoch();

  /** Everything up to here is applied. */
  private long heard = UNKNOWN;

  /** The largest seen in any message or reply. */
  private long high;

  /** Must be heard before entries may be read. */
  private long due = NEVER;

  /** What the comparison's answer must not be below; unknown where its answer is to be ignored. */
  private long noted = UNKNOWN;

  private long dropped;

  NearBucket(ConcurrentMap<K, NearEntry<V>> entries) {
    this.entries = entries;
  }

  /**
   * Rule 2: a read was answered.
   *
   * @param sequence the bucket's; 0 if it has none
   * @param candidate what was found, or null if that must not be stored
   * @param settled whether no change that this process made is still on its way to the shared store
   * @return whether it was stored
   */
  synchronized boolean replied(
      K key, long sequence, @Nullable NearCandidate<V> candidate, Predicate<K> settled) {
    knownAt(sequence);
    if (candidate != null && sequence == heard && heard == high && settled.test(key)) {
      store(key, new NearEntry<>(candidate, sequence, epoch, true));
      return true;
    }
    remove(key);
    return false;
  }

  /** Rule 2 for an answer that is not to be stored: what agrees with it may stay. */
  synchronized void seen(K key, SharedStored<V> found) {
    high = Math.max(high, found.headSequence());
    NearEntry<V> entry = entries.get(key);
    if (entry != null && !entry.stored.sameVersion(found)) {
      remove(key);
    }
  }

  /** {@link #replied} where every change of this process has reached the shared store. */
  boolean replied(K key, long sequence, @Nullable NearCandidate<V> candidate) {
    return replied(key, sequence, candidate, settled -> true);
  }

  /**
   * Rule 3: an own write was answered.
   *
   * @param candidate what is under the key now, or null if nothing is, or it is not known
   * @param settled whether every change of the key by this process has reached the shared store
   */
  synchronized void wrote(
      K key, long sequence, @Nullable NearCandidate<V> candidate, Predicate<? super K> settled) {
    knownAt(sequence);
    if (candidate != null && sequence == high && settled.test(key)) {
      store(key, new NearEntry<>(candidate, sequence, epoch, heard == sequence));
    } else {
      remove(key);
    }
  }

  /** {@link #wrote} where every change of this process has reached the shared store. */
  void wrote(K key, long sequence, @Nullable NearCandidate<V> candidate) {
    wrote(key, sequence, candidate, settled -> true);
  }

  /** Rule 3: an own write's outcome is not known. */
  synchronized void unknown(K key) {
    remove(key);
  }

  /** Rule 4: an own clear was answered, or its outcome is not known (sequence 0). */
  synchronized void cleared(long sequence) {
    newEpoch();
    high = Math.max(high, sequence);
    publish();
  }

  /**
   * Rule 5: a message arrived.
   *
   * @param keys what changed, or null for all
   * @return whether the chain was whole; else nothing is known of what changed before
   */
  synchronized boolean changed(long previous, long sequence, @Nullable List<K> keys) {
    if (sequence == heard) {
      return true;
    }
    boolean whole = previous == heard;
    if (!whole) {
      drop();
      heard = UNKNOWN;
    }
    if (keys == null) {
      newEpoch();
    } else {
      keys.forEach(key -> changed(key, sequence));
    }
    high = Math.max(high, sequence);
    heard = sequence;
    publish();
    return whole;
  }

  private void changed(K key, long sequence) {
    NearEntry<V> entry = entries.get(key);
    if (entry == null) {
      return;
    }
    if (entry.sequence == sequence) {
      entry.confirm();
    } else if (entry.sequence < sequence) {
      remove(key);
    }
  }

  /** Nothing is known of the bucket any more, and a comparison on its way is too old to tell. */
  synchronized void lost() {
    unsync();
    noted = UNKNOWN;
  }

  /** Rule 6: a comparison is about to be sent. */
  synchronized void note() {
    noted = Math.max(0, Math.max(heard, high));
  }

  /** Rule 6: the comparison was answered with this bucket's sequence. */
  synchronized void compared(long sequence) {
    if (noted == UNKNOWN) {
      return;
    }
    if (sequence == 0 || sequence < noted) {
      unsync();
      return;
    }
    if (due > heard) {
      drop();
      heard = Math.max(heard, sequence);
      due = 0;
    } else if (sequence > heard) {
      due = sequence;
    }
    high = Math.max(high, sequence);
    publish();
  }

  /** How often it was dropped because what changed in it was not, or not surely, heard. */
  synchronized long dropped() {
    return dropped;
  }

  /** A reply knows the bucket at that sequence; without one, the bucket's history has ended. */
  private void knownAt(long sequence) {
    if (sequence == 0) {
      lost();
    }
    high = Math.max(high, sequence);
  }

  private void unsync() {
    drop();
    heard = UNKNOWN;
    high = 0;
    due = NEVER;
  }

  private void drop() {
    if (heard != UNKNOWN) {
      dropped++;
    }
    newEpoch();
  }

  private void newEpoch() {
    epoch.readable = false;
    epoch = new Epoch();
  }

  private void publish() {
    epoch.readable = heard >= due;
  }

  private void store(K key, NearEntry<V> entry) {
    withdraw(entries.put(key, entry));
  }

  private void remove(K key) {
    withdraw(entries.remove(key));
  }

  private void withdraw(@Nullable NearEntry<V> entry) {
    if (entry != null) {
      entry.withdraw();
    }
  }
}
