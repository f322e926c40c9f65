package io.larder;

import com.github.benmanes.caffeine.cache.Ticker;
import io.larder.codec.CodecContext;
import io.larder.codec.Codecs;
import io.larder.codec.Copier;
import io.larder.codec.FrameSigner;
import io.larder.config.CacheSettings;
import io.larder.config.Settings;
import io.larder.event.EventDispatcher;
import io.larder.expiry.Expiry;
import io.larder.log.Log;
import io.larder.stats.CacheStats;
import io.larder.stats.CodecCounters;
import io.larder.stats.JCacheStatistics;
import io.larder.stats.TierCounters;
import io.larder.stats.TierSize;
import io.larder.stats.TierStats;
import io.larder.store.Circuit;
import io.larder.store.HeapStore;
import io.larder.store.NearSpec;
import io.larder.store.NearStore;
import io.larder.store.Probe;
import io.larder.store.ResilientSpec;
import io.larder.store.ResilientStore;
import io.larder.store.SharedStore;
import io.larder.store.Store;
import io.larder.store.VoidStore;
import io.larder.store.redis.RedisClient;
import io.larder.store.redis.RedisStore;
import io.larder.store.redis.RedisStoreSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.cache.configuration.Factory;
import javax.cache.event.EventType;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * Puts one cache together. What it consists of is chosen here, from its configuration (honoured as
 * written) and its settings; {@link #engine} is the list.
 */
final class CacheAssembly<K, V> {

  private static final Duration EXPIRED_STAY_FOR_LISTENERS = Duration.ofMinutes(5);
  private static final long HEAP_SWEEP_SECONDS = 30;
  private static final Copier BY_REFERENCE = new Copier() {
    @Override
    public <T> T copy(T instance) {
      return instance;
    }
  };

  private final String cacheName;
  private final Log log;
  private final LiveConfiguration<K, V> configuration;
  private final ManagerResources resources;
  private final CacheSettings settings;
  private final Codecs<K, V> codecs;
  private final JCacheStatistics statistics;
  private final Flights<K, V> flights = new Flights<>();
  private final CodecCounters codecCounters = new CodecCounters();
  private final Map<String, TierCounters> tiers = new LinkedHashMap<>();
  private final Map<String, Supplier<TierSize>> sizes = new HashMap<>();
  private final UserObjects userObjects;
  private @Nullable NearStore<K, V> near;
  private final List<AutoCloseable> parts = new ArrayList<>();

  CacheAssembly(
      String cacheName,
      LiveConfiguration<K, V> configuration,
      ManagerResources resources,
      ClassLoader loader) {
    this.cacheName = cacheName;
    this.log = resources.log().about(cacheName);
    this.configuration = configuration;
    this.resources = resources;
    this.settings = resources.settings().cache(cacheName);
    this.statistics = new JCacheStatistics(
        configuration.isStatisticsEnabled(), resources.settings().monitoring());
    this.userObjects = new UserObjects(log);
    requireStoreByValueOverRedis();
    this.codecs = Codecs.of(new CodecContext(
        cacheName,
        loader,
        configuration.getKeyType(),
        configuration.getValueType(),
        settings,
        log,
        codecCounters));
  }

  private void requireStoreByValueOverRedis() {
    if (!configuration.isStoreByValue() && resources.redis() != null) {
      throw new UnsupportedOperationException(
          cacheName + ": store-by-reference is not possible over Redis: set storeByValue to true,"
              + " or use a manager without redis_url");
    }
  }

  /** The engine of a cache whose listeners are told by that dispatcher. */
  Engine<K, V> engine(EventDispatcher<K, V> events) {
    try {
      Expiry expiry = new Expiry(log, userObjects.created(configuration.getExpiryPolicyFactory()));
      CacheLoader<K, V> loader = userObjects.createdIfAny(configuration.getCacheLoaderFactory());
      Parts<K, V> all = new Parts<>(
          cacheName,
          log,
          store(expiry, events),
          expiry,
          events,
          writer(),
          loader,
          configuration.isReadThrough() && loader != null,
          flights,
          copier(),
          typeAdvice(),
          statistics,
          resources.executor(),
          resources.settings().operationTimeout().toNanos());
      configuration.getCacheEntryListenerConfigurations().forEach(events::register);
      return new Engine<>(all, new Loads<>(all));
    } catch (RuntimeException | Error e) {
      close(events);
      throw e;
    }
  }

  private @Nullable WriteThrough<K, V> writer() {
    Factory<CacheWriter<? super K, ? super V>> factory = configuration.getCacheWriterFactory();
    CacheWriter<? super K, ? super V> writer = userObjects.createdIfAny(factory);
    return configuration.isWriteThrough() && writer != null
        ? new WriteThrough<>(cacheName, writer)
        : null;
  }

  private Store<K, V> store(Expiry expiry, EventDispatcher<K, V> events) {
    RedisConnection redis = resources.redisConnection();
    if (redis == null) {
      return owned(heap(expiry, events, tier("heap")));
    }
    ResilientStore<K, V> shared = new ResilientStore<>(
        redis(redis.client(), events), resilience(redis.circuit(), fallback(expiry, events)));
    return settings.nearEnabled() && !expiry.movesOnAccess() ? owned(near(shared)) : owned(shared);
  }

  /** What answers while Redis is away; null if calls fail then. */
  private @Nullable Store<K, V> fallback(Expiry expiry, EventDispatcher<K, V> events) {
    return switch (settings.fallback()) {
      case MEMORY -> heap(expiry, events, new TierCounters());
      case NONE -> new VoidStore<>();
      case FAIL -> null;
    };
  }

  private ResilientSpec<K, V> resilience(Circuit circuit, @Nullable Store<K, V> fallback) {
    return new ResilientSpec<>(
        log,
        circuit,
        fallback,
        resources.settings().breaker().journalSize(),
        copier()::copy,
        copier()::copy);
  }

  private HeapStore<K, V> heap(Expiry expiry, EventDispatcher<K, V> events, TierCounters counters) {
    HeapStore<K, V> heap = new HeapStore<>(new HeapStore.Spec(
        settings.heapCacheSize(),
        settings.defaultTtl().toMillis(),
        () -> events.wants(EventType.EXPIRED),
        statistics::eviction,
        configuration.getCacheLoaderFactory() != null,
        counters,
        Ticker.systemTicker()));
    sizes.put("heap", heap::size);
    if (expiry.mayExpire() || !settings.defaultTtl().isZero()) {
      var sweeping = resources
          .timer()
          .scheduleWithFixedDelay(
              heap::sweep, HEAP_SWEEP_SECONDS, HEAP_SWEEP_SECONDS, TimeUnit.SECONDS);
      parts.add(() -> sweeping.cancel(false));
    }
    return heap;
  }

  private RedisStore<K, V> redis(RedisClient client, EventDispatcher<K, V> events) {
    Settings all = resources.settings();
    RedisStoreSpec spec = new RedisStoreSpec(
        all.namespace(),
        cacheName,
        settings.defaultTtl(),
        () -> events.wants(EventType.EXPIRED) ? EXPIRED_STAY_FOR_LISTENERS : Duration.ZERO,
        all.operationTimeout(),
        all.frameHmacSecret().map(FrameSigner::new).orElse(null),
        log);
    return new RedisStore<>(client, spec, codecs.keys(), codecs.values(), tier("redis"));
  }

  private NearStore<K, V> near(SharedStore<K, V> shared) {
    NearSpec<K> spec = NearSpec.<K>of(
            settings.memoryCacheSize(), resources.timer(), tier("near"), log)
        .withFlights(flights)
        .withKeyCopies(copier()::copy);
    NearStore<K, V> tier = new NearStore<>(shared, spec);
    near = tier;
    sizes.put("near", tier::size);
    return tier;
  }

  private Copier copier() {
    return configuration.isStoreByValue() ? codecs.copier() : BY_REFERENCE;
  }

  private <S extends Store<K, V>> S owned(S store) {
    parts.add(store);
    return store;
  }

  private TierCounters tier(String tier) {
    TierCounters counters = new TierCounters();
    tiers.put(tier, counters);
    return counters;
  }

  /** On the heap nothing is refused, but what Redis would refuse is said once for each class. */
  private Consumer<Object> typeAdvice() {
    return resources.redis() == null && configuration.isStoreByValue()
        ? new TypeAdvice(log, codecs::refusal)
        : instance -> {};
  }

  String cacheName() {
    return cacheName;
  }

  /** The cache's messages. */
  Log log() {
    return log;
  }

  LiveConfiguration<K, V> configuration() {
    return configuration;
  }

  JCacheStatistics statistics() {
    return statistics;
  }

  UserObjects userObjects() {
    return userObjects;
  }

  /** Has the near tier, if there is one, hold only what is admitted. */
  void admitToNear(BiPredicate<? super K, ? super V> admission) {
    if (near != null) {
      near.admit(new NearAdmission<>(log, admission));
    }
  }

  /** A probe of the place where the entries are, for one user. */
  Probe probe() {
    return resources.probe(cacheName);
  }

  /** A look at how the cache is. */
  HealthCheck healthCheck() {
    return HealthCheck.of(cacheName, resources, cacheName, () -> stats().memoryUsageBytes());
  }

  /** What the cache and each tier, nearest first, have counted. */
  CacheStats stats() {
    List<TierStats> all = new ArrayList<>();
    tiers.forEach((tier, counters) -> {
      TierSize size = sizes.getOrDefault(tier, () -> TierSize.UNKNOWN).get();
      all.add(0, TierStats.of(tier, counters, size));
    });
    return CacheStats.of(statistics, codecCounters, all);
  }

  /** Ends the store's work and closes what the application had made for this cache. */
  void close(EventDispatcher<K, V> events) {
    parts.forEach(userObjects::closeQuietly);
    events.userObjects().forEach(userObjects::add);
    userObjects.close();
  }
}
