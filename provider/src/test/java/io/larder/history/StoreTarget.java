package io.larder.history;

import io.larder.expiry.Ttl;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.Outcome;
import io.larder.store.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;

/** A store under load, without the cache around it. */
final class StoreTarget implements Target {

  private final Store<String, String> store;

  StoreTarget(Store<String, String> store) {
    this.store = store;
  }

  private static Budget budget() {
    return Budget.startingNow(TimeUnit.SECONDS.toNanos(5));
  }

  @Override
  public String get(String key) {
    return store.get(key, Ttl.KEEP, budget()).value();
  }

  @Override
  public Map<String, String> getAll(Set<String> keys) {
    Map<String, String> found = new HashMap<>();
    store.getAll(keys, Ttl.KEEP, budget()).forEach((key, stored) -> found.put(key, stored.value()));
    return found;
  }

  @Override
  public boolean containsKey(String key) {
    return store.containsKey(key, budget());
  }

  @Override
  public void put(String key, String value) {
    store.write(change(key, value), budget());
  }

  @Override
  public void putAll(Map<String, String> entries) {
    List<Change<String, String>> changes = entries.entrySet().stream()
        .map(entry -> change(entry.getKey(), entry.getValue()))
        .toList();
    store.writeAll(changes, budget());
  }

  private static Change<String, String> change(String key, String value) {
    return Change.put(key, value, Ttl.ETERNAL, Ttl.ETERNAL);
  }

  @Override
  public boolean remove(String key) {
    return store.write(Change.remove(key), budget()) == Outcome.REMOVED;
  }

  @Override
  public void removeAll(Set<String> keys) {
    List<Change<String, String>> changes =
        keys.stream().map(Change::<String, String>remove).toList();
    store.writeAll(changes, budget());
  }

  @Override
  public void clear() {
    store.clear(budget());
  }

  @Override
  public Cache<String, String> deciding() {
    return null;
  }
}
