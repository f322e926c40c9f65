package io.larder;

import io.larder.event.EventDispatcher;
import io.larder.stats.CacheStats;
import io.larder.stats.JCacheStatistics;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * A cache of Larder, and what it offers beyond JSR-107 ({@code cache.unwrap(LarderCache.class)}).
 * Thread-safe.
 *
 * <p>This class is the door: it refuses calls on a closed cache (IllegalStateException), nulls
 * (NullPointerException) and wrong types (ClassCastException), and hands the rest to the engine.
 * Whatever goes wrong on the way to Redis is a {@link CacheException}.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LarderCache<K, V> implements Cache<K, V> {

  private final String name;
  private final LarderCacheManager manager;
  private final LiveConfiguration<K, V> configuration;
  private final CacheAssembly<K, V> assembly;
  private final EventDispatcher<K, V> events;
  private final Engine<K, V> engine;
  private final BulkEngine<K, V> bulk;
  private final @Nullable Class<?> requiredKeyType;
  private final @Nullable Class<?> requiredValueType;
  private final AtomicBoolean closed = new AtomicBoolean();

  LarderCache(LarderCacheManager manager, CacheAssembly<K, V> assembly) {
    this.name = assembly.cacheName();
    this.manager = manager;
    this.configuration = assembly.configuration();
    this.assembly = assembly;
    this.requiredKeyType = required(configuration.getKeyType());
    this.requiredValueType = required(configuration.getValueType());
    this.events = new EventDispatcher<>(this, manager.executor());
    this.engine = assembly.engine(events);
    this.bulk = new BulkEngine<>(engine);
  }

  private static @Nullable Class<?> required(Class<?> type) {
    return type == Object.class ? null : type;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public CacheManager getCacheManager() {
    return manager;
  }

  @Override
  public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
    requireArgument(type, "type");
    if (type.isInstance(configuration)) {
      return type.cast(configuration);
    }
    throw new IllegalArgumentException(
        name + ": the configuration is no " + type.getName() + "; ask for CompleteConfiguration");
  }

  @Override
  public @Nullable V get(K key) {
    requireOpen();
    requireKey(key);
    return engine.get(key);
  }

  @Override
  public Map<K, V> getAll(Set<? extends K> keys) {
    requireOpen();
    requireKeys(keys);
    return bulk.getAll(keys);
  }

  @Override
  public boolean containsKey(K key) {
    requireOpen();
    requireKey(key);
    return engine.containsKey(key);
  }

  @Override
  public void put(K key, V value) {
    requireOpen();
    requireEntry(key, value);
    engine.put(key, value);
  }

  @Override
  public @Nullable V getAndPut(K key, V value) {
    requireOpen();
    requireEntry(key, value);
    return engine.run(key, Mutations.getAndPut(value));
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> map) {
    requireOpen();
    requireArgument(map, "map");
    map.forEach(this::requireEntry);
    bulk.putAll(map);
  }

  @Override
  public boolean putIfAbsent(K key, V value) {
    requireOpen();
    requireEntry(key, value);
    return engine.run(key, Mutations.putIfAbsent(value));
  }

  @Override
  public boolean remove(K key) {
    requireOpen();
    requireKey(key);
    return engine.remove(key);
  }

  @Override
  public boolean remove(K key, V oldValue) {
    requireOpen();
    requireEntry(key, oldValue);
    return engine.run(key, Mutations.remove(oldValue));
  }

  @Override
  public @Nullable V getAndRemove(K key) {
    requireOpen();
    requireKey(key);
    return engine.run(key, Mutations.getAndRemove());
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    requireOpen();
    requireEntry(key, oldValue);
    requireValue(newValue);
    return engine.run(key, Mutations.replace(oldValue, newValue));
  }

  @Override
  public boolean replace(K key, V value) {
    requireOpen();
    requireEntry(key, value);
    return engine.run(key, Mutations.replace(value));
  }

  @Override
  public @Nullable V getAndReplace(K key, V value) {
    requireOpen();
    requireEntry(key, value);
    return engine.run(key, Mutations.getAndReplace(value));
  }

  @Override
  public void removeAll(Set<? extends K> keys) {
    requireOpen();
    requireKeys(keys);
    bulk.removeAll(keys);
  }

  @Override
  public void removeAll() {
    requireOpen();
    bulk.removeAll();
  }

  @Override
  public void clear() {
    requireOpen();
    bulk.clear();
  }

  @Override
  public <T> @Nullable T invoke(
      K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    requireOpen();
    requireKey(key);
    requireArgument(entryProcessor, "entryProcessor");
    return engine.run(key, invocation(key, entryProcessor, arguments));
  }

  private <T> Invocation<K, V, T> invocation(
      K key, EntryProcessor<K, V, T> processor, Object[] arguments) {
    Function<K, @Nullable V> loader =
        engine.parts().readThrough() ? engine.loads()::call : unread -> null;
    return new Invocation<>(
        name,
        prior -> new ProcessorEntry<>(key, prior, loader, this::requireValue),
        processor,
        arguments);
  }

  @Override
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    requireOpen();
    requireKeys(keys);
    requireArgument(entryProcessor, "entryProcessor");
    Map<K, EntryProcessorResult<T>> results = new LinkedHashMap<>();
    for (K key : keys) {
      try {
        T result = engine.run(key, invocation(key, entryProcessor, arguments));
        if (result != null) {
          results.put(key, () -> result);
        }
      } catch (RuntimeException e) {
        results.put(key, () -> {
          throw e instanceof EntryProcessorException known ? known : new EntryProcessorException(e);
        });
      }
    }
    return results;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Runs on a thread of the manager; without a loader it is complete at once.
   */
  @Override
  public void loadAll(
      Set<? extends K> keys,
      boolean replaceExistingValues,
      @Nullable CompletionListener completionListener) {
    requireOpen();
    requireKeys(keys);
    new BackgroundLoads<>(engine.parts(), bulk)
        .start(keys, replaceExistingValues, completionListener);
  }

  @Override
  public Iterator<Cache.Entry<K, V>> iterator() {
    requireOpen();
    return new EntryIterator<>(this, engine);
  }

  @Override
  public void registerCacheEntryListener(
      CacheEntryListenerConfiguration<K, V> listenerConfiguration) {
    requireOpen();
    requireArgument(listenerConfiguration, "listenerConfiguration");
    events.register(listenerConfiguration);
    configuration.add(listenerConfiguration);
  }

  @Override
  public void deregisterCacheEntryListener(
      CacheEntryListenerConfiguration<K, V> listenerConfiguration) {
    requireOpen();
    requireArgument(listenerConfiguration, "listenerConfiguration");
    assembly.userObjects().closeNow(events.deregister(listenerConfiguration));
    configuration.remove(listenerConfiguration);
  }

  /** What has been counted so far, in the whole and for each tier. */
  public CacheStats stats() {
    requireOpen();
    JCacheStatistics counted = engine.parts().statistics();
    return new CacheStats(
        counted.hits(),
        counted.misses(),
        counted.puts(),
        counted.removals(),
        counted.evictions(),
        assembly.tiers());
  }

  /** Ends this cache's use in this process; what is in Redis stays. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        manager.forget(this);
      } finally {
        assembly.close(events);
      }
    }
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    requireArgument(type, "type");
    return Unwrap.as(type, this);
  }

  @Override
  public String toString() {
    return "LarderCache[" + name + "]";
  }

  LiveConfiguration<K, V> configuration() {
    return configuration;
  }

  JCacheStatistics statistics() {
    return engine.parts().statistics();
  }

  /** Wipes the entries, for everybody who shares them. */
  void wipe() {
    bulk.clear();
  }

  void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("cache " + name + " is closed");
    }
  }

  private void requireEntry(K key, V value) {
    requireKey(key);
    requireValue(value);
  }

  private void requireKeys(Set<? extends K> keys) {
    requireArgument(keys, "keys");
    for (K key : keys) {
      requireKey(key);
    }
  }

  private void requireArgument(@Nullable Object argument, String what) {
    if (argument == null) {
      throw new NullPointerException(name + ": the argument " + what + " is null");
    }
  }

  private void requireKey(K key) {
    if (key == null) {
      throw new NullPointerException(name + ": the key is null");
    }
    Class<?> type = requiredKeyType;
    if (type != null && !type.isInstance(key)) {
      throw wrongType("key", key, type);
    }
  }

  private void requireValue(V value) {
    if (value == null) {
      throw new NullPointerException(name + ": the value is null");
    }
    Class<?> type = requiredValueType;
    if (type != null && !type.isInstance(value)) {
      throw wrongType("value", value, type);
    }
  }

  private ClassCastException wrongType(String what, Object given, Class<?> type) {
    return new ClassCastException(
        name + ": a " + what + " of type " + given.getClass().getName()
            + " was given; this cache is configured for " + type.getName());
  }
}
