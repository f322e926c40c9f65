package io.larder.ai;

import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A JCache cache that is taken from its manager, or created, when it is first used, and again if
 * someone closed it. Thread-safe.
 */
final class CacheSlot<V> {

  private final CacheManager manager;
  private final String name;
  private final Supplier<MutableConfiguration<String, V>> configuration;
  private final Consumer<Cache<String, V>> onOpen;
  private volatile @Nullable Cache<String, V> cache;

  CacheSlot(
      CacheManager manager,
      String name,
      Supplier<MutableConfiguration<String, V>> configuration,
      Consumer<Cache<String, V>> onOpen) {
    this.manager = manager;
    this.name = name;
    this.configuration = configuration;
    this.onOpen = onOpen;
  }

  String name() {
    return name;
  }

  /**
   * The cache, open.
   *
   * @throws RuntimeException whatever the manager throws, such as IllegalStateException if it is
   *     closed
   */
  Cache<String, V> get() {
    Cache<String, V> known = cache;
    return known != null && !known.isClosed() ? known : open();
  }

  private synchronized Cache<String, V> open() {
    Cache<String, V> known = cache;
    if (known == null || known.isClosed()) {
      known = foundOrCreated();
      onOpen.accept(known);
      cache = known;
    }
    return known;
  }

  private Cache<String, V> foundOrCreated() {
    MutableConfiguration<String, V> wanted = configuration.get();
    Cache<String, V> found = find(wanted);
    if (found != null) {
      return found;
    }
    try {
      return manager.createCache(name, wanted);
    } catch (CacheException e) {
      Cache<String, V> others = find(wanted);
      if (others == null) {
        throw e;
      }
      return others;
    }
  }

  private @Nullable Cache<String, V> find(MutableConfiguration<String, V> wanted) {
    return manager.getCache(name, wanted.getKeyType(), wanted.getValueType());
  }
}
