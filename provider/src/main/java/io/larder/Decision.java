package io.larder;

import org.jspecify.annotations.Nullable;

/**
 * What an operation decided on seeing an entry.
 *
 * @param value what to store, for {@link Effect#PUT} and {@link Effect#LOAD}
 * @param result what the caller is told; null where R is a nullable type
 */
@SuppressWarnings("NullAway") // R may be a nullable type, which it has no way to say
record Decision<V, R>(Effect effect, @Nullable V value, R result) {

  static <V, R> Decision<V, R> none(@Nullable R result) {
    return new Decision<>(Effect.NONE, null, result);
  }

  static <V, R> Decision<V, R> access(@Nullable R result) {
    return new Decision<>(Effect.ACCESS, null, result);
  }

  static <V, R> Decision<V, R> put(V value, @Nullable R result) {
    return new Decision<>(Effect.PUT, value, result);
  }

  static <V, R> Decision<V, R> remove(@Nullable R result) {
    return new Decision<>(Effect.REMOVE, null, result);
  }

  boolean changes() {
    return effect == Effect.PUT || effect == Effect.LOAD || effect == Effect.REMOVE;
  }
}
