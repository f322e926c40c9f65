package io.larder;

import io.larder.event.EventDispatcher;
import io.larder.event.EventDispatcher.Pending;
import io.larder.expiry.Expiry;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.Outcome;
import io.larder.store.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/** Loads of many keys at once. */
record BulkLoads<K, V>(Engine<K, V> engine) {

  /**
   * The values of keys that were missed; each stored if nothing changed since the miss. Keys that
   * are being loaded already are waited for instead. An entry that is there is loaded again, and
   * replaced if it is still the same.
   *
   * @param budget of the operation that it is a part of
   */
  Map<K, V> load(Map<K, Stored<V>> missed, OperationBudget budget) {
    Loads<K, V> loads = engine.loads();
    Map<K, Stored<V>> own = new HashMap<>();
    Map<K, Flight<V>> started = new HashMap<>();
    Map<K, Flight<V>> others = new HashMap<>();
    Flights<K, V> flights = engine.parts().flights();
    missed.forEach((key, stored) -> {
      if (stored.value() != null) {
        own.put(key, stored);
        return;
      }
      Flight<V> flight = new Flight<>(stored);
      Flight<V> other = flights.startOrFind(key, flight);
      if (other == null) {
        own.put(key, stored);
        started.put(key, flight);
      } else {
        others.put(key, other);
      }
    });
    Map<K, V> values = new HashMap<>();
    try {
      if (!own.isEmpty()) {
        Map<K, V> loaded = loads.callAll(own.keySet());
        own.keySet().forEach(key -> keep(values, key, loaded.get(key)));
        store(own, values, budget.nextStep());
      }
      started.forEach((key, flight) -> flights.land(key, flight, values.get(key)));
    } catch (RuntimeException | Error e) {
      started.forEach((key, flight) -> flights.fail(key, flight, e));
      throw e;
    }
    others.forEach((key, other) -> {
      Stored<V> miss = Objects.requireNonNull(missed.get(key));
      keep(values, key, loads.join(engine, key, miss, other, budget.nextStep()));
    });
    return values;
  }

  private static <K, V> void keep(Map<K, V> values, K key, @Nullable V value) {
    if (value != null) {
      values.put(key, value);
    }
  }

  /** Stores loaded values under keys whose entries are still as they were seen. */
  private void store(Map<K, Stored<V>> seen, Map<K, V> loaded, Budget budget) {
    List<Target<K, V>> targets = new ArrayList<>();
    seen.forEach((key, stored) -> {
      V value = loaded.get(key);
      if (value != null) {
        targets.add(new Target<>(key, stored, value));
      }
    });
    if (targets.isEmpty()) {
      return;
    }
    Parts<K, V> parts = engine.parts();
    Pending<K, V> pending = parts.events().pending();
    List<K> keys = targets.stream().map(Target::key).toList();
    try (KeyLocks.Held held = engine.locks().lockAll(keys, budget)) {
      List<Outcome> outcomes =
          parts.store().writeAll(targets.stream().map(this::change).toList(), budget);
      for (int i = 0; i < outcomes.size(); i++) {
        publish(pending, targets.get(i), outcomes.get(i));
      }
    }
    pending.await();
  }

  private record Target<K, V>(K key, Stored<V> seen, V value) {}

  private Change<K, V> change(Target<K, V> target) {
    K key = engine.keyToStore(target.key());
    V value = engine.valueToStore(target.value());
    Expiry expiry = engine.parts().expiry();
    return target.seen().value() == null
        ? Change.fill(key, target.seen(), value, expiry.forCreation())
        : Change.replace(key, target.seen(), value, expiry.forUpdate());
  }

  private void publish(Pending<K, V> pending, Target<K, V> target, Outcome outcome) {
    EventDispatcher<K, V> events = engine.parts().events();
    if (events.isEmpty() || (outcome != Outcome.CREATED && outcome != Outcome.UPDATED)) {
      return;
    }
    EventType type = outcome == Outcome.CREATED ? EventType.CREATED : EventType.UPDATED;
    V told = engine.parts().copier().copy(target.value());
    K key = engine.parts().copier().copy(target.key());
    events.publish(pending, type, key, told, engine.readable(target.seen()));
  }
}
