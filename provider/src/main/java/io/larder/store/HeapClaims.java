package io.larder.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who computes a value for which key of a cache on the heap. Thread-safe. */
final class HeapClaims<K, V> {

  private final ConcurrentHashMap<K, HeapClaim<K, V>> claims = new ConcurrentHashMap<>();

  /** A claim, known by who holds it. */
  private record HeapClaim<K, V>(HeapClaims<K, V> all, K key, String holder) implements Claim<V> {

    @Override
    public void close() {
      all.claims.remove(key, this);
    }
  }

  /** The key's claim, or another absence if somebody else holds it. */
  Stored<V> take(K key, String holder) {
    HeapClaim<K, V> claim = claims.computeIfAbsent(key, k -> new HeapClaim<>(this, k, holder));
    return claim.holder().equals(holder) ? claim : new HeapAbsence<>();
  }

  boolean stands(K key, @Nullable Object claim) {
    return claim != null && claims.get(key) == claim;
  }

  /** The key has changed. */
  void end(K key) {
    if (!claims.isEmpty()) {
      claims.remove(key);
    }
  }

  /** The keys that are claimed now. */
  Set<K> keys() {
    return claims.keySet();
  }

  void endAll() {
    claims.clear();
  }
}
