package io.larder.codec;

import io.larder.config.CacheSettings;
import io.larder.log.Log;
import io.larder.stats.CodecCounters;

/**
 * What a cache's codecs are made from. The declared types may be stored without being listed; the
 * classes in their fields and their subclasses (but for what a sealed type permits) need a line of
 * {@code allowed_classes} each, because a field's declared type does not say what it holds.
 *
 * @param cacheName names the cache in messages
 * @param loader resolves the names of classes in stored bytes
 * @param keyType the cache's declared type of keys; {@code Object} if none was declared
 * @param valueType the cache's declared type of values; {@code Object} if none was declared
 * @param settings the cache's settings
 * @param log the cache's messages
 * @param counters count what is encoded
 */
public record CodecContext(
    String cacheName,
    ClassLoader loader,
    Class<?> keyType,
    Class<?> valueType,
    CacheSettings settings,
    Log log,
    CodecCounters counters) {}
