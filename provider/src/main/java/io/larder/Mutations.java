package io.larder;

import io.larder.store.Outcome;
import org.jspecify.annotations.Nullable;

/** The operations of {@link javax.cache.Cache} on one entry. */
final class Mutations {

  private Mutations() {}

  static <V> Mutation<V, Boolean> put(V value) {
    return new Uncounted<>(prior -> Decision.put(value, true));
  }

  static <V> Mutation<V, @Nullable V> getAndPut(V value) {
    return prior -> Decision.put(value, prior);
  }

  static <V> Mutation<V, Boolean> putIfAbsent(V value) {
    return new PutIfAbsent<>(value);
  }

  static <V> Mutation<V, Boolean> replace(V value) {
    return prior -> prior == null ? Decision.none(false) : Decision.put(value, true);
  }

  static <V> Mutation<V, Boolean> replace(V expected, V value) {
    return prior -> {
      if (prior == null) {
        return Decision.none(false);
      }
      return prior.equals(expected) ? Decision.put(value, true) : Decision.access(false);
    };
  }

  static <V> Mutation<V, @Nullable V> getAndReplace(V value) {
    return prior -> prior == null ? Decision.none(null) : Decision.put(value, prior);
  }

  static <V> Mutation<V, Boolean> remove() {
    return new Uncounted<>(prior -> Decision.remove(prior != null));
  }

  static <V> Mutation<V, Boolean> remove(V expected) {
    return prior -> {
      if (prior == null) {
        return Decision.none(false);
      }
      return prior.equals(expected) ? Decision.remove(true) : Decision.access(false);
    };
  }

  static <V> Mutation<V, @Nullable V> getAndRemove() {
    return prior -> Decision.remove(prior);
  }

  /** An entry that would be over at once is not stored, and the caller is told so. */
  private record PutIfAbsent<V>(V value) implements Mutation<V, Boolean> {

    @Override
    public Decision<V, Boolean> decide(@Nullable V prior) {
      return prior == null ? Decision.put(value, true) : Decision.none(false);
    }

    @Override
    public Boolean result(Decision<V, Boolean> decision, Outcome outcome) {
      return outcome == Outcome.CREATED;
    }
  }

  private record Uncounted<V, R>(Mutation<V, R> mutation) implements Mutation<V, R> {

    @Override
    public Decision<V, R> decide(@Nullable V prior) {
      return mutation.decide(prior);
    }

    @Override
    public boolean countsRead() {
      return false;
    }
  }
}
