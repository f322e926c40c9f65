package io.larder.store;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.CacheException;

/** The leases of a cache on the heap: who holds a key keeps the others waiting. Thread-safe. */
final class HeapLeases<K> {

  private final Set<K> held = new HashSet<>();

  /**
   * Waits for the key's lease.
   *
   * @throws LockTimeoutException if it is not free within the budget
   */
  Lease acquire(K key, Budget budget) {
    long end = System.nanoTime() + budget.remainingNanos();
    synchronized (held) {
      while (!held.add(key)) {
        await(end - System.nanoTime());
      }
    }
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        release(key);
      }
    };
  }

  private void await(long nanos) {
    if (nanos <= 0) {
      throw new LockTimeoutException("another thread kept the key's lease for too long");
    }
    try {
      TimeUnit.NANOSECONDS.timedWait(held, Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException("interrupted while waiting for a key's lease", e);
    }
  }

  private void release(K key) {
    synchronized (held) {
      held.remove(key);
      held.notifyAll();
    }
  }
}
