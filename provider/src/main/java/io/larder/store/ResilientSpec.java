package io.larder.store;

import io.larder.log.Log;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a resilient store is made of.
 *
 * @param log the cache's messages
 * @param circuit says whether the shared store may be asked; the caller's to close
 * @param fallback answers while it may not, closed with the store; null to throw
 * @param journalSize how many keys are remembered at most; more means clear
 * @param keyCopies makes keys that nobody else can change
 * @param valueCopies makes values that nobody else can change
 */
public record ResilientSpec<K, V>(
    Log log,
    Circuit circuit,
    @Nullable Store<K, V> fallback,
    int journalSize,
    UnaryOperator<K> keyCopies,
    UnaryOperator<V> valueCopies) {

  String cacheName() {
    return log.subject();
  }
}
