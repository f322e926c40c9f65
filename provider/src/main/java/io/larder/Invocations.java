package io.larder;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/** Entry processors, run on the entries of one cache. */
record Invocations<K, V>(Engine<K, V> engine, Arguments<K, V> checks) {

  <T> @Nullable T one(K key, EntryProcessor<K, V, T> processor, Object[] arguments) {
    return engine.run(key, invocation(key, processor, arguments));
  }

  /** The results of those that have one; a failure is thrown by its result. */
  <T> Map<K, EntryProcessorResult<T>> all(
      Set<? extends K> keys, EntryProcessor<K, V, T> processor, Object[] arguments) {
    Map<K, EntryProcessorResult<T>> results = new LinkedHashMap<>();
    OperationBudget budget = engine.budget();
    WriteThrough<K, V> writer = engine.parts().writer();
    for (K key : keys) {
      try {
        Invocation<K, V, T> invocation = invocation(key, processor, arguments);
        T result = engine.run(key, invocation, writer, budget.nextStep());
        if (result != null) {
          results.put(key, () -> result);
        }
      } catch (RuntimeException e) {
        results.put(key, () -> {
          throw e instanceof EntryProcessorException known ? known : new EntryProcessorException(e);
        });
      }
    }
    return results;
  }

  private <T> Invocation<K, V, T> invocation(
      K key, EntryProcessor<K, V, T> processor, Object[] arguments) {
    Function<K, @Nullable V> loader =
        engine.parts().readThrough() ? engine.loads()::call : unread -> null;
    return new Invocation<>(
        checks.cacheName(),
        prior -> new ProcessorEntry<>(key, prior, loader, checks::requireValue),
        processor,
        arguments);
  }
}
