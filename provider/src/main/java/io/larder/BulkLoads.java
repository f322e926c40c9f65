package io.larder;

import io.larder.event.EventDispatcher.Pending;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.Outcome;
import io.larder.store.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/** Loads of many keys at once. */
record BulkLoads<K, V>(Engine<K, V> engine) {

  /**
   * The values of keys that were missed; each stored if nothing changed since the miss. Keys that
   * are being loaded already are waited for instead.
   */
  Map<K, V> load(Map<K, Stored<V>> missed) {
    Loads<K, V> loads = engine.loads();
    Map<K, Stored<V>> own = new HashMap<>();
    Map<K, Flight<V>> started = new HashMap<>();
    Flights<K, V> flights = engine.parts().flights();
    missed.forEach((key, stored) -> {
      Flight<V> flight = flights.start(key, stored);
      if (flight != null) {
        own.put(key, stored);
        started.put(key, flight);
      }
    });
    Map<K, V> values = new HashMap<>();
    try {
      if (!own.isEmpty()) {
        Map<K, V> loaded = loads.callAll(own.keySet());
        own.keySet().forEach(key -> keep(values, key, loaded.get(key)));
        own.keySet().removeIf(key -> !started.get(key).isOpen());
        store(own, values);
      }
      started.forEach((key, flight) -> flights.land(key, flight, values.get(key)));
    } catch (RuntimeException | Error e) {
      started.forEach((key, flight) -> flights.fail(key, flight, e));
      throw e;
    }
    missed.forEach((key, stored) -> {
      if (!started.containsKey(key)) {
        keep(values, key, loads.load(engine, key, stored));
      }
    });
    return values;
  }

  private static <K, V> void keep(Map<K, V> values, K key, @Nullable V value) {
    if (value != null) {
      values.put(key, value);
    }
  }

  /** Stores loaded values under keys whose entries are still as they were seen. */
  void store(Map<K, Stored<V>> seen, Map<K, V> loaded) {
    List<Map.Entry<K, Stored<V>>> targets = new ArrayList<>();
    for (Map.Entry<K, Stored<V>> entry : seen.entrySet()) {
      if (loaded.get(entry.getKey()) != null) {
        targets.add(entry);
      }
    }
    if (targets.isEmpty()) {
      return;
    }
    Parts<K, V> parts = engine.parts();
    Budget budget = Budget.startingNow(parts.operationTimeoutNanos());
    Pending<K, V> pending = parts.events().pending();
    try (KeyLocks.Held held =
        engine.locks().lockAll(targets.stream().map(Map.Entry::getKey).toList(), budget)) {
      List<Change<K, V>> changes = new ArrayList<>();
      targets.forEach(t -> changes.add(change(t.getKey(), t.getValue(), loaded.get(t.getKey()))));
      List<Outcome> outcomes = parts.store().writeAll(changes, budget);
      for (int i = 0; i < outcomes.size(); i++) {
        publish(pending, targets.get(i), loaded, outcomes.get(i));
      }
    }
    pending.await();
  }

  private Change<K, V> change(K key, Stored<V> seen, V value) {
    K storedKey = engine.keyToStore(key);
    V storedValue = engine.valueToStore(value);
    return seen.value() == null
        ? Change.fill(storedKey, seen, storedValue, engine.parts().expiry().forCreation())
        : Change.replace(storedKey, seen, storedValue, engine.parts().expiry().forUpdate());
  }

  private void publish(
      Pending<K, V> pending,
      Map.Entry<K, Stored<V>> target,
      Map<K, V> loaded,
      Outcome outcome) {
    if (outcome == Outcome.CREATED || outcome == Outcome.UPDATED) {
      Parts<K, V> parts = engine.parts();
      V prior = engine.readable(target.getValue());
      EventType type = outcome == Outcome.CREATED ? EventType.CREATED : EventType.UPDATED;
      K key = target.getKey();
      parts.events().publish(pending, type, key, parts.copier().copy(loaded.get(key)), prior);
    }
  }
}
