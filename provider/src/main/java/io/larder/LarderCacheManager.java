package io.larder;

import io.larder.config.Notice;
import io.larder.config.Reading;
import io.larder.config.Settings;
import io.larder.log.Log;
import io.larder.management.CacheBeans;
import io.larder.management.ConfigurationBean;
import io.larder.management.StatisticsBean;
import io.larder.management.WatchedCacheBean;
import io.larder.stats.Alert;
import io.larder.stats.Health;
import io.larder.store.redis.RedisClients;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * A cache manager of Larder: caches by name, under one set of settings. Thread-safe.
 *
 * <p>{@link #close} and {@link Cache#close} end the use of caches in this process and leave what is
 * in Redis; {@link #destroyCache} wipes a cache for everybody who shares it.
 */
public final class LarderCacheManager implements CacheManager {

  private final LarderCachingProvider provider;
  private final URI uri;
  private final WeakReference<ClassLoader> classLoader;
  private final GivenProperties properties;
  private final ManagerResources resources;
  private final Monitoring monitoring;
  private final ManagerBeans beans;
  private final DeclaredCaches declared;
  private final ConcurrentHashMap<String, LarderCache<?, ?>> caches = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  LarderCacheManager(LarderCachingProvider provider, RedisClients clients, ManagerSpec spec) {
    this.provider = provider;
    this.uri = spec.uri();
    this.classLoader = new WeakReference<>(spec.classLoader());
    this.properties = new GivenProperties(spec.properties());
    this.beans = new ManagerBeans(uri);
    tell(spec.reading());
    this.declared = new DeclaredCaches(spec.reading().settings());
    this.resources = new ManagerResources(uri, spec.reading(), clients);
    this.monitoring = new Monitoring(resources);
  }

  private void tell(Reading reading) {
    Log log = Log.of(uri.toString(), reading.startFloor()).from(LarderCacheManager.class);
    for (Notice notice : reading.notices()) {
      log.log(notice.level(), "{}", notice.message());
    }
    reading.report().warnings().forEach(warning -> log.warn("{}", warning));
  }

  @Override
  public CachingProvider getCachingProvider() {
    return provider;
  }

  @Override
  public URI getURI() {
    return uri;
  }

  @Override
  public @Nullable ClassLoader getClassLoader() {
    return classLoader.get();
  }

  @Override
  public Properties getProperties() {
    return properties.copy();
  }

  /** The settings in force. */
  public Settings settings() {
    return resources.settings();
  }

  /** How this manager stands with its Redis; empty without one. */
  public Optional<RedisWatch> redisWatch() {
    return Optional.ofNullable(resources.redisConnection()).map(RedisConnection::watch);
  }

  /**
   * {@inheritDoc}
   *
   * @throws CacheException if there is a cache of that name
   * @throws UnsupportedOperationException for store-by-reference over Redis
   */
  @Override
  public <K, V, C extends Configuration<K, V>> Cache<K, V> createCache(
      String cacheName, C configuration) {
    requireOpen();
    Objects.requireNonNull(cacheName, "cacheName");
    Objects.requireNonNull(configuration, "configuration");
    LarderCache<K, V> cache;
    synchronized (caches) {
      requireOpen();
      if (caches.containsKey(cacheName)) {
        throw new CacheException("there is a cache " + cacheName + " already in manager " + uri
            + "; use getCache, or destroyCache first");
      }
      cache = new LarderCache<>(
          this,
          new CacheAssembly<>(
              cacheName, new LiveConfiguration<>(configuration), resources, loader()));
      caches.put(cacheName, cache);
      declared.done(cacheName);
    }
    try {
      enableStatistics(cacheName, cache.configuration().isStatisticsEnabled());
      enableManagement(cacheName, cache.configuration().isManagementEnabled());
      monitoring.watch(cache);
    } catch (RuntimeException | Error e) {
      closeAfter(e, cache);
      throw e;
    }
    return cache;
  }

  private static void closeAfter(Throwable failure, LarderCache<?, ?> cache) {
    try {
      cache.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private ClassLoader loader() {
    ClassLoader loader = classLoader.get();
    return loader == null ? provider.getDefaultClassLoader() : loader;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <K, V> @Nullable Cache<K, V> getCache(
      String cacheName, Class<K> keyType, Class<V> valueType) {
    requireOpen();
    Objects.requireNonNull(keyType, "keyType");
    Objects.requireNonNull(valueType, "valueType");
    LarderCache<?, ?> cache = find(cacheName, keyType, valueType);
    if (cache == null) {
      return null;
    }
    requireType(cache, "key", cache.configuration().getKeyType(), keyType);
    requireType(cache, "value", cache.configuration().getValueType(), valueType);
    return (Cache<K, V>) cache;
  }

  private static void requireType(
      LarderCache<?, ?> cache, String what, Class<?> configured, Class<?> asked) {
    if (!configured.equals(asked)) {
      throw new ClassCastException(cache.getName() + ": asked for with " + what + " type "
          + asked.getName() + "; it is configured with " + configured.getName());
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public <K, V> @Nullable Cache<K, V> getCache(String cacheName) {
    requireOpen();
    return (Cache<K, V>) find(cacheName, Object.class, Object.class);
  }

  /** The cache of that name; of these types, if it is declared and made only now. */
  private @Nullable LarderCache<?, ?> find(String cacheName, Class<?> keys, Class<?> values) {
    LarderCache<?, ?> cache = caches.get(Objects.requireNonNull(cacheName, "cacheName"));
    if (cache != null || !declared.isWaiting(cacheName)) {
      return cache;
    }
    synchronized (caches) {
      if (declared.isWaiting(cacheName)) {
        createCache(cacheName, declared.configuration(keys, values));
      }
      return caches.get(cacheName);
    }
  }

  /**
   * The cache of that name and these types, made if there is none.
   *
   * @throws CacheException if there is one of other types
   */
  <K, V> LarderCache<K, V> findOrCreate(String cacheName, Class<K> keyType, Class<V> valueType) {
    requireOpen();
    synchronized (caches) {
      if (find(cacheName, keyType, valueType) == null) {
        createCache(cacheName, declared.configuration(keyType, valueType));
      }
      try {
        return (LarderCache<K, V>)
            Objects.requireNonNull(getCache(cacheName, keyType, valueType), cacheName);
      } catch (ClassCastException e) {
        throw new CacheException(e.getMessage() + "; name it otherwise, or close it first", e);
      }
    }
  }

  /**
   * The names of this manager's caches, as they are now, with those that the settings declare; not
   * of what else is in Redis.
   */
  @Override
  public Iterable<String> getCacheNames() {
    requireOpen();
    // In this order, since a cache that is being made goes from the one to the other.
    Set<String> names = declared.names();
    names.addAll(caches.keySet());
    return Collections.unmodifiableSet(names);
  }

  @Override
  public void destroyCache(String cacheName) {
    LarderCache<?, ?> cache = required(cacheName);
    if (cache != null) {
      try {
        cache.wipe();
      } finally {
        cache.close();
      }
    }
  }

  @Override
  public void enableManagement(String cacheName, boolean enabled) {
    LarderCache<?, ?> cache = required(cacheName);
    if (cache == null) {
      return;
    }
    synchronized (cache) {
      if (cache.isClosed()) {
        return;
      }
      beans.show(
          CacheBeans.Kind.CONFIGURATION,
          cacheName,
          enabled ? new ConfigurationBean(cache.configuration()) : null);
      cache.configuration().setManagementEnabled(enabled);
    }
  }

  @Override
  public void enableStatistics(String cacheName, boolean enabled) {
    LarderCache<?, ?> cache = required(cacheName);
    if (cache == null) {
      return;
    }
    synchronized (cache) {
      if (cache.isClosed()) {
        return;
      }
      cache.assembly().statistics().enable(enabled);
      beans.show(
          CacheBeans.Kind.STATISTICS,
          cacheName,
          enabled ? new StatisticsBean(cache.assembly().statistics()) : null);
      boolean watched = enabled || monitoring.enabled();
      beans.show(CacheBeans.Kind.WATCHED, cacheName, watched ? watchedBean(cache) : null);
      cache.configuration().setStatisticsEnabled(enabled);
    }
  }

  private @Nullable LarderCache<?, ?> required(String cacheName) {
    requireOpen();
    return find(cacheName, Object.class, Object.class);
  }

  private WatchedCacheBean watchedBean(LarderCache<?, ?> cache) {
    return new WatchedCacheBean(
        cache.assembly()::stats, () -> monitoring.desk().latest(cache.getName()));
  }

  /** Takes a cache that is closing out of this manager. */
  void forget(LarderCache<?, ?> cache) {
    synchronized (cache) {
      monitoring.forget(cache.getName());
      try {
        beans.hide(cache.getName());
      } finally {
        caches.remove(cache.getName(), cache);
      }
    }
  }

  /**
   * Has a listener told of every alert about this manager's caches, while {@code enable_monitoring}
   * is on. It is called on a thread of the manager, one alert at a time; what it throws is logged.
   */
  public void addAlertListener(Consumer<? super Alert> listener) {
    monitoring.desk().add(Objects.requireNonNull(listener, "listener"));
  }

  /** Ends that; answers whether the listener was there. */
  public boolean removeAlertListener(Consumer<? super Alert> listener) {
    return monitoring.desk().remove(Objects.requireNonNull(listener, "listener"));
  }

  /** The latest alerts, at most 100, oldest first. */
  public List<Alert> alerts() {
    return monitoring.desk().latest();
  }

  /**
   * Tries how the manager is: its connection, and the memory of all its caches in this process.
   * Takes at most four times the operation timeout, and never throws for a Redis that is away.
   */
  public Health health() {
    requireOpen();
    return HealthCheck.of(uri.toString(), resources, "", this::memoryUsageBytes).run();
  }

  private long memoryUsageBytes() {
    return caches.values().stream()
        .mapToLong(cache -> cache.assembly().stats().memoryUsageBytes())
        .sum();
  }

  /** Somebody asks for this manager, which is as it was made. */
  void askedWith(@Nullable Properties others) {
    properties.compare(others, log().from(LarderCacheManager.class));
  }

  /** This manager's messages. */
  Log log() {
    return resources.log();
  }

  /** Runs loads and asynchronous listeners. */
  Executor executor() {
    return resources.executor();
  }

  /** Closes all caches and lets go of the connections. What is in Redis stays. Idempotent. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    provider.forget(this, uri, classLoader.get());
    List<LarderCache<?, ?>> open;
    synchronized (caches) {
      open = List.copyOf(caches.values());
    }
    try {
      closeAll(open);
    } finally {
      monitoring.close();
      resources.close();
    }
  }

  private static void closeAll(List<LarderCache<?, ?>> open) {
    Failures failures = new Failures(null);
    open.forEach(cache -> failures.collect(cache::close));
    failures.throwIfAny();
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrap.as(type, this);
  }

  @Override
  public String toString() {
    return "LarderCacheManager[" + uri + "]";
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("cache manager " + uri + " is closed");
    }
  }
}
