package io.larder;

import java.util.function.Consumer;
import java.util.function.Function;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/** The entry that an entry processor works on; keeps what it did (JSR-107 section 9.4). */
final class ProcessorEntry<K, V> implements MutableEntry<K, V> {

  private final K key;
  private final @Nullable V prior;
  private final Function<K, @Nullable V> loader;
  private final Consumer<V> check;
  private Effect effect = Effect.NONE;
  private @Nullable V value;

  /**
   * @param prior the live entry's value, or null
   * @param loader answers a read of an absent entry
   * @param check throws if that may not be a value
   */
  ProcessorEntry(K key, @Nullable V prior, Function<K, @Nullable V> loader, Consumer<V> check) {
    this.key = key;
    this.prior = prior;
    this.loader = loader;
    this.check = check;
    this.value = prior;
  }

  /** What the processor did, with its result. */
  <R> Decision<V, R> decision(R result) {
    return new Decision<>(effect, effect == Effect.REMOVE ? null : value, result);
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public boolean exists() {
    return value != null;
  }

  @Override
  public @Nullable V getValue() {
    if (value != null) {
      if (effect == Effect.NONE) {
        effect = Effect.ACCESS;
      }
      return value;
    }
    if (effect != Effect.REMOVE) {
      value = loader.apply(key);
      if (value != null) {
        effect = Effect.LOAD;
      }
    }
    return value;
  }

  @Override
  public void setValue(V newValue) {
    check.accept(newValue);
    value = newValue;
    effect = Effect.PUT;
  }

  /** Removing what this processor itself created leaves nothing to do. */
  @Override
  public void remove() {
    boolean created = prior == null && (effect == Effect.PUT || effect == Effect.LOAD);
    effect = created ? Effect.NONE : Effect.REMOVE;
    value = null;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrap.as(type, this);
  }
}
