package io.larder.codec;

import io.larder.config.CacheSettings;

/**
 * What a cache's codecs are made from.
 *
 * @param cacheName names the cache in messages
 * @param loader resolves the names of classes in stored bytes
 * @param keyType the cache's declared type of keys; {@code Object} if none was declared
 * @param valueType the cache's declared type of values; {@code Object} if none was declared
 * @param settings the cache's settings
 */
public record CodecContext(
    String cacheName,
    ClassLoader loader,
    Class<?> keyType,
    Class<?> valueType,
    CacheSettings settings) {}
