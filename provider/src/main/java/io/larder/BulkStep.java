package io.larder;

import io.larder.event.EventDispatcher.Pending;
import io.larder.store.Change;
import io.larder.store.Outcome;
import io.larder.store.Stored;
import org.jspecify.annotations.Nullable;

/** One entry's part in a bulk change: what was there, what goes to the store, and what is told. */
record BulkStep<K, V>(
    K key, @Nullable V prior, @Nullable V value, Effect effect, Change<K, V> change) {

  /** That change of an entry that was read. */
  static <K, V> BulkStep<K, V> of(
      Engine<K, V> engine, K key, Stored<V> stored, Mutation<V, ?> mutation) {
    V prior = engine.readable(stored);
    Decision<V, ?> decision = mutation.decide(prior);
    V value = decision.value();
    return new BulkStep<>(key, prior, value, decision.effect(), change(engine, key, stored, value));
  }

  private static <K, V> Change<K, V> change(
      Engine<K, V> engine, K key, Stored<V> stored, @Nullable V value) {
    if (value == null) {
      return Change.remove(key, stored);
    }
    long ttl = stored.value() == null
        ? engine.parts().expiry().forCreation()
        : engine.parts().expiry().forUpdate();
    return Change.replace(engine.keyToStore(key), stored, engine.valueToStore(value), ttl);
  }

  /** Counts and publishes what the store did. */
  void account(Engine<K, V> engine, Pending<K, V> pending, Outcome outcome) {
    engine.parts().flights().ended(key);
    new Aftermath<>(engine.parts(), pending)
        .of(new Aftermath.Done<>(key, prior, value, effect, outcome, 0));
  }
}
