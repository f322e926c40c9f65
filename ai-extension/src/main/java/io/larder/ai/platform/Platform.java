package io.larder.ai.platform;

import io.larder.ai.config.AiConfig;
import java.time.Duration;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/**
 * What the answer cache asks of the JCache provider that it runs on, beyond JSR-107. Thread-safe.
 */
public interface Platform {

  /** The platform of that manager: Larder's own, or what any provider can do. */
  static Platform of(CacheManager manager) {
    return Platforms.of(manager);
  }

  /** Whether a key matches a glob of Redis' kind. */
  static Predicate<String> matching(String glob) {
    return new Glob(glob)::matches;
  }

  /** The settings in force where the application gives none. */
  AiConfig config();

  /** How long entries of the cache of that name live that have no time of their own; zero: ever. */
  Duration defaultTtl(String cacheName);

  /**
   * Whether this process goes on for itself just now, since the others cannot be reached: what it
   * stores meanwhile will be dropped, and what it changes will be removed for all.
   */
  boolean isApart();

  /** For how long {@link #isApart} has been so, or null if it is not. */
  @Nullable
  Duration apartFor();

  /** Whether all that this process has changed has reached the others, as far as is known. */
  boolean isSettled();

  /**
   * How many calls, so far, were not answered by what the processes share. If that is the same
   * before and after a call, the call was.
   */
  long callsApart();

  /**
   * Puts an entry.
   *
   * @param ttl the entry's own time to live, or null for the cache's; where the provider has no
   *     such thing, it is the cache's in any case
   */
  <V> void put(Cache<String, V> cache, String key, V value, @Nullable Duration ttl);

  /**
   * Why an answer cannot be stored in the cache of that name so that it comes back as it was, as
   * far as can be known beforehand; or null.
   */
  @Nullable
  String refusal(String cacheName, Object answer);

  /**
   * Whether an entry that cannot be read counts as none; else reading it fails, and replacing it,
   * too, until it is removed.
   */
  boolean dropsUnreadable();

  /** Lets only entries into the near tier that the predicate takes; does nothing without one. */
  <V> void admitNear(Cache<String, V> cache, BiPredicate<String, V> admission);

  /** Names what the caches of that manager share with those of others: equal if they share it. */
  default String sharedBy(CacheManager manager) {
    return manager.getClass().getName() + '@' + System.identityHashCode(manager);
  }

  /** Says that entries of the cache come and go, and that misses are the normal case. */
  default void expectChurn(Cache<?, ?> cache) {}

  /**
   * Removes the entries whose key matches a glob of Redis' kind.
   *
   * @return how many
   */
  <V> long removeMatching(Cache<String, V> cache, String glob);
}
