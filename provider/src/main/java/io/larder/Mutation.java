package io.larder;

import io.larder.store.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * An operation on one entry, as what it decides on seeing it. It has no effects of its own and may
 * be asked again when somebody else was faster; the {@link Engine} does what was decided.
 */
@FunctionalInterface
interface Mutation<V, R> {

  /** Decides, given a live entry's value (the caller's own copy) or null if there is none. */
  Decision<V, R> decide(@Nullable V prior);

  /** What the caller is told, once the store has done what was decided. */
  default R result(Decision<V, R> decision, Outcome outcome) {
    return decision.result();
  }

  /** Whether the operation counts a hit or a miss. */
  default boolean countsRead() {
    return true;
  }

  /** The milliseconds that a stored entry lives; null for what the expiry policy says. */
  default @Nullable Long ownTtl() {
    return null;
  }
}
