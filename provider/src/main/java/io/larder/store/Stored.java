package io.larder.store;

import org.jspecify.annotations.Nullable;

/**
 * What a read found under a key, present or absent, at one version. Only the store that answered it
 * knows what the version is; others hand it back in {@link Change}.
 *
 * @param <V> the type of values
 */
public interface Stored<V> {

  /** The value, or null if there is no entry. */
  @Nullable
  V value();

  /**
   * Whether the entry is past its deadline and still there only so that its expiry can be told to a
   * listener. Never true on a store without a grace period, nor for an absent entry.
   */
  boolean expired();

  /** Whether a near tier answered, so that the shared store may have moved on. */
  boolean provisional();

  /** Whether the store goes on holding this very instance, so that a reader needs a copy of it. */
  boolean retained();

  /** Whether the other answer is about the same version of the same key. */
  boolean sameVersion(Stored<V> other);

  /**
   * Whether nothing can have changed between this answer and the other, both of which found no
   * entry.
   */
  boolean sameMoment(Stored<V> other);
}
