package io.larder.store;

import io.larder.expiry.Ttl;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One change to one key.
 *
 * @param value the new value, or null to remove the entry
 * @param creationTtl milliseconds to live if the entry is new; {@link Ttl#ZERO} stores nothing
 * @param updateTtl milliseconds to live if it replaces a live one; {@link Ttl#KEEP} leaves the
 *     deadline, {@link Ttl#ZERO} removes the entry
 * @param condition what must hold
 * @param prior what was read, for {@link Condition#IF_SAME}, {@link Condition#IF_UNTOUCHED} and
 *     {@link Condition#IF_CLAIMED}
 */
public record Change<K, V>(
    K key,
    @Nullable V value,
    long creationTtl,
    long updateTtl,
    Condition condition,
    @Nullable Stored<V> prior) {

  public Change {
    Objects.requireNonNull(key, "key");
    boolean needsPrior = condition == Condition.IF_SAME
        || condition == Condition.IF_UNTOUCHED
        || condition == Condition.IF_CLAIMED;
    if (needsPrior != (prior != null)) {
      throw new IllegalArgumentException("prior with condition " + condition + ": " + prior);
    }
  }

  /** A put without regard to what is there. */
  public static <K, V> Change<K, V> put(K key, V value, long creationTtl, long updateTtl) {
    return new Change<>(key, value, creationTtl, updateTtl, Condition.ALWAYS, null);
  }

  /** A removal without regard to what is there. */
  public static <K, V> Change<K, V> remove(K key) {
    return new Change<>(key, null, Ttl.ZERO, Ttl.ZERO, Condition.ALWAYS, null);
  }

  /** The new value if the entry is still what was read. */
  public static <K, V> Change<K, V> replace(K key, Stored<V> prior, V value, long ttl) {
    return new Change<>(key, value, ttl, ttl, Condition.IF_SAME, prior);
  }

  /** A removal if the entry is still what was read. */
  public static <K, V> Change<K, V> remove(K key, Stored<V> prior) {
    return new Change<>(key, null, Ttl.ZERO, Ttl.ZERO, Condition.IF_SAME, prior);
  }

  /** A loaded value, if nothing changed since the miss. */
  public static <K, V> Change<K, V> fill(K key, Stored<V> miss, V value, long creationTtl) {
    return new Change<>(key, value, creationTtl, creationTtl, Condition.IF_UNTOUCHED, miss);
  }

  /** A computed value, if nothing changed since the key was claimed. */
  public static <K, V> Change<K, V> claimed(K key, Claim<V> claim, V value, long creationTtl) {
    return new Change<>(key, value, creationTtl, creationTtl, Condition.IF_CLAIMED, claim);
  }
}
