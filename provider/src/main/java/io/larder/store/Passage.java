package io.larder.store;

import io.larder.log.Log;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.cache.CacheException;

/**
 * The way of one store to its server: whether it may be asked, and what is journalled when it did
 * not answer. Thread-safe.
 */
final class Passage<K, V> {

  /** Of a change that was not sent. */
  static final Budget NOT_SENT = Budget.each(0);

  private final ResilientSpec<K, V> spec;
  private final Log log;
  private final Circuit circuit;
  private final Journal<K> journal;
  private final Replay<K, V> replay;
  private final boolean hasFallback;

  Passage(SharedStore<K, V> shared, ResilientSpec<K, V> spec, Log log) {
    this.spec = spec;
    this.log = log;
    this.circuit = spec.circuit();
    this.hasFallback = spec.fallback() != null;
    this.journal = new Journal<>(spec.journalSize(), this::overflowed);
    this.replay = new Replay<>(shared, journal, spec);
    circuit.join(replay);
    replay.after(circuit.membersOf(spec.cacheName()));
  }

  private void overflowed() {
    log.warn(
        "more than journal_size = {} keys were changed without Redis: the cache will be cleared"
            + " when it is back",
        spec.journalSize());
  }

  /** Whether the shared store may be asked for that key. */
  boolean passes(K key, Allowance budget) {
    return apart(List.of(key), budget).isEmpty();
  }

  /**
   * Those of the keys that the shared store may not be asked for: one that is in the journal is
   * removed there first, and where that is not possible now, it stays apart. All of them, where the
   * server may not be asked, or the time is up.
   */
  Set<K> apart(Collection<? extends K> keys, Allowance budget) {
    if (circuit.passes(budget)) {
      if (!replay.holdsAny(keys)) {
        return Set.of();
      }
      if (replayed(() -> replay.some(keys, budget), budget)) {
        Set<K> held = held(keys);
        if (held.isEmpty()) {
          return held;
        }
        if (replay.hasWaited(budget) && circuit.isWhole(budget.nanos())) {
          budget.unanswered();
        }
        if (budget.remainingNanos() > 0) {
          circuit.passed();
          return held;
        }
      }
    }
    circuit.passed();
    return new LinkedHashSet<>(keys);
  }

  /** Those of the keys that the shared store has not heard of every change of. */
  Set<K> held(Collection<? extends K> keys) {
    if (!replay.holdsAny(keys)) {
      return Set.of();
    }
    Set<K> held = new LinkedHashSet<>();
    for (K key : keys) {
      if (replay.holds(key)) {
        held.add(key);
      }
    }
    return held;
  }

  /** Whether the shared store may be asked for what needs no journal: a clear. */
  boolean mayClear(Budget budget) {
    return counted(circuit.passes(budget));
  }

  private boolean counted(boolean passes) {
    if (!passes) {
      circuit.passed();
    }
    return passes;
  }

  /** Whether the server may be asked for what is not in the journal, after a replay. */
  private boolean replayed(Runnable replaying, Allowance budget) {
    try {
      replaying.run();
    } catch (StoreUnavailableException e) {
      lost(e, budget);
      return e.refusesChanges() && !circuit.isOpen();
    } catch (CacheException e) {
      if (!hasFallback) {
        throw e;
      }
      log.debug("what is journalled cannot be removed in Redis", e);
    }
    return true;
  }

  /**
   * Whether the shared store may be asked to list; what is not {@link #settled} is to be left out.
   */
  boolean mayList() {
    Allowance budget = Allowance.of(circuit.step());
    return counted(circuit.passes(budget)
        && (journal.isEmpty() && !replay.hasEarlier()
            || replayed(() -> replay.all(budget), budget)
                && (hasFallback || !replay.hasEarlier())));
  }

  /** Tells the circuit that the server has answered. */
  void answered() {
    circuit.succeeded();
  }

  /** Tells the circuit that the server has answered so. */
  <T> T answered(T answer) {
    circuit.succeeded();
    return answer;
  }

  /** The call found the server away; thrown on where nothing answers in its place. */
  void lost(StoreUnavailableException failure, Allowance budget) {
    circuit.passed();
    if (circuit.tells(failure, budget.nanos())) {
      budget.unanswered();
    }
    circuit.failed(failure, budget);
    if (!hasFallback || failure.isInterruption()) {
      throw failure;
    }
    log.debug("answered without Redis", failure);
  }

  /**
   * Journals a key, to be replayed once a change of it that was sent can no longer land; one that
   * was refused cannot.
   *
   * @return whether it was in the journal already
   */
  boolean mark(K key, StoreUnavailableException failure, Budget sentWithin) {
    return mark(key, failure.refusesChanges() ? NOT_SENT : sentWithin);
  }

  /** The same of a change that was not answered at all. */
  boolean mark(K key, Budget sentWithin) {
    long wait = Math.max(sentWithin.remainingNanos(), replay.nanosUntilEarlierDue(key));
    boolean held = journal.mark(spec.keyCopies().apply(key), end(wait));
    circuit.journalled(replay);
    return held;
  }

  void markClear(Budget sentWithin) {
    journal.markClear(end(sentWithin.remainingNanos()));
    circuit.journalled(replay);
  }

  private static long end(long nanos) {
    return System.nanoTime() + Math.max(0, nanos);
  }

  /** Whether the shared store has heard of every change of the key. */
  boolean settled(K key) {
    return !replay.holds(key);
  }

  boolean hasJournal() {
    return !journal.isEmpty();
  }

  boolean isInDoubt() {
    return circuit.isInDoubt();
  }

  boolean isOpen() {
    return circuit.isOpen();
  }

  StoreUnavailableException away() {
    return circuit.away(spec.cacheName());
  }

  void tell(SharedStore.Invalidations<K> nearTier) {
    replay.tell(nearTier);
  }

  /** What is in the journal is replayed when that is possible, as long as the circuit lives. */
  void close() {
    replay.close();
  }

  void leave() {
    circuit.leave(replay);
  }
}
