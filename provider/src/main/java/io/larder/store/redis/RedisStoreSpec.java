package io.larder.store.redis;

import io.larder.codec.FrameSigner;
import io.larder.log.Log;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a store is for.
 *
 * @param namespace separates caches of the same name
 * @param cacheName the cache's name
 * @param bound limits the stay of an eternal entry, as eviction; zero for no limit
 * @param grace how long an entry that is written now is kept once it has expired, so that its
 *     expiry can be told; zero for not at all
 * @param operationTimeout bounds waits that have no budget of their own
 * @param signer signs values and checks them before they are decoded, or null for neither
 * @param log the cache's messages
 */
public record RedisStoreSpec(
    String namespace,
    String cacheName,
    Duration bound,
    Supplier<Duration> grace,
    Duration operationTimeout,
    @Nullable FrameSigner signer,
    Log log) {

  public RedisStoreSpec {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(cacheName, "cacheName");
    Objects.requireNonNull(grace, "grace");
    if (bound.isNegative()) {
      throw new IllegalArgumentException("bound must not be negative: " + bound);
    }
  }

  /** Without signatures. */
  public RedisStoreSpec(
      String namespace,
      String cacheName,
      Duration bound,
      Supplier<Duration> grace,
      Duration operationTimeout,
      Log log) {
    this(namespace, cacheName, bound, grace, operationTimeout, null, log);
  }
}
