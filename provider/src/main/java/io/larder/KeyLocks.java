package io.larder;

import io.larder.store.Budget;
import io.larder.store.LockTimeoutException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import javax.cache.CacheException;

/**
 * Locks of this process on keys, so that its threads do not lose to each other on the way to the
 * store, and so that events are published in the order of changes. There is a lock for each key
 * that somebody holds or waits for.
 *
 * <p>While the server is away those who hold a lock may have waited for it as long as they could,
 * and are about to let go; who comes next does not fail for being a moment early. The first of them
 * may not have told yet that the server is away: on a busy machine it comes to that a moment late.
 * A call on many keys waits in vain once.
 */
final class KeyLocks {

  /** An order that all callers share, but for different keys that hash and print alike. */
  private static final Comparator<Object> ORDER =
      Comparator.comparingInt(Object::hashCode).thenComparing(String::valueOf);

  private static final long LEAST_PART = 10;
  private static final long LATE_PART = 4;

  private final String cacheName;
  private final long patienceNanos;
  private final BooleanSupplier outage;
  private final ConcurrentHashMap<Object, CountedLock> locks = new ConcurrentHashMap<>();

  /** @param outage whether who holds a lock may have waited for a server that is away */
  KeyLocks(String cacheName, long patienceNanos, BooleanSupplier outage) {
    this.cacheName = cacheName;
    this.patienceNanos = patienceNanos;
    this.outage = outage;
  }

  /**
   * The lock of one key, held.
   *
   * @throws LockTimeoutException if it is not free within the budget
   */
  Held lock(Object key, Budget budget) {
    CountedLock lock = locks.compute(key, (k, present) -> {
      CountedLock counted = present == null ? new CountedLock() : present;
      counted.users++;
      return counted;
    });
    try {
      acquire(lock, budget);
    } catch (RuntimeException e) {
      leave(key);
      throw e;
    }
    return () -> {
      lock.unlock();
      leave(key);
    };
  }

  /** The locks of all keys, held; taken in an order that all callers share. */
  Held lockAll(Collection<?> keys, Budget budget) {
    List<Object> ordered = new ArrayList<>(new LinkedHashSet<>(keys));
    ordered.sort(ORDER);
    List<Held> held = new ArrayList<>(ordered.size());
    Held all = () -> held.forEach(Held::close);
    try {
      for (Object key : ordered) {
        held.add(lock(key, budget));
      }
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
    return all;
  }

  private void leave(Object key) {
    locks.computeIfPresent(key, (k, counted) -> --counted.users == 0 ? null : counted);
  }

  private void acquire(ReentrantLock lock, Budget budget) {
    if (lock.tryLock()) {
      return;
    } else if (budget.isLockedOut()) {
      throw new LockTimeoutException(cacheName
          + ": another thread keeps the key locked, and this call has waited for"
          + " operation_timeout_ms for another key");
    }
    try {
      boolean held = lock.tryLock(budget.remainingNanos(), TimeUnit.NANOSECONDS)
          || lock.tryLock(late(budget), TimeUnit.NANOSECONDS)
          || outage.getAsBoolean() && lock.tryLock(patience(budget), TimeUnit.NANOSECONDS);
      if (!held) {
        budget.lockedOut();
        throw new LockTimeoutException(cacheName
            + ": another thread kept the key locked for longer than operation_timeout_ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException(cacheName + ": interrupted while waiting for a key's lock", e);
    }
  }

  /** What those ahead may be late, from the end of the budget on. */
  private long late(Budget budget) {
    return Math.max(0, patienceNanos / LATE_PART + Math.min(0, budget.remainingNanos()));
  }

  /** What is left of it since the budget was over, for all keys of a call; never quite nothing. */
  private long patience(Budget budget) {
    return Math.max(
        patienceNanos / LEAST_PART, patienceNanos + Math.min(0, budget.remainingNanos()));
  }

  /** A lock and how many hold it or wait for it; the count is guarded by the map. */
  private static final class CountedLock extends ReentrantLock {

    private static final long serialVersionUID = 1L;

    private int users;
  }

  /** Locks that are held until closed. */
  interface Held extends AutoCloseable {

    @Override
    void close();
  }
}
