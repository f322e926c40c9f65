package io.larder;

import java.util.function.Function;
import javax.cache.CacheException;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.jspecify.annotations.Nullable;

/** An entry processor as a mutation. What it throws reaches the caller and changes nothing. */
record Invocation<K, V, R>(
    String cacheName,
    Function<@Nullable V, ProcessorEntry<K, V>> entries,
    EntryProcessor<K, V, R> processor,
    Object[] arguments)
    implements Mutation<V, @Nullable R> {

  @Override
  public Decision<V, @Nullable R> decide(@Nullable V prior) {
    ProcessorEntry<K, V> entry = entries.apply(prior);
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
