package io.larder.store;

import io.larder.expiry.Ttl;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds the entries of one cache. Everything behind it composes: a heap, Redis, a near tier over
 * Redis. Thread-safe. Calls wait for I/O at most as long as their budget, then throw a
 * {@link javax.cache.CacheException}; so does a store that cannot reach its server.
 *
 * <p>An entry past its deadline is absent, except where the store was made with a grace period:
 * then it is read as {@link Stored#expired()} until someone removes it or the grace period ends.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public interface Store<K, V> extends AutoCloseable {

  /**
   * What is under the key; a near tier may answer.
   *
   * @param accessTtl milliseconds to live from now if the entry is live, or {@link Ttl#KEEP}; moves
   *     the deadline without making a new version. {@link Ttl#ZERO} answers and removes.
   */
  Stored<V> get(K key, long accessTtl, Budget budget);

  /** What is under the key now, from the store that all share, never from a near tier. */
  Stored<V> getFresh(K key, Budget budget);

  /** What is under the keys: an answer for each. In at most one pipelined trip per server. */
  Map<K, Stored<V>> getAll(Set<? extends K> keys, long accessTtl, Budget budget);

  /** Whether there is a live entry. */
  boolean containsKey(K key, Budget budget);

  /**
   * Makes one change, atomically. When it returns, this process no longer reads what was before.
   */
  Outcome write(Change<K, V> change, Budget budget);

  /**
   * Makes all changes, each atomic by itself, in order per key, and in at most one pipelined trip
   * per server.
   *
   * @return their outcomes, in their order
   */
  List<Outcome> writeAll(List<Change<K, V>> changes, Budget budget);

  /**
   * Moves the deadline of an entry that is still of the version read, without making a new version;
   * {@link Ttl#ZERO} removes it, {@link Ttl#KEEP} does nothing.
   */
  void touch(K key, Stored<V> stored, long ttl, Budget budget);

  /** Removes all entries, at constant cost for the caller. */
  void clear(Budget budget);

  /**
   * {@link #clear}, and then deletes what was there.
   *
   * @param budget bounds the clear; the deleting goes on until it is done, a step at a time
   * @return how many entries went
   */
  long clearAndCount(Budget budget);

  /**
   * The live entries (and, with a grace period, the expired ones), no key twice. Weakly consistent:
   * what changes during the iteration may or may not show. Needs no closing.
   */
  Iterator<Map.Entry<K, Stored<V>>> iterator();

  /** Waits for the key's lease, over all processes that share the store. */
  Lease lease(K key, Budget budget);

  /**
   * Claims the right to compute the value of a key. One try; nobody is waited for.
   *
   * @param holder tells this computation from all others, in 32 characters of ASCII; who holds the
   *     key's claim already is answered it again
   * @return the entry, if there is one; a {@link Claim}, if there was none and nobody else has
   *     claimed it; else another absence
   */
  Stored<V> claim(K key, String holder, Budget budget);

  /**
   * The milliseconds that an entry read from this store has left, {@link Ttl#ETERNAL} for one
   * without end, {@link Ttl#ZERO} for one that is absent or over. A bound on the stay of eternal
   * entries counts.
   */
  long timeToLive(Stored<V> found);

  /**
   * The keys that match, in pages; a key may come twice, and may have no live entry; keys that are
   * claimed are among them. Weakly consistent; only keys that are Strings match.
   */
  Iterator<List<K>> keysMatching(KeyGlob glob);

  /** Whether values handed in are held as they are, so that a writer must hand in a copy. */
  boolean retainsValues();

  /** Ends background work and lets go of connections. What is shared stays. Idempotent. */
  @Override
  void close();

  /** {@link #writeAll} for removals without regard to what is there. */
  default List<Outcome> removeAll(Collection<? extends K> keys, Budget budget) {
    return writeAll(keys.stream().map(key -> Change.<K, V>remove(key)).toList(), budget);
  }

  /** Whether a server behind it was found away of late, so that calls may have waited for it. */
  default boolean isInDoubt() {
    return false;
  }
}
