package io.larder;

import io.larder.store.Outcome;
import org.jspecify.annotations.Nullable;

/** A mutation whose entry, if it stores one, lives so long, whatever the expiry policy says. */
record OwnTtl<V, R>(Mutation<V, R> mutation, long ttl) implements Mutation<V, R> {

  @Override
  public Decision<V, R> decide(@Nullable V prior) {
    return mutation.decide(prior);
  }

  @Override
  public R result(Decision<V, R> decision, Outcome outcome) {
    return mutation.result(decision, outcome);
  }

  @Override
  public boolean countsRead() {
    return mutation.countsRead();
  }

  @Override
  public @Nullable Long ownTtl() {
    return ttl;
  }
}
