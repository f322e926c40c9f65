package io.larder;

import io.larder.config.Settings;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.configuration.MutableConfiguration;

/**
 * The caches that the settings declare and that nobody has asked for yet. Thread-safe.
 *
 * <h2>Design</h2>
 *
 * To the application a declared cache is there from the start: it is looked up, listed, enabled and
 * destroyed like any other. It is made when it is first asked for, so that a manager does not touch
 * Redis for caches that are not used, and until then {@code createCache} may give it a
 * configuration of its own. Once it was made, in either way, it is an ordinary cache and its name
 * leaves this set for good: closed or destroyed, it does not come back by itself.
 */
final class DeclaredCaches {

  private final boolean monitored;
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  DeclaredCaches(Settings settings) {
    monitored = settings.monitoring();
    waiting.addAll(settings.declaredCaches());
  }

  boolean isWaiting(String cacheName) {
    return waiting.contains(cacheName);
  }

  /** The cache was made, or is not to be. */
  void done(String cacheName) {
    waiting.remove(cacheName);
  }

  /** A new set of the names that wait, in order. */
  Set<String> names() {
    return new TreeSet<>(waiting);
  }

  /**
   * What a cache is made with of which code says no more than the types: where the settings have it
   * monitored, its beans are there.
   */
  @SuppressWarnings("unchecked")
  <K, V> MutableConfiguration<K, V> configuration(Class<?> keys, Class<?> values) {
    return new MutableConfiguration<K, V>()
        .setTypes((Class<K>) keys, (Class<V>) values)
        .setStatisticsEnabled(monitored)
        .setManagementEnabled(monitored);
  }
}
