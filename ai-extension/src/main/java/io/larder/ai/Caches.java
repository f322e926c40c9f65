package io.larder.ai;

import io.larder.ai.config.AiConfig;
import io.larder.ai.config.TextTier;
import io.larder.ai.platform.Platform;
import io.larder.ai.stats.OperationCounters;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.CacheManager;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;

/**
 * The JCache caches of one answer cache: one for each operation, made when it is first asked for,
 * and three for its own use. Thread-safe.
 */
final class Caches {

  static final String PREFIX = "ai.";
  static final String TAGS = "ai-tags";
  static final String HITS = "ai-hits";
  static final String LEASES = "ai-leases";

  private static final Duration TAG_LIFE = Duration.ofDays(365);
  private static final Duration HITS_LIFE = Duration.ofDays(7);
  private static final long PROMOTING_HITS = 10;
  private static final Set<String> STABLE =
      Set.of("sentiment", "summarize", "key_points", "classify");

  private final CacheManager manager;
  private final Settling settling;
  private final Platform platform;
  private final AiConfig config;
  private final ConcurrentHashMap<String, Operation> operations = new ConcurrentHashMap<>();
  private final Troubles troubles;
  private final Tags tags;
  private final HitCounts hits;
  private final Consumer<Operation> onFirstUse;

  Caches(
      CacheManager manager,
      Settling settling,
      AiConfig config,
      Troubles troubles,
      Consumer<Operation> onFirstUse) {
    this.manager = manager;
    this.settling = settling;
    this.platform = settling.platform();
    this.config = config;
    this.troubles = troubles;
    this.onFirstUse = onFirstUse;
    this.tags = new Tags(own(TAGS, TAG_LIFE), settling);
    this.hits = new HitCounts(own(HITS, HITS_LIFE), troubles);
  }

  /** A cache of ours with strings in it. */
  CacheSlot<String> own(String name, Duration life) {
    return new CacheSlot<>(
        manager,
        name,
        () -> new MutableConfiguration<String, String>()
            .setTypes(String.class, String.class)
            .setExpiryPolicyFactory(living(life)),
        cache -> {});
  }

  Tags tags() {
    return tags;
  }

  HitCounts hits() {
    return hits;
  }

  /** Adds up what was gathered, if the manager is still there and what the processes share. */
  void flushHits() {
    if (!manager.isClosed() && !platform.isApart()) {
      hits.flush();
    }
  }

  Settling settling() {
    return settling;
  }

  Platform platform() {
    return platform;
  }

  AiConfig config() {
    return config;
  }

  Troubles troubles() {
    return troubles;
  }

  /** The operation of that name. */
  Operation operation(String name) {
    Operation known = operations.get(name);
    return known != null ? known : operations.computeIfAbsent(name, this::make);
  }

  /** The operations that were used in this process. */
  Collection<Operation> used() {
    return operations.values();
  }

  private Operation make(String name) {
    String cacheName = PREFIX + name;
    Duration ttl = config.ttlOf(name).orElseGet(() -> platform.defaultTtl(cacheName));
    CacheSlot<StoredAnswer> slot = new CacheSlot<>(
        manager,
        cacheName,
        () -> new MutableConfiguration<String, StoredAnswer>()
            .setTypes(String.class, StoredAnswer.class)
            .setExpiryPolicyFactory(living(ttl))
            .setStatisticsEnabled(true),
        cache -> {
          if (config.smartPromotion()) {
            platform.admitNear(cache, this::isPromoted);
          }
        });
    Operation operation = new Operation(name, slot, ttl, new OperationCounters(name));
    onFirstUse.accept(operation);
    return operation;
  }

  /** A new answer under the same key lives as long as the first. */
  private static Factory<ExpiryPolicy> living(Duration life) {
    return life.isZero()
        ? EternalExpiryPolicy.factoryOf()
        : ModifiedExpiryPolicy.factoryOf(
            new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, life.toMillis()));
  }

  /** Whether the near tier is to take an answer. */
  boolean isPromoted(String key, StoredAnswer answer) {
    return switch (TextTier.valueOf(answer.textTier())) {
      case SMALL -> true;
      case MEDIUM ->
        STABLE.contains(answer.operation()) || hits.of(key, answer.stamp()) >= PROMOTING_HITS;
      case LARGE -> answer.operation().equals("sentiment");
      case XLARGE -> false;
    };
  }
}
