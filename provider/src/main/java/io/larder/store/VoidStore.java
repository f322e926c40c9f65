package io.larder.store;

import io.larder.expiry.Ttl;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds nothing: reads miss, and what is written is gone at once. */
public final class VoidStore<K, V> implements Store<K, V> {

  private static final class Absence<V> implements Stored<V> {

    @Override
    public @Nullable V value() {
      return null;
    }

    @Override
    public boolean expired() {
      return false;
    }

    @Override
    public boolean provisional() {
      return false;
    }

    @Override
    public boolean retained() {
      return false;
    }

    @Override
    public boolean sameVersion(Stored<V> other) {
      return other instanceof Absence<V>;
    }

    @Override
    public boolean sameMoment(Stored<V> other) {
      return sameVersion(other);
    }
  }

  @Override
  public Stored<V> get(K key, long accessTtl, Budget budget) {
    return new Absence<>();
  }

  @Override
  public Stored<V> getFresh(K key, Budget budget) {
    return new Absence<>();
  }

  @Override
  public Map<K, Stored<V>> getAll(Set<? extends K> keys, long accessTtl, Budget budget) {
    Map<K, Stored<V>> found = new HashMap<>(keys.size() * 2);
    keys.forEach(key -> found.put(key, new Absence<>()));
    return found;
  }

  @Override
  public boolean containsKey(K key, Budget budget) {
    return false;
  }

  @Override
  public Outcome write(Change<K, V> change, Budget budget) {
    return switch (change.condition()) {
      case ALWAYS, IF_ABSENT, IF_SAME, IF_CLAIMED ->
        change.value() == null || change.creationTtl() == Ttl.ZERO
            ? Outcome.NOTHING
            : Outcome.CREATED;
      case IF_PRESENT, IF_UNTOUCHED -> Outcome.REFUSED;
    };
  }

  @Override
  public List<Outcome> writeAll(List<Change<K, V>> changes, Budget budget) {
    List<Outcome> outcomes = new ArrayList<>(changes.size());
    changes.forEach(change -> outcomes.add(write(change, budget)));
    return outcomes;
  }

  @Override
  public void touch(K key, Stored<V> stored, long ttl, Budget budget) {}

  @Override
  public void clear(Budget budget) {}

  @Override
  public Iterator<Map.Entry<K, Stored<V>>> iterator() {
    return Collections.emptyIterator();
  }

  @Override
  public Lease lease(K key, Budget budget) {
    return () -> {};
  }

  @Override
  public long clearAndCount(Budget budget) {
    return 0;
  }

  @Override
  public Stored<V> claim(K key, String holder, Budget budget) {
    return new Unshared<>();
  }

  /** A claim that nobody contests, for nobody would find what is stored. */
  private static final class Unshared<V> implements Claim<V> {

    @Override
    public void close() {}
  }

  @Override
  public long timeToLive(Stored<V> found) {
    return Ttl.ZERO;
  }

  @Override
  public Iterator<List<K>> keysMatching(KeyGlob glob) {
    return Collections.emptyIterator();
  }

  @Override
  public boolean retainsValues() {
    return false;
  }

  @Override
  public void close() {}
}
