package io.larder;

import io.larder.event.EventDispatcher.Pending;
import io.larder.expiry.Ttl;
import io.larder.stats.JCacheStatistics;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.KeyGlob;
import io.larder.store.Outcome;
import io.larder.store.Partial;
import io.larder.store.Store;
import io.larder.store.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.cache.integration.CacheWriterException;

/**
 * Runs the operations of one cache on many entries.
 *
 * <p>Changes go to the store all at once. Where something needs to know what was there, that is
 * read all at once before, and each change goes with the version that was read; the few that lost a
 * race are run again one by one by the {@link Engine}. Each entry changes atomically, the whole
 * does not. Each step has the operation timeout, as long as the store answers: once a step has
 * waited for it in vain, the others do not wait.
 */
final class BulkEngine<K, V> {

  private static final int REMOVE_ALL_BATCH = 500;

  private final Engine<K, V> engine;
  private final Parts<K, V> parts;
  private final Store<K, V> store;
  private final JCacheStatistics statistics;

  BulkEngine(Engine<K, V> engine) {
    this.engine = engine;
    this.parts = engine.parts();
    this.store = parts.store();
    this.statistics = parts.statistics();
  }

  Map<K, V> getAll(Set<? extends K> keys) {
    long start = statistics.startOfRead();
    Map<K, V> found = new HashMap<>(keys.size() * 2);
    Map<K, Stored<V>> missed = new LinkedHashMap<>();
    OperationBudget budget = engine.budget();
    store.getAll(keys, engine.accessTtl(), budget).forEach((key, stored) -> {
      V value = engine.readable(stored);
      if (value == null) {
        missed.put(key, stored);
      } else {
        statistics.hit();
        found.put(key, value);
        accessed(key, stored, budget);
      }
    });
    missed.replaceAll((key, stored) -> {
      statistics.miss();
      return dropped(key, stored, budget);
    });
    if (parts.readThrough() && !missed.isEmpty()) {
      found.putAll(new BulkLoads<>(engine).load(missed, budget));
    }
    statistics.read(start);
    return found;
  }

  private void accessed(K key, Stored<V> stored, OperationBudget budget) {
    if (engine.accessTtl() == Ttl.KEEP) {
      engine.accessed(key, stored, budget.nextStep());
    }
  }

  /** What is there once an expired entry is out of the way. */
  private Stored<V> dropped(K key, Stored<V> stored, OperationBudget budget) {
    return stored.expired() ? engine.dropped(key, stored, budget) : stored;
  }

  void putAll(Map<? extends K, ? extends V> map) {
    if (map.isEmpty()) {
      return;
    }
    if (engine.putsBlindly()) {
      long start = statistics.startOfWrite();
      List<Change<K, V>> changes = new ArrayList<>(map.size());
      map.forEach((key, value) -> changes.add(engine.blindPut(key, value)));
      countPuts(writeBlind(changes, engine.budget()), start);
      return;
    }
    Map<K, V> toStore = new LinkedHashMap<>(map);
    CacheWriterException failure = null;
    WriteThrough<K, V> writer = parts.writer();
    if (writer != null) {
      WriteThrough.BulkResult<K> written = writer.writeAll(map);
      toStore.keySet().retainAll(written.done());
      failure = written.failure();
    }
    Failures failures = new Failures(failure);
    change(
        new Step<>(toStore.keySet(), engine.budget()),
        key -> Mutations.put(Objects.requireNonNull(toStore.get(key))),
        failures);
    failures.throwIfAny();
  }

  /** Answers how many entries went. */
  long removeAll(Set<? extends K> keys) {
    return removeAll(keys, engine.budget());
  }

  private long removeAll(Set<? extends K> keys, OperationBudget budget) {
    if (keys.isEmpty()) {
      return 0;
    }
    if (engine.removesBlindly()) {
      long start = statistics.startOfWrite();
      List<Change<K, V>> changes = new ArrayList<>(keys.size());
      keys.forEach(key -> changes.add(Change.remove(key)));
      return countRemovals(writeBlind(changes, budget), start);
    }
    Set<K> toRemove = new LinkedHashSet<>(keys);
    CacheWriterException failure = null;
    WriteThrough<K, V> writer = parts.writer();
    if (writer != null) {
      WriteThrough.BulkResult<K> deleted = writer.deleteAll(keys);
      toRemove.retainAll(deleted.done());
      failure = deleted.failure();
    }
    Failures failures = new Failures(failure);
    Step<K> step = new Step<>(toRemove, budget.nextStep());
    long removed = change(step, key -> Mutations.remove(), failures);
    failures.throwIfAny();
    return removed;
  }

  /** Removes the entries whose keys match; all, where not all could be listed. Answers how many. */
  long removeMatching(KeyGlob glob) {
    long removed = 0;
    OperationBudget budget = engine.budget();
    Set<K> batch = new LinkedHashSet<>();
    Iterator<List<K>> pages = store.keysMatching(glob);
    while (!budget.isOver() && pages.hasNext()) {
      for (K key : pages.next()) {
        batch.add(key);
        if (batch.size() == REMOVE_ALL_BATCH) {
          removed += removeAll(batch, budget.nextStep());
          batch = new LinkedHashSet<>();
        }
      }
    }
    boolean partial = budget.isOver() || Partial.is(pages);
    removed += removeAll(batch, lastStep(budget, partial));
    if (partial) {
      clear(budget.nextStep());
    }
    return removed;
  }

  /**
   * Removes all entries, so that writer, listeners and statistics know of each; what could not be
   * listed goes without.
   */
  void removeAll() {
    OperationBudget budget = engine.budget();
    Set<K> batch = new LinkedHashSet<>();
    Iterator<Map.Entry<K, Stored<V>>> all = store.iterator();
    while (!budget.isOver() && all.hasNext()) {
      Map.Entry<K, Stored<V>> entry = all.next();
      if (entry.getValue().expired()) {
        engine.dropExpired(entry.getKey(), entry.getValue(), budget.nextStep());
      } else {
        batch.add(entry.getKey());
      }
      if (batch.size() == REMOVE_ALL_BATCH) {
        removeAll(batch, budget.nextStep());
        batch = new LinkedHashSet<>();
      }
    }
    boolean partial = budget.isOver() || Partial.is(all);
    removeAll(batch, lastStep(budget, partial));
    if (partial) {
      clear(budget.nextStep());
    }
  }

  /** A listing that has waited for the server in vain leaves no time to wait again. */
  private static OperationBudget lastStep(OperationBudget budget, boolean partial) {
    if (partial) {
      budget.endNow();
    }
    return budget.nextStep();
  }

  void clear() {
    clear(engine.budget());
  }

  private void clear(Budget budget) {
    store.clear(budget);
    parts.flights().allEnded();
    statistics.cleared();
  }

  long clearAndCount() {
    try {
      return store.clearAndCount(engine.budget());
    } finally {
      parts.flights().allEnded();
      statistics.cleared();
    }
  }

  private List<Outcome> writeBlind(List<Change<K, V>> changes, Budget budget) {
    try {
      return store.writeAll(changes, budget);
    } finally {
      changes.forEach(change -> engine.parts().flights().ended(change.key()));
    }
  }

  private void countPuts(List<Outcome> outcomes, long start) {
    int count = 0;
    for (Outcome outcome : outcomes) {
      count += outcome == Outcome.NOTHING ? 0 : 1;
    }
    if (count > 0) {
      statistics.put(count);
      statistics.wrote(start, count);
    }
  }

  private long countRemovals(List<Outcome> outcomes, long start) {
    int count = 0;
    for (Outcome outcome : outcomes) {
      count += outcome == Outcome.REMOVED ? 1 : 0;
    }
    if (count > 0) {
      statistics.removal(count);
      statistics.removed(start, count);
    }
    return count;
  }

  /** Keys that are changed at once, and for how long that may take. */
  private record Step<K>(Set<K> keys, OperationBudget budget) {}

  /**
   * Runs one mutation each, in two trips where nobody interferes; the writer has run already.
   *
   * @return how many answered true: puts always do, removals if there was an entry
   */
  private long change(
      Step<K> step, Function<K, Mutation<V, Boolean>> mutations, Failures failures) {
    Set<K> keys = step.keys();
    OperationBudget budget = step.budget();
    Pending<K, V> pending = parts.events().pending();
    Set<K> losers = new HashSet<>();
    long first = 0;
    try (KeyLocks.Held held = engine.locks().lockAll(keys, budget)) {
      Map<K, Stored<V>> priors = store.getAll(keys, Ttl.KEEP, budget);
      List<BulkStep<K, V>> steps = new ArrayList<>(keys.size());
      priors.forEach((key, prior) -> {
        if (prior.expired()) {
          losers.add(key);
        } else {
          steps.add(BulkStep.of(engine, key, prior, mutations.apply(key)));
        }
      });
      List<Outcome> outcomes =
          store.writeAll(steps.stream().map(BulkStep::change).toList(), budget);
      for (int i = 0; i < outcomes.size(); i++) {
        if (outcomes.get(i) == Outcome.REFUSED) {
          losers.add(steps.get(i).key());
        } else {
          steps.get(i).account(engine, pending, outcomes.get(i));
          first += outcomes.get(i) == Outcome.NOTHING ? 0 : 1;
        }
      }
    }
    failures.collect(pending::await);
    AtomicLong done = new AtomicLong(first);
    losers.forEach(key -> failures.collect(() -> {
      if (engine.run(key, mutations.apply(key), null, budget.nextStep())) {
        done.incrementAndGet();
      }
    }));
    return done.get();
  }

  /**
   * Loads the keys and stores what came, unless somebody changed an entry meanwhile.
   *
   * @param replace whether entries that are there are loaded again
   */
  void loadAll(Set<? extends K> keys, boolean replace) {
    Map<K, Stored<V>> seen = new LinkedHashMap<>();
    OperationBudget budget = engine.budget();
    store.getAll(keys, Ttl.KEEP, budget).forEach((key, stored) -> {
      Stored<V> there = dropped(key, stored, budget);
      if (replace || there.value() == null) {
        seen.put(key, there);
      }
    });
    if (!seen.isEmpty()) {
      new BulkLoads<>(engine).load(seen, budget);
    }
  }
}
