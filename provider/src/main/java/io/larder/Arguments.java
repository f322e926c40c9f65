package io.larder;

import io.larder.expiry.Ttl;
import java.time.Duration;
import java.util.Set;
import javax.cache.configuration.CompleteConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What the methods of one cache ask of their arguments: none is null
 * ({@link NullPointerException}), keys and values are of the configured types
 * ({@link ClassCastException}).
 *
 * @param keyType the type that keys must have, or null for any
 * @param valueType the type that values must have, or null for any
 */
record Arguments<K, V>(
    String cacheName, @Nullable Class<?> keyType, @Nullable Class<?> valueType) {

  static <K, V> Arguments<K, V> of(String cacheName, CompleteConfiguration<K, V> configuration) {
    return new Arguments<>(
        cacheName, required(configuration.getKeyType()), required(configuration.getValueType()));
  }

  private static @Nullable Class<?> required(Class<?> type) {
    return type == Object.class ? null : type;
  }

  void requireEntry(K key, V value) {
    requireKey(key);
    requireValue(value);
  }

  void requireKeys(Set<? extends K> keys) {
    require(keys, "keys");
    for (K key : keys) {
      requireKey(key);
    }
  }

  void require(@Nullable Object argument, String what) {
    if (argument == null) {
      throw new NullPointerException(cacheName + ": the argument " + what + " is null");
    }
  }

  void requireKey(K key) {
    if (key == null) {
      throw new NullPointerException(cacheName + ": the key is null");
    }
    Class<?> type = keyType;
    if (type != null && !type.isInstance(key)) {
      throw wrongType("key", key, type);
    }
  }

  void requireValue(V value) {
    if (value == null) {
      throw new NullPointerException(cacheName + ": the value is null");
    }
    Class<?> type = valueType;
    if (type != null && !type.isInstance(value)) {
      throw wrongType("value", value, type);
    }
  }

  /** A time to live, as stores have it. */
  long ttl(Duration timeToLive) {
    require(timeToLive, "timeToLive");
    ComputeOptions.requirePositive(cacheName + ": timeToLive", timeToLive);
    return Ttl.of(timeToLive);
  }

  /** Keys that may be Strings. */
  void requireTextKeys() {
    Class<?> type = keyType;
    if (type != null && !type.isAssignableFrom(String.class)) {
      throw new UnsupportedOperationException(cacheName
          + ": a pattern matches keys that are Strings; this cache's are "
          + type.getName());
    }
  }

  private ClassCastException wrongType(String what, Object given, Class<?> type) {
    return new ClassCastException(
        cacheName + ": a " + what + " of type " + given.getClass().getName()
            + " was given; this cache is configured for " + type.getName());
  }
}
