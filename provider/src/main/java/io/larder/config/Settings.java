package io.larder.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The settings in force for one cache manager: immutable, validated.
 *
 * @param preset the preset's name
 * @param namespace first part of every key in Redis; caches of one name in one namespace share data
 * @param redis where Redis is; empty for heap only
 * @param operationTimeout bounds one whole cache operation
 * @param failOnConnectionError whether an unreachable Redis is an error at creation
 * @param logLevel floor under Larder's own log messages
 * @param caches the settings of the cache of a given name
 * @param environment the environment's name, if any source gave one
 * @param ai the AI answer cache
 * @param breaker when to stop asking Redis
 * @param frameHmacSecret signs what is stored in Redis; empty: nothing is signed
 * @param monitoring whether statistics are watched and alerts raised
 * @param alerts when
 * @param declaredCaches caches that sources have a section for by their exact names, in order
 */
public record Settings(
    String preset,
    String namespace,
    Optional<RedisSettings> redis,
    Duration operationTimeout,
    boolean failOnConnectionError,
    LogLevel logLevel,
    Function<String, CacheSettings> caches,
    Optional<String> environment,
    AiSettings ai,
    BreakerSettings breaker,
    Optional<Secret> frameHmacSecret,
    boolean monitoring,
    AlertSettings alerts,
    Set<String> declaredCaches) {

  public Settings {
    declaredCaches = Collections.unmodifiableSet(new LinkedHashSet<>(declaredCaches));
  }

  /** The settings of the cache of that name. */
  public CacheSettings cache(String cacheName) {
    return caches.apply(cacheName);
  }
}
