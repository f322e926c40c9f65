package io.larder;

import io.larder.codec.Copier;
import io.larder.event.EventDispatcher;
import io.larder.expiry.Expiry;
import io.larder.log.Log;
import io.larder.stats.JCacheStatistics;
import io.larder.store.Store;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.cache.integration.CacheLoader;
import org.jspecify.annotations.Nullable;

/**
 * What the operations of one cache work with.
 *
 * @param log the cache's messages
 * @param writer where changes are written through to, or null
 * @param loader where values come from, or null
 * @param readThrough whether a read that misses asks the loader
 * @param flights the loads that are on their way
 * @param copier copies for store-by-value; hands back the instance itself for store-by-reference
 * @param typeAdvice is shown each key and value that is stored
 * @param background runs loads that nobody waits for
 */
record Parts<K, V>(
    String cacheName,
    Log log,
    Store<K, V> store,
    Expiry expiry,
    EventDispatcher<K, V> events,
    @Nullable WriteThrough<K, V> writer,
    @Nullable CacheLoader<K, V> loader,
    boolean readThrough,
    Flights<K, V> flights,
    Copier copier,
    Consumer<Object> typeAdvice,
    JCacheStatistics statistics,
    Executor background,
    long operationTimeoutNanos) {}
