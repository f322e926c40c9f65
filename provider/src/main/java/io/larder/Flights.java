package io.larder;

import io.larder.store.FlightEnder;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The loads of one cache that are on their way, at most one per key, and so its computations; they
 * know nothing of each other. Thread-safe.
 */
final class Flights<K, V> implements FlightEnder<K> {

  private final ConcurrentHashMap<K, Flight<V>> flights = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<K, Computation<V>> computations = new ConcurrentHashMap<>();

  /** Starts a flight, unless there is one: then answers that. */
  @Nullable
  Flight<V> startOrFind(K key, Flight<V> flight) {
    return flights.putIfAbsent(key, flight);
  }

  void land(K key, Flight<V> flight, @Nullable V value) {
    flights.remove(key, flight);
    flight.land(value);
  }

  void fail(K key, Flight<V> flight, Throwable e) {
    flights.remove(key, flight);
    flight.fail(e);
  }

  /** Starts a computation, unless there is one: then answers that. */
  @Nullable
  Computation<V> startOrJoin(K key, Computation<V> computation) {
    return computations.putIfAbsent(key, computation);
  }

  /** Nobody joins it any more. */
  void end(K key, Computation<V> computation) {
    computations.remove(key, computation);
  }

  @Override
  public void ended(K key) {
    if (!computations.isEmpty()) {
      Computation<V> computation = computations.remove(key);
      if (computation != null) {
        computation.wake();
      }
    }
    if (!flights.isEmpty()) {
      Flight<V> flight = flights.get(key);
      if (flight != null) {
        flight.end();
      }
    }
  }

  @Override
  public void allEnded() {
    flights.values().forEach(Flight::end);
    computations.forEach((key, computation) -> {
      end(key, computation);
      computation.wake();
    });
  }
}
