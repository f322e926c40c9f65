package io.larder;

import io.larder.event.EventDispatcher;
import io.larder.expiry.Ttl;
import io.larder.stats.CacheStats;
import io.larder.stats.Diagnosis;
import io.larder.stats.Health;
import io.larder.store.KeyGlob;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
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
public final class LarderCache<K, V> implements Cache<K, V>, CacheExtensions<K, V>, CacheInsight {

  private final String name;
  private final LarderCacheManager manager;
  private final LiveConfiguration<K, V> configuration;
  private final CacheAssembly<K, V> assembly;
  private final EventDispatcher<K, V> events;
  private final Engine<K, V> engine;
  private final BulkEngine<K, V> bulk;
  private final Invocations<K, V> invocations;
  private final Computations<K, V> computations;
  private final Arguments<K, V> checks;
  private final AtomicBoolean closed = new AtomicBoolean();

  LarderCache(LarderCacheManager manager, CacheAssembly<K, V> assembly) {
    this.name = assembly.cacheName();
    this.manager = manager;
    this.configuration = assembly.configuration();
    this.assembly = assembly;
    this.checks = Arguments.of(name, configuration);
    this.events = new EventDispatcher<>(this, manager.executor(), assembly.log());
    this.engine = assembly.engine(events);
    this.bulk = new BulkEngine<>(engine);
    this.invocations = new Invocations<>(engine, checks);
    this.computations = new Computations<>(engine);
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
    checks.require(type, "type");
    if (type.isInstance(configuration)) {
      return type.cast(configuration);
    }
    throw new IllegalArgumentException(
        name + ": the configuration is no " + type.getName() + "; ask for CompleteConfiguration");
  }

  @Override
  public @Nullable V get(K key) {
    requireOpen();
    checks.requireKey(key);
    return engine.get(key);
  }

  @Override
  public Map<K, V> getAll(Set<? extends K> keys) {
    requireOpen();
    checks.requireKeys(keys);
    return bulk.getAll(keys);
  }

  @Override
  public boolean containsKey(K key) {
    requireOpen();
    checks.requireKey(key);
    return engine.containsKey(key);
  }

  @Override
  public void put(K key, V value) {
    requireOpen();
    checks.requireEntry(key, value);
    engine.put(key, value);
  }

  @Override
  public @Nullable V getAndPut(K key, V value) {
    requireOpen();
    checks.requireEntry(key, value);
    return engine.run(key, Mutations.getAndPut(value));
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> map) {
    requireOpen();
    checks.require(map, "map");
    map.forEach(checks::requireEntry);
    bulk.putAll(map);
  }

  @Override
  public boolean putIfAbsent(K key, V value) {
    requireOpen();
    checks.requireEntry(key, value);
    return engine.run(key, Mutations.putIfAbsent(value));
  }

  @Override
  public boolean remove(K key) {
    requireOpen();
    checks.requireKey(key);
    return engine.remove(key);
  }

  @Override
  public boolean remove(K key, V oldValue) {
    requireOpen();
    checks.requireEntry(key, oldValue);
    return engine.run(key, Mutations.remove(oldValue));
  }

  @Override
  public @Nullable V getAndRemove(K key) {
    requireOpen();
    checks.requireKey(key);
    return engine.run(key, Mutations.getAndRemove());
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    requireOpen();
    checks.requireEntry(key, oldValue);
    checks.requireValue(newValue);
    return engine.run(key, Mutations.replace(oldValue, newValue));
  }

  @Override
  public boolean replace(K key, V value) {
    requireOpen();
    checks.requireEntry(key, value);
    return engine.run(key, Mutations.replace(value));
  }

  @Override
  public @Nullable V getAndReplace(K key, V value) {
    requireOpen();
    checks.requireEntry(key, value);
    return engine.run(key, Mutations.getAndReplace(value));
  }

  @Override
  public void removeAll(Set<? extends K> keys) {
    requireOpen();
    checks.requireKeys(keys);
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
    checks.requireKey(key);
    checks.require(entryProcessor, "entryProcessor");
    return invocations.one(key, entryProcessor, arguments);
  }

  @Override
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    requireOpen();
    checks.requireKeys(keys);
    checks.require(entryProcessor, "entryProcessor");
    return invocations.all(keys, entryProcessor, arguments);
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
    checks.requireKeys(keys);
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
    checks.require(listenerConfiguration, "listenerConfiguration");
    events.register(listenerConfiguration);
    configuration.add(listenerConfiguration);
  }

  @Override
  public void deregisterCacheEntryListener(
      CacheEntryListenerConfiguration<K, V> listenerConfiguration) {
    requireOpen();
    checks.require(listenerConfiguration, "listenerConfiguration");
    assembly.userObjects().closeNow(events.deregister(listenerConfiguration));
    configuration.remove(listenerConfiguration);
  }

  // --- CacheInsight

  @Override
  public boolean ping() {
    requireOpen();
    return assembly.healthCheck().ping();
  }

  @Override
  public Health health() {
    requireOpen();
    return assembly.healthCheck().run();
  }

  @Override
  public Diagnosis diagnose() {
    requireOpen();
    return new Diagnostician<>(engine.parts(), assembly.probe(), assembly.stats()).diagnosis();
  }

  // --- CacheExtensions

  @Override
  public void put(K key, V value, Duration timeToLive) {
    requireOpen();
    checks.requireEntry(key, value);
    engine.put(key, value, checks.ttl(timeToLive));
  }

  @Override
  public boolean putIfAbsent(K key, V value, Duration timeToLive) {
    requireOpen();
    checks.requireEntry(key, value);
    return engine.run(key, new OwnTtl<>(Mutations.putIfAbsent(value), checks.ttl(timeToLive)));
  }

  @Override
  public Optional<Duration> timeToLive(K key) {
    requireOpen();
    checks.requireKey(key);
    long left = engine.timeToLive(key);
    if (left == Ttl.ZERO) {
      return Optional.empty();
    }
    return Optional.of(
        left == Ttl.ETERNAL ? ChronoUnit.FOREVER.getDuration() : Duration.ofMillis(left));
  }

  @Override
  public long removeMatching(String glob) {
    requireOpen();
    checks.require(glob, "glob");
    checks.requireTextKeys();
    return bulk.removeMatching(new KeyGlob(glob));
  }

  @Override
  public long clearAndCount() {
    requireOpen();
    return bulk.clearAndCount();
  }

  @Override
  public @Nullable V getOrCompute(K key, Function<? super K, ? extends @Nullable V> function) {
    return getOrCompute(key, function, ComputeOptions.standard());
  }

  @Override
  public @Nullable V getOrCompute(
      K key,
      Function<? super K, ? extends @Nullable V> function,
      ComputeOptions<? super V> options) {
    requireOpen();
    checks.requireKey(key);
    checks.require(function, "function");
    checks.require(options, "options");
    return computations.getOrCompute(key, function, options);
  }

  @Override
  public void admitToNear(BiPredicate<? super K, ? super V> admission) {
    requireOpen();
    checks.require(admission, "admission");
    assembly.admitToNear(admission);
  }

  @Override
  public CacheStats stats() {
    requireOpen();
    return assembly.stats();
  }

  @Override
  public void expectChurn() {
    requireOpen();
    assembly.statistics().expectChurn();
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
    checks.require(type, "type");
    return Unwrap.as(type, this);
  }

  @Override
  public String toString() {
    return "LarderCache[" + name + "]";
  }

  LiveConfiguration<K, V> configuration() {
    return configuration;
  }

  CacheAssembly<K, V> assembly() {
    return assembly;
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
}
