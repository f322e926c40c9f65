package io.larder;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a cache of Larder offers beyond JSR-107: {@code cache.unwrap(LarderCache.class)}. Means the
 * same on the heap, in Redis and with a near tier, where nothing else is said. Thread-safe.
 * {@code docs/extensions.md} has examples.
 *
 * <p>Every method throws {@link IllegalStateException} if the cache is closed,
 * {@link NullPointerException} for null arguments, {@link ClassCastException} for keys and values
 * of other types than configured, and a {@link javax.cache.CacheException} if Redis cannot be
 * asked, except where it says otherwise.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public interface CacheExtensions<K, V> {

  /**
   * {@link javax.cache.Cache#put} with a time to live of its own: the expiry policy is not asked
   * for this write. Later reads and updates follow the policy again, so an update under a policy
   * that leaves deadlines alone keeps this one.
   *
   * @param timeToLive from now, to the millisecond (parts of one count as one); over a century,
   *     such as {@link ChronoUnit#FOREVER}'s duration, is without end
   * @throws IllegalArgumentException if the time to live is zero or negative
   */
  void put(K key, V value, Duration timeToLive);

  /**
   * {@link javax.cache.Cache#putIfAbsent} with a time to live of its own, as in {@link #put}.
   *
   * @return whether the value was stored
   * @throws IllegalArgumentException if the time to live is zero or negative
   */
  boolean putIfAbsent(K key, V value, Duration timeToLive);

  /**
   * How long the key's entry has left, by Redis' clock, from where it is shared. Not a read: counts
   * nothing, moves no deadline, loads nothing.
   *
   * @return empty if there is no entry; {@link ChronoUnit#FOREVER}'s duration if it has no end. The
   *     bound that {@code default_ttl} sets to the stay of eternal entries counts as its end.
   */
  Optional<Duration> timeToLive(K key);

  /**
   * Removes the entries whose keys match a pattern as Redis understands it: {@code *} any
   * characters, {@code ?} one, {@code [abc]}, {@code [a-z]}, {@code [^a-z]} one of a set, {@code \}
   * takes the next one literally. What is matched is the whole key, without namespace or cache
   * name; {@code ?} and sets match one byte of its UTF-8 form.
   *
   * <p>Each removal is as by {@link javax.cache.Cache#removeAll(java.util.Set)}: it reaches the
   * near tiers of all processes, counts, tells listeners, and has a cache writer delete the key.
   * Walks the keys with SCAN, a batch at a time; entries made meanwhile may stay. Takes as long as
   * there are keys in Redis; each step is bounded by the operation timeout.
   *
   * @return how many entries went
   * @throws UnsupportedOperationException if this cache's keys cannot be Strings
   */
  long removeMatching(String glob);

  /**
   * {@link javax.cache.Cache#clear}, and then deletes what was there to count it, where a clear
   * leaves that to the background. When it returns, and before the counting begins, nobody reads
   * the old entries any more.
   *
   * @return how many entries went; fewer if another process sweeps the same cache just now, and
   *     entries past their deadline that Redis still kept for a listener count too
   */
  long clearAndCount();

  /**
   * The key's value; if there is none, what the function computes, once for all who ask meanwhile.
   * Equal to {@link #getOrCompute(Object, Function, ComputeOptions)} with
   * {@link ComputeOptions#standard}.
   */
  @Nullable
  V getOrCompute(K key, Function<? super K, ? extends @Nullable V> function);

  /**
   * The key's value; if there is none, what the function computes, once for all who ask meanwhile,
   * in this process and, over Redis, in all. Made for functions that take seconds or minutes and
   * are dear.
   *
   * <p>The first to miss claims the key and calls its function on its own thread; the others wait
   * for what becomes of that. A claim in Redis lives as long as its process, and a few seconds
   * longer; then another takes over. The value is stored if nobody has changed, removed or cleared
   * the key since it was claimed, and whoever asks after such a change computes anew.
   *
   * <ul>
   *   <li>A value, or null for none, goes to all who wait in this process; null is not stored.
   *   <li>What the function throws reaches its caller, and all who wait in this process, as it is,
   *       and is not stored. If its thread was interrupted they go on for themselves instead, one
   *       at a time, as those always do who wait in other processes, or who came after news of the
   *       key or after invalidations were missed. Nobody's function is called twice.
   *   <li>The cache never fails a call whose function can be called: where Redis is away, refuses
   *       or does not answer for some seconds, each process computes for itself, and stores
   *       nothing.
   *   <li>Like a load: counts a miss and no put, has listeners hear of a creation, does not write
   *       through. A {@link javax.cache.integration.CacheLoader} is not asked.
   * </ul>
   *
   * <p>A function that asks for its own key is refused with an {@link IllegalStateException}. Two
   * functions that ask for each other's keys wait for each other for ever, unless
   * {@link ComputeOptions#maximumWait} ends it.
   *
   * @param function the value, or null for none; given the key
   * @throws javax.cache.CacheException if the thread is interrupted while it waits for another
   */
  @Nullable
  V getOrCompute(
      K key,
      Function<? super K, ? extends @Nullable V> function,
      ComputeOptions<? super V> options);

  /**
   * Has this process' near tier hold only entries for which the predicate says so, from now on,
   * whoever reads or writes them. It is asked when an entry is about to be held, never on a near
   * hit; what is held already stays until it changes. Without a near tier it is never asked.
   *
   * @param admission quick, without side effects on the value, called by many threads; an entry for
   *     which it throws is not held
   */
  void admitToNear(BiPredicate<? super K, ? super V> admission);
}
