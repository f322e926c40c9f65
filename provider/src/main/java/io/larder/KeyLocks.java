package io.larder;

import io.larder.store.Budget;
import io.larder.store.LockTimeoutException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.cache.CacheException;

/**
 * Locks of this process on keys, so that its threads do not lose to each other on the way to the
 * store, and so that events are published in the order of changes. Keys share stripes.
 */
final class KeyLocks {

  private static final int STRIPES = 512;

  private final String cacheName;
  private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

  KeyLocks(String cacheName) {
    this.cacheName = cacheName;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  /** The lock of one key, held. */
  Held lock(Object key, Budget budget) {
    ReentrantLock lock = stripes[stripe(key)];
    acquire(lock, budget);
    return lock::unlock;
  }

  /** The locks of all keys, held; taken in an order that all callers share. */
  Held lockAll(Collection<?> keys, Budget budget) {
    TreeSet<Integer> needed = new TreeSet<>();
    for (Object key : keys) {
      needed.add(stripe(key));
    }
    List<ReentrantLock> held = new ArrayList<>(needed.size());
    Held all = () -> held.forEach(ReentrantLock::unlock);
    try {
      for (int index : needed) {
        acquire(stripes[index], budget);
        held.add(stripes[index]);
      }
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
    return all;
  }

  private void acquire(ReentrantLock lock, Budget budget) {
    if (lock.tryLock()) {
      return;
    }
    try {
      if (!lock.tryLock(budget.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw new LockTimeoutException(cacheName
            + ": another thread kept the key locked for longer than operation_timeout_ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException(cacheName + ": interrupted while waiting for a key's lock", e);
    }
  }

  private static int stripe(Object key) {
    int h = key.hashCode() * 0x9E3779B9;
    return h >>> (Integer.SIZE - 9);
  }

  /** Locks that are held until closed. */
  interface Held extends AutoCloseable {

    @Override
    void close();
  }
}
