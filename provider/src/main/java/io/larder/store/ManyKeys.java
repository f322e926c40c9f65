package io.larder.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a resilient store on many keys. Thread-safe.
 *
 * <p><b>Which way each key goes.</b> A key that stands apart, because the journal holds it and it
 * cannot be removed in the shared store now, or because the change of it was decided on an answer
 * of the fallback, goes to the fallback; the others go to the shared store together. So one key
 * that has to wait takes no other with it. Where there is no fallback, one key that stands apart
 * fails the call before anything is sent.
 */
final class ManyKeys<K, V> {

  private final SharedStore<K, V> shared;
  private final Passage<K, V> passage;
  private final @Nullable Diversion<K, V> diversion;

  /** @param diversion null where nothing answers in the shared store's place */
  ManyKeys(SharedStore<K, V> shared, Passage<K, V> passage, @Nullable Diversion<K, V> diversion) {
    this.shared = shared;
    this.passage = passage;
    this.diversion = diversion;
  }

  private Diversion<K, V> diversion() {
    if (diversion == null) {
      throw passage.away();
    }
    return diversion;
  }

  Map<K, Stored<V>> getAll(Set<? extends K> keys, long accessTtl, Budget given) {
    if (keys.isEmpty()) {
      return Map.of();
    }
    Allowance budget = Allowance.of(given);
    Set<K> apart = passage.apart(keys, budget);
    if (apart.isEmpty()) {
      return readShared(keys, accessTtl, budget, given);
    }
    Map<K, Stored<V>> found = new HashMap<>(diversion().getAll(apart, accessTtl, given));
    Set<K> rest = new HashSet<>(keys);
    rest.removeAll(apart);
    if (!rest.isEmpty()) {
      found.putAll(readShared(rest, accessTtl, budget, given));
    }
    return found;
  }

  private Map<K, Stored<V>> readShared(
      Set<? extends K> keys, long accessTtl, Allowance budget, Budget given) {
    try {
      return passage.answered(shared.getAll(keys, accessTtl, budget));
    } catch (StoreUnavailableException e) {
      passage.lost(e, budget);
      return diversion().getAll(keys, accessTtl, given);
    }
  }

  List<SharedWrite> writeAll(List<Change<K, V>> changes, Budget given) {
    if (changes.isEmpty()) {
      return List.of();
    }
    Allowance budget = Allowance.of(given);
    Set<K> held = passage.held(changes.stream().map(Change::key).toList());
    Set<K> apart = apart(changes, budget);
    if (apart.isEmpty()) {
      return writeShared(changes, budget, given);
    }
    Diversion<K, V> fallback = diversion();
    List<@Nullable SharedWrite> written = new ArrayList<>(changes.size());
    List<Change<K, V>> rest = new ArrayList<>(changes.size());
    for (Change<K, V> change : changes) {
      boolean diverted = apart.contains(change.key());
      written.add(diverted ? fallback.divert(change, held.contains(change.key()), given) : null);
      if (!diverted) {
        rest.add(change);
      }
    }
    Iterator<SharedWrite> others = rest.isEmpty()
        ? Collections.emptyIterator()
        : writeShared(rest, budget, given).iterator();
    List<SharedWrite> all = new ArrayList<>(changes.size());
    written.forEach(write -> all.add(write == null ? others.next() : write));
    return all;
  }

  private Set<K> apart(List<Change<K, V>> changes, Allowance budget) {
    Set<K> decidedApart = new HashSet<>();
    for (Change<K, V> change : changes) {
      if (Diversion.isApart(change.prior())) {
        decidedApart.add(change.key());
      }
    }
    List<K> rest = new ArrayList<>(changes.size());
    for (Change<K, V> change : changes) {
      if (!decidedApart.contains(change.key())) {
        rest.add(change.key());
      }
    }
    if (decidedApart.isEmpty()) {
      return passage.apart(rest, budget);
    } else if (!rest.isEmpty()) {
      decidedApart.addAll(passage.apart(rest, budget));
    }
    return decidedApart;
  }

  private List<SharedWrite> writeShared(
      List<Change<K, V>> changes, Allowance budget, Budget given) {
    try {
      return passage.answered(shared.writeAllShared(changes, budget));
    } catch (StoreUnavailableException e) {
      List<Boolean> held =
          changes.stream().map(change -> passage.mark(change.key(), budget)).toList();
      passage.lost(e, budget);
      List<SharedWrite> written = new ArrayList<>(changes.size());
      for (int i = 0; i < changes.size(); i++) {
        written.add(diversion().marked(changes.get(i), held.get(i), given));
      }
      return written;
    }
  }
}
