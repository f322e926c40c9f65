package io.larder;

import io.larder.event.EventDispatcher.Pending;
import io.larder.log.Log;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.LockTimeoutException;
import io.larder.store.Outcome;
import io.larder.store.Stored;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import javax.cache.event.EventType;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;

/**
 * Values from the cache's loader, one load per key at a time in this process.
 *
 * <p>A load is a {@link Flight}: the first to miss a key calls the loader on its own thread, those
 * who miss it meanwhile wait for that call. A change of the key, or not knowing of one, ends the
 * flight: whoever has joined still gets its value, and whoever comes later waits for it only to
 * look again. The loaded value is stored if nothing changed since the miss, and nobody is changing
 * the key for longer than the operation timeout. What the loader throws reaches all who wait, and
 * is not retried. The loader may take its time: no budget runs while it works, and those who wait
 * for it wait as long as it does.
 */
final class Loads<K, V> {

  private final Parts<K, V> parts;
  private final Log log;
  private final Flights<K, V> flights;

  Loads(Parts<K, V> parts) {
    this.parts = parts;
    this.log = parts.log().from(Loads.class);
    this.flights = parts.flights();
  }

  /** The key's value from the loader, stored if it may be; null if the loader has none. */
  @Nullable
  V load(Engine<K, V> engine, K key, Stored<V> miss) {
    Flight<V> mine = new Flight<>(miss);
    Flight<V> other = flights.startOrFind(key, mine);
    if (other == null) {
      return fly(engine, key, mine);
    }
    return join(engine, key, miss, other, Budget.each(parts.operationTimeoutNanos()));
  }

  /** {@link #load} for one who has found another's flight; each look has that budget. */
  @Nullable
  V join(Engine<K, V> engine, K key, Stored<V> miss, Flight<V> found, Budget budget) {
    Stored<V> seen = miss;
    Flight<V> other = found;
    while (true) {
      other.refuseOwnThread(parts.cacheName());
      if (other.isOpen() && other.miss().sameMoment(seen)) {
        V shared = join(other);
        return shared == null ? null : parts.copier().copy(shared);
      }
      other.awaitEnd();
      seen = parts.store().getFresh(key, budget);
      V value = engine.readable(seen);
      if (value != null) {
        return value;
      }
      Flight<V> mine = new Flight<>(seen);
      Flight<V> next = flights.startOrFind(key, mine);
      if (next == null) {
        return fly(engine, key, mine);
      }
      other = next;
    }
  }

  private @Nullable V fly(Engine<K, V> engine, K key, Flight<V> flight) {
    try {
      V value = call(key);
      if (value != null) {
        fill(engine, key, value, flight.miss());
      }
      flights.land(key, flight, value);
      return value;
    } catch (RuntimeException | Error e) {
      flights.fail(key, flight, e);
      throw e;
    }
  }

  /** The loader's value, not stored. */
  @Nullable
  V call(K key) {
    CacheLoader<K, V> loader = loader();
    try {
      return loader.load(key);
    } catch (RuntimeException e) {
      throw wrapped(e);
    }
  }

  /** The loader's values, none stored; those it has none for are absent. */
  Map<K, V> callAll(Collection<? extends K> keys) {
    CacheLoader<K, V> loader = loader();
    try {
      Map<K, V> answer = loader.loadAll(List.copyOf(keys));
      if (answer == null) {
        throw new CacheLoaderException(
            parts.cacheName() + ": loader " + loader.getClass().getName() + " returned null");
      }
      Map<K, V> loaded = new HashMap<>(answer);
      loaded.values().removeIf(value -> value == null);
      return loaded;
    } catch (RuntimeException e) {
      throw wrapped(e);
    }
  }

  private void fill(Engine<K, V> engine, K key, V value, Stored<V> miss) {
    Pending<K, V> pending = parts.events().pending();
    Budget budget = Budget.startingNow(parts.operationTimeoutNanos());
    try (KeyLocks.Held held = engine.locks().lock(key, budget)) {
      Change<K, V> change = Change.fill(
          engine.keyToStore(key),
          miss,
          engine.valueToStore(value),
          parts.expiry().forCreation());
      if (parts.store().write(change, budget) == Outcome.CREATED) {
        V told = parts.copier().copy(value);
        parts.events().publish(pending, EventType.CREATED, parts.copier().copy(key), told, null);
      }
    } catch (LockTimeoutException e) {
      log.debug("a loaded value is not stored, for its key is being changed");
    }
    pending.await();
  }

  private @Nullable V join(Flight<V> flight) {
    try {
      return flight.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private CacheLoader<K, V> loader() {
    CacheLoader<K, V> loader = parts.loader();
    if (loader == null) {
      throw new IllegalStateException(parts.cacheName() + ": there is no loader");
    }
    return loader;
  }

  private CacheLoaderException wrapped(RuntimeException e) {
    return e instanceof CacheLoaderException known
        ? known
        : new CacheLoaderException(
            parts.cacheName() + ": loader " + loader().getClass().getName() + " failed", e);
  }
}
