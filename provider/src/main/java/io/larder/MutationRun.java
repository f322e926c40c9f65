package io.larder;

import io.larder.event.EventDispatcher.Pending;
import io.larder.expiry.Expiry;
import io.larder.expiry.Ttl;
import io.larder.stats.JCacheStatistics;
import io.larder.store.Change;
import io.larder.store.Lease;
import io.larder.store.Outcome;
import io.larder.store.Store;
import io.larder.store.Stored;
import org.jspecify.annotations.Nullable;

/**
 * One run of one mutation. The order of its effects, while the key's lock (and with a writer the
 * key's lease) is held:
 *
 * <ol>
 *   <li>read the prior entry; if it is expired, drop it, tell of its expiry, and read again
 *   <li>ask the mutation what to do
 *   <li>have the writer write or delete
 *   <li>ask the expiry policy how long the entry lives
 *   <li>change the store, if the entry is still what was read; otherwise start again
 *   <li>publish the event and count, both from what the store did
 * </ol>
 *
 * <p>The writer runs once: when the store has moved on after it ran, what was decided is stored all
 * the same. Without a writer, the lease is taken after {@value #LOSSES_BEFORE_LEASE} lost races.
 *
 * <p>Steps 2 to 4 may be the application's code. The time that it takes is not counted against the
 * operation timeout: a put whose writer is slow is stored all the same. Whoever waits meanwhile for
 * the same key waits no longer than the timeout, and then fails with nothing changed; so entry
 * processors that wait for each other's keys come apart.
 */
final class MutationRun<K, V, R> {

  private static final int LOSSES_BEFORE_LEASE = 3;

  private final Engine<K, V> engine;
  private final K key;
  private final Mutation<V, R> mutation;
  private final @Nullable WriteThrough<K, V> writer;
  private final Pending<K, V> pending;
  private final Store<K, V> store;
  private final JCacheStatistics statistics;
  private final OperationBudget budget;
  private final long start;
  private int losses;
  private @Nullable Lease lease;
  private @Nullable Decision<V, R> written;

  /**
   * What a run shares with the rest of its operation.
   *
   * @param pending the events that are to be awaited
   */
  record Course<K, V>(Pending<K, V> pending, OperationBudget budget) {}

  MutationRun(
      Engine<K, V> engine,
      K key,
      Mutation<V, R> mutation,
      @Nullable WriteThrough<K, V> writer,
      Course<K, V> course) {
    this.engine = engine;
    this.key = key;
    this.mutation = mutation;
    this.writer = writer;
    this.pending = course.pending();
    this.store = engine.parts().store();
    this.statistics = engine.parts().statistics();
    this.start = statistics.startOfWrite();
    this.budget = course.budget();
  }

  R run() {
    try (KeyLocks.Held held = engine.locks().lock(key, budget)) {
      if (writer != null) {
        lease = store.lease(key, budget);
      }
      while (true) {
        Stored<V> prior = read();
        if (prior.expired()) {
          engine.dropExpired(key, prior, budget, pending);
          losses++;
          continue;
        }
        V value = engine.readable(prior);
        Decision<V, R> decision = written == null ? decide(value) : written;
        if (!decision.changes()) {
          if (stands(prior, value, decision)) {
            return decision.result();
          }
        } else {
          Outcome outcome = change(prior, value, decision);
          if (outcome != Outcome.REFUSED) {
            account(outcome, value, decision);
            return mutation.result(decision, outcome);
          }
        }
        lost();
      }
    } finally {
      if (lease != null) {
        lease.close();
      }
    }
  }

  private Decision<V, R> decide(@Nullable V value) {
    return budget.notCounting(() -> mutation.decide(value));
  }

  private Stored<V> read() {
    return losses == 0 && lease == null
        ? store.get(key, Ttl.KEEP, budget)
        : store.getFresh(key, budget);
  }

  private void lost() {
    losses++;
    if (losses >= LOSSES_BEFORE_LEASE && lease == null) {
      lease = store.lease(key, budget);
    }
  }

  /** A decision to change nothing holds if the near tier's answer was the shared one. */
  private boolean stands(Stored<V> prior, @Nullable V value, Decision<V, R> decision) {
    if (prior.provisional() && !store.getFresh(key, budget).sameVersion(prior)) {
      return false;
    }
    countRead(value != null);
    statistics.read(start);
    if (decision.effect() == Effect.ACCESS && value != null) {
      engine.accessed(key, prior, budget, pending);
    }
    return true;
  }

  private Outcome change(Stored<V> prior, @Nullable V value, Decision<V, R> decision) {
    if (writer != null && written == null && decision.effect() != Effect.LOAD) {
      written = budget.notCounting(() -> writeThrough(writer, decision));
    }
    return store(prior, value, decision);
  }

  private void account(Outcome outcome, @Nullable V prior, Decision<V, R> decision) {
    engine.parts().flights().ended(key);
    countRead(prior != null);
    new Aftermath<>(engine.parts(), pending)
        .of(new Aftermath.Done<>(key, prior, decision.value(), decision.effect(), outcome, start));
  }

  private Decision<V, R> writeThrough(WriteThrough<K, V> target, Decision<V, R> decision) {
    V value = decision.value();
    if (value == null) {
      target.delete(key);
    } else {
      target.write(key, value);
    }
    return decision;
  }

  private Outcome store(Stored<V> prior, @Nullable V priorValue, Decision<V, R> decision) {
    V value = decision.value();
    if (value == null) {
      return store.write(Change.remove(key, prior), budget);
    }
    Long own = mutation.ownTtl();
    long ttl = own != null ? own : budget.notCounting(() -> policyTtl(priorValue));
    K storedKey = engine.keyToStore(key);
    return store.write(Change.replace(storedKey, prior, engine.valueToStore(value), ttl), budget);
  }

  private long policyTtl(@Nullable V prior) {
    Expiry expiry = engine.parts().expiry();
    return prior == null ? expiry.forCreation() : expiry.forUpdate();
  }

  private void countRead(boolean hit) {
    if (!mutation.countsRead()) {
      return;
    }
    if (hit) {
      statistics.hit();
    } else {
      statistics.miss();
    }
  }
}
