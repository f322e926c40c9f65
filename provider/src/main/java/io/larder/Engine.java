package io.larder;

import io.larder.codec.Copier;
import io.larder.event.EventDispatcher;
import io.larder.event.EventDispatcher.Pending;
import io.larder.expiry.Expiry;
import io.larder.expiry.Ttl;
import io.larder.stats.JCacheStatistics;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.Outcome;
import io.larder.store.Store;
import io.larder.store.Stored;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Runs the operations of one cache on single entries.
 *
 * <p>A read asks the store, and on a miss the loader ({@link Loads}). A write that needs nothing of
 * what is there (no listener, no writer, an expiry policy whose answers are known) is one blind
 * change in the store. Every other write is a {@link Mutation}, carried out by a
 * {@link MutationRun}, which alone knows the order of its effects.
 */
final class Engine<K, V> {

  private final Parts<K, V> parts;
  private final Store<K, V> store;
  private final Expiry expiry;
  private final EventDispatcher<K, V> events;
  private final JCacheStatistics statistics;
  private final Copier copier;
  private final Loads<K, V> loads;
  private final KeyLocks locks;
  private final Budget oneTrip;
  private final long accessTtl;
  private final boolean asksPolicyOnAccess;

  Engine(Parts<K, V> parts, Loads<K, V> loads) {
    this.parts = parts;
    this.store = parts.store();
    this.expiry = parts.expiry();
    this.events = parts.events();
    this.statistics = parts.statistics();
    this.copier = parts.copier();
    this.loads = loads;
    this.locks = new KeyLocks(parts.cacheName(), parts.operationTimeoutNanos(), store::isInDoubt);
    this.oneTrip = Budget.each(parts.operationTimeoutNanos());
    long fixedAccess = expiry.fixed().map(Expiry.Fixed::access).orElse(Ttl.KEEP);
    this.accessTtl = fixedAccess == Ttl.ZERO ? Ttl.KEEP : fixedAccess;
    this.asksPolicyOnAccess = expiry.movesOnAccess() && accessTtl == Ttl.KEEP;
  }

  Parts<K, V> parts() {
    return parts;
  }

  KeyLocks locks() {
    return locks;
  }

  Loads<K, V> loads() {
    return loads;
  }

  /** What a read passes to the store, when the policy's answer is known beforehand. */
  long accessTtl() {
    return accessTtl;
  }

  @Nullable
  V get(K key) {
    long start = statistics.startOfRead();
    Stored<V> stored = store.get(key, accessTtl, oneTrip);
    V value = stored.value();
    return value == null || stored.expired()
        ? missed(key, stored, start, parts.readThrough())
        : hit(key, stored, value, start);
  }

  /** A read that does not ask the loader. */
  @Nullable
  V getUnloaded(K key) {
    long start = statistics.startOfRead();
    Stored<V> stored = store.get(key, accessTtl, oneTrip);
    V value = stored.value();
    return value == null || stored.expired()
        ? missed(key, stored, start, false)
        : hit(key, stored, value, start);
  }

  private V hit(K key, Stored<V> stored, V value, long start) {
    if (asksPolicyOnAccess) {
      accessed(key, stored, oneTrip);
    }
    statistics.hit();
    statistics.read(start);
    return stored.retained() ? copier.copy(value) : value;
  }

  private @Nullable V missed(K key, Stored<V> stored, long start, boolean loading) {
    Stored<V> absent = stored;
    if (stored.expired()) {
      absent = dropped(key, stored, budget());
    }
    statistics.miss();
    V value = loading ? loads.load(this, key, absent) : null;
    statistics.read(start);
    return value;
  }

  /** What is there once an expired entry is out of the way. */
  Stored<V> dropped(K key, Stored<V> expired, OperationBudget budget) {
    dropExpired(key, expired, budget.nextStep());
    return store.getFresh(key, budget.nextStep());
  }

  /** The budget of an operation that begins now. */
  OperationBudget budget() {
    return new OperationBudget(parts.operationTimeoutNanos());
  }

  boolean containsKey(K key) {
    return store.containsKey(key, oneTrip);
  }

  /** Whether a put needs to know nothing of what is there. */
  boolean putsBlindly() {
    return parts.writer() == null && events.isEmpty() && expiry.fixed().isPresent();
  }

  /** Whether a removal needs to know nothing of what is there. */
  boolean removesBlindly() {
    return parts.writer() == null && events.isEmpty();
  }

  void put(K key, V value) {
    if (!putsBlindly()) {
      run(key, Mutations.put(value));
      return;
    }
    putBlindly(key, blindPut(key, value));
  }

  /** A put whose entry lives so long, whatever the policy says. */
  void put(K key, V value, long ttl) {
    if (!removesBlindly()) {
      run(key, new OwnTtl<>(Mutations.put(value), ttl));
      return;
    }
    putBlindly(key, Change.put(keyToStore(key), valueToStore(value), ttl, ttl));
  }

  /** How long the key's entry has left; {@link Ttl#ZERO} if there is none. */
  long timeToLive(K key) {
    return store.timeToLive(store.getFresh(key, oneTrip));
  }

  private void putBlindly(K key, Change<K, V> change) {
    long start = statistics.startOfWrite();
    Outcome outcome = store.write(change, oneTrip);
    parts.flights().ended(key);
    if (outcome != Outcome.NOTHING) {
      statistics.put(1);
      statistics.wrote(start, 1);
    }
  }

  /** The change of a put that needs to know nothing of what is there. */
  Change<K, V> blindPut(K key, V value) {
    Expiry.Fixed ttl = expiry.fixed().orElseThrow();
    return Change.put(keyToStore(key), valueToStore(value), ttl.creation(), ttl.update());
  }

  boolean remove(K key) {
    if (!removesBlindly()) {
      return run(key, Mutations.remove());
    }
    long start = statistics.startOfWrite();
    boolean removed = store.write(Change.remove(key), oneTrip) == Outcome.REMOVED;
    parts.flights().ended(key);
    if (removed) {
      statistics.removal(1);
      statistics.removed(start, 1);
    }
    return removed;
  }

  /** Carries out a mutation; returns when its synchronous listeners have heard of it. */
  <R> R run(K key, Mutation<V, R> mutation) {
    return run(key, mutation, parts.writer());
  }

  /** {@link #run(Object, Mutation)} with that writer, or none. */
  <R> R run(K key, Mutation<V, R> mutation, @Nullable WriteThrough<K, V> writer) {
    return run(key, mutation, writer, budget());
  }

  /** The same as a step of an operation that has that budget. */
  <R> R run(
      K key, Mutation<V, R> mutation, @Nullable WriteThrough<K, V> writer, OperationBudget budget) {
    Pending<K, V> pending = events.pending();
    R result;
    try {
      var course = new MutationRun.Course<>(pending, budget);
      result = new MutationRun<>(this, key, mutation, writer, course).run();
    } catch (RuntimeException | Error e) {
      deliverAfter(e, pending);
      throw e;
    }
    pending.await();
    return result;
  }

  private static void deliverAfter(Throwable failure, Pending<?, ?> pending) {
    try {
      pending.await();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Moves the deadline of an entry that was read, as the policy says. */
  void accessed(K key, Stored<V> stored, Budget budget) {
    if (expiry.movesOnAccess()) {
      Pending<K, V> pending = events.pending();
      accessed(key, stored, budget, pending);
      pending.await();
    }
  }

  /** The same for a caller that has the events delivered itself. */
  void accessed(K key, Stored<V> stored, Budget budget, Pending<K, V> pending) {
    long ttl = expiry.movesOnAccess() ? expiry.forAccess() : Ttl.KEEP;
    if (ttl == Ttl.ZERO) {
      if (store.write(Change.remove(key, stored), budget) == Outcome.REMOVED) {
        tellExpired(key, stored, pending);
      }
    } else if (ttl != Ttl.KEEP) {
      store.touch(key, stored, ttl, budget);
    }
  }

  private void tellExpired(K key, Stored<V> stored, Pending<K, V> pending) {
    if (events.wants(EventType.EXPIRED)) {
      V value = copyOut(stored);
      events.publish(pending, EventType.EXPIRED, copier.copy(key), value, value);
    }
  }

  /** Removes an expired entry; if nobody was faster, its listeners hear of it. */
  void dropExpired(K key, Stored<V> stored, Budget budget) {
    Pending<K, V> pending = events.pending();
    try (KeyLocks.Held held = locks.lock(key, budget)) {
      dropExpired(key, stored, budget, pending);
    }
    pending.await();
  }

  /** The same for a caller that holds the key's lock. */
  void dropExpired(K key, Stored<V> stored, Budget budget, Pending<K, V> pending) {
    if (store.write(Change.remove(key, stored), budget) != Outcome.REFUSED) {
      tellExpired(key, stored, pending);
    }
  }

  /** The live value of an entry, the caller's own; null if there is none. */
  @Nullable
  V readable(Stored<V> stored) {
    return stored.expired() ? null : copyOut(stored);
  }

  private @Nullable V copyOut(Stored<V> stored) {
    V value = stored.value();
    return value != null && stored.retained() ? copier.copy(value) : value;
  }

  /** The key as the store may keep it. */
  K keyToStore(K key) {
    parts.typeAdvice().accept(key);
    return store.retainsValues() ? copier.copy(key) : key;
  }

  /** The value as the store may keep it. */
  V valueToStore(V value) {
    parts.typeAdvice().accept(value);
    return store.retainsValues() ? copier.copy(value) : value;
  }
}
