package io.larder;

import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * Loads that run on threads of the manager: {@link javax.cache.Cache#loadAll}. Whatever becomes of
 * a load, its listener is told once.
 */
record BackgroundLoads<K, V>(Parts<K, V> parts, BulkEngine<K, V> bulk) {

  /** Starts a load; without a loader it is complete at once. */
  void start(Set<? extends K> keys, boolean replace, @Nullable CompletionListener listener) {
    if (parts.loader() == null) {
      tell(listener, CompletionListener::onCompletion);
      return;
    }
    Set<K> copy = Set.copyOf(keys);
    try {
      parts.background().execute(() -> load(copy, replace, listener));
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException(parts.cacheName() + ": the cache manager is closed", e);
    }
  }

  private void load(Set<K> keys, boolean replace, @Nullable CompletionListener listener) {
    try {
      bulk.loadAll(keys, replace);
    } catch (RuntimeException e) {
      tell(listener, told -> told.onException(e));
      return;
    } catch (Error e) {
      CacheLoaderException failure = new CacheLoaderException(parts.cacheName() + ": failed", e);
      tell(listener, told -> told.onException(failure));
      throw e;
    }
    tell(listener, CompletionListener::onCompletion);
  }

  /** A listener that fails has nobody to tell it to. */
  private void tell(@Nullable CompletionListener listener, Consumer<CompletionListener> what) {
    if (listener != null) {
      try {
        what.accept(listener);
      } catch (RuntimeException e) {
        String type = listener.getClass().getName();
        parts.log().from(BackgroundLoads.class).warn("completion listener {} failed", type, e);
      }
    }
  }
}
