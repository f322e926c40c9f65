package io.larder;

import java.util.function.Function;
import javax.cache.CacheException;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.jspecify.annotations.Nullable;

/** An entry processor as a mutation. What it throws reaches the caller and changes nothing. */
record Invocation<K, V, R>(
    String cacheName,
    K key,
    EntryProcessor<K, V, R> processor,
    Object[] arguments,
    @Nullable Function<K, @Nullable V> loader)
    implements Mutation<V, @Nullable R> {

  @Override
  public Decision<V, @Nullable R> decide(@Nullable V prior) {
    ProcessorEntry<K, V> entry = new ProcessorEntry<>(key, prior, loader);
    try {
      R result = processor.process(entry, arguments);
      return entry.decision(result);
    } catch (CacheException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new EntryProcessorException(
          cacheName + ": entry processor " + processor.getClass().getName() + " failed", e);
    }
  }
}
