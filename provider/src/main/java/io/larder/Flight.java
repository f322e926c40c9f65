package io.larder;

import io.larder.store.Stored;
import java.util.concurrent.CompletableFuture;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;

/** One load on its way. Made by the thread that calls the loader. */
final class Flight<V> {

  private final Stored<V> miss;
  private final Thread pilot = Thread.currentThread();
  private final CompletableFuture<@Nullable V> landing = new CompletableFuture<>();
  private volatile boolean open = true;

  Flight(Stored<V> miss) {
    this.miss = miss;
  }

  /** What was read before the load. */
  Stored<V> miss() {
    return miss;
  }

  /** Whether the key has not changed since. */
  boolean isOpen() {
    return open;
  }

  void end() {
    open = false;
  }

  void land(@Nullable V value) {
    landing.complete(value);
  }

  void fail(Throwable e) {
    landing.completeExceptionally(e);
  }

  @Nullable
  V join() {
    return landing.join();
  }

  /** Waits for the landing, whatever it brings. */
  void awaitEnd() {
    landing.handle((value, e) -> true).join();
  }

  /** A loader that asks the cache for the key it is loading would wait for itself. */
  void refuseOwnThread(String cacheName) {
    if (pilot == Thread.currentThread()) {
      throw new CacheLoaderException(
          cacheName + ": the loader asked the cache for the key that it is loading");
    }
  }
}
