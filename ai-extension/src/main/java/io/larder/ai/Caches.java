package io.larder.ai;

import io.larder.ai.config.AiConfig;
import io.larder.ai.platform.Platform;
import io.larder.ai.stats.AiOperationStats;
import io.larder.ai.stats.AiRecommendation;
import io.larder.ai.stats.AiStats;
import io.larder.ai.stats.OperationCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  private static final Duration LONGEST_COUNT = Duration.ofDays(7);
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
    this.hits = new HitCounts(own(HITS, countsLife()), troubles);
  }

  /** No longer than an answer can live, so that the counts of those that are gone go too. */
  private Duration countsLife() {
    Set<Duration> lives = new HashSet<>(config.operationTtls().values());
    lives.add(config.defaultTtl());
    Duration longest = Collections.max(lives);
    return lives.contains(Duration.ZERO) || longest.compareTo(LONGEST_COUNT) > 0
        ? LONGEST_COUNT
        : longest;
  }

  /** A cache of ours with strings in it. */
  CacheSlot<String> own(String name, Duration life) {
    return new CacheSlot<>(
        manager,
        name,
        () -> new MutableConfiguration<String, String>()
            .setTypes(String.class, String.class)
            .setExpiryPolicyFactory(living(life)),
        platform::expectChurn);
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
    return known != null ? known : used(make(name));
  }

  /** The operation that is used under that name, and told of if that is this one. */
  private Operation used(Operation made) {
    Operation known = operations.putIfAbsent(made.name(), made);
    if (known != null) {
      return known;
    }
    onFirstUse.accept(made);
    return made;
  }

  /** The operations that were used in this process. */
  Collection<Operation> used() {
    return operations.values();
  }

  /** What was counted for them so far, and what may be done better. */
  AiStats stats() {
    Map<String, AiOperationStats> byName = new HashMap<>();
    List<AiRecommendation> advice = new ArrayList<>();
    for (Operation operation : used()) {
      byName.put(operation.name(), operation.counters().stats());
      advice.addAll(operation.counters().recommendations(operation.ttl(), config.maxTextLength()));
    }
    return new AiStats(byName, troubles.count(), advice);
  }

  /** The same for one operation; nothing if it was not used in this process. */
  AiOperationStats stats(String name) {
    Operation known = operations.get(name);
    return (known == null ? new OperationCounters(name) : known.counters()).stats();
  }

  private Operation make(String name) {
    String cacheName = PREFIX + name;
    Duration ttl = config.ttlOf(name).orElseGet(() -> defaultTtl(cacheName));
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
    return new Operation(name, slot, ttl, new OperationCounters(name));
  }

  /** That of the settings in code, if they are not the manager's, which has one for each cache. */
  private Duration defaultTtl(String cacheName) {
    return config.defaultTtl().equals(platform.config().defaultTtl())
        ? platform.defaultTtl(cacheName)
        : config.defaultTtl();
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
    return switch (config.tierOf(answer.textLength())) {
      case SMALL -> true;
      case MEDIUM ->
        STABLE.contains(answer.operation()) || hits.of(key, answer.stamp()) >= PROMOTING_HITS;
      case LARGE -> answer.operation().equals("sentiment");
      case XLARGE -> false;
    };
  }
}
