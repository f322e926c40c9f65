package io.larder.history;

import io.larder.store.SharedStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/**
 * A near cache as it is often written, and wrong: it hears each invalidation, and stores whatever
 * it reads, also what an invalidation has overtaken.
 */
final class Unguarded implements Target, SharedStore.Invalidations<String> {

  private final StoreTarget shared;
  private final Map<String, String> near = new ConcurrentHashMap<>();
  private volatile boolean up;

  Unguarded(SharedStore<String, String> shared) {
    this.shared = new StoreTarget(shared);
    shared.listen(this);
  }

  @Override
  public String get(String key) {
    String value = near.get(key);
    if (value == null) {
      value = shared.get(key);
      if (value != null && up) {
        near.put(key, value);
      }
    }
    return value;
  }

  @Override
  public Map<String, String> getAll(Set<String> keys) {
    return shared.getAll(keys);
  }

  @Override
  public boolean containsKey(String key) {
    return shared.containsKey(key);
  }

  @Override
  public void put(String key, String value) {
    shared.put(key, value);
    near.remove(key);
  }

  @Override
  public void putAll(Map<String, String> entries) {
    shared.putAll(entries);
    entries.keySet().forEach(near::remove);
  }

  @Override
  public boolean remove(String key) {
    boolean removed = shared.remove(key);
    near.remove(key);
    return removed;
  }

  @Override
  public void removeAll(Set<String> keys) {
    shared.removeAll(keys);
    keys.forEach(near::remove);
  }

  @Override
  public void clear() {
    shared.clear();
    near.clear();
  }

  @Override
  public Cache<String, String> deciding() {
    return null;
  }

  @Override
  public void changed(int bucket, long previous, long sequence, @Nullable List<String> keys) {
    if (keys == null) {
      near.clear();
    } else {
      keys.forEach(near::remove);
    }
  }

  @Override
  public void lost(int bucket) {
    near.clear();
  }

  @Override
  public void up() {
    up = true;
  }

  @Override
  public void down() {
    up = false;
    near.clear();
  }
}
