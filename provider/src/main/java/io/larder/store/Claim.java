package io.larder.store;

import org.jspecify.annotations.Nullable;

/**
 * The right to compute the value of a key that has no entry: an absence that one caller owns while
 * others wait. It stands until it is closed, until anybody changes the key or clears the store, or
 * until a few seconds after its process ended. A value is stored under it by
 * {@link Change#claimed}, which is refused once it is gone.
 *
 * @param <V> the type of values
 */
public interface Claim<V> extends Stored<V>, AutoCloseable {

  @Override
  default @Nullable V value() {
    return null;
  }

  @Override
  default boolean expired() {
    return false;
  }

  @Override
  default boolean provisional() {
    return false;
  }

  @Override
  default boolean retained() {
    return false;
  }

  @Override
  default boolean sameVersion(Stored<V> other) {
    return other == this;
  }

  @Override
  default boolean sameMoment(Stored<V> other) {
    return other == this;
  }

  /** Gives it up, without waiting for that. Idempotent; does nothing to a value stored under it. */
  @Override
  void close();
}
