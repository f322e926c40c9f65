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
import org.jspecify.annotations.Nullable;

/**
 * Locks of this process on keys, so that its threads do not lose to each other on the way to the
 * store, and so that events are published in the order of changes. There is a lock for each key
 * that somebody holds or waits for.
 *
 * <p>While the server is away those who hold a lock may have waited for it as long as they could,
 * and are about to let go; who comes next does not fail for being a moment early.
 *
 * <p><b>Who is waited for, and how long.</b> A caller waits until its own time is over, and a part
 * of that longer. By then whoever holds the lock may not have told yet that the server is away: it
 * began later, or the machine is busy and it comes to that late. So the caller waits on for this
 * one as long as it is not in the application's own code, which may take any time, or wait for the
 * caller: by up to its time again, and what a machine may stand still, since the fallback of the
 * first outage may be code that was never run. Where it is known that the server is away, whoever
 * holds the lock is waited for, by as much, and in turn: who has just failed, and begins its next
 * call, does not take the lock from one who waits, again and again. While the server answers it
 * may, for that is faster. A call on many keys waits in vain once.
 */
final class KeyLocks {

  /** An order that all callers share, but for different keys that hash and print alike. */
  private static final Comparator<Object> ORDER =
      Comparator.comparingInt(Object::hashCode).thenComparing(String::valueOf);

  private static final long LEAST_PART = 10;
  private static final long LATE_PART = 4;
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(2);

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
    Budget outer = lock.holder;
    lock.holder = budget;
    return () -> {
      lock.holder = outer;
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

  private void acquire(CountedLock lock, Budget budget) {
    boolean inTurn = lock.hasQueuedThreads() && outage.getAsBoolean();
    if (!inTurn && lock.tryLock()) {
      return;
    } else if (budget.isLockedOut()) {
      throw new LockTimeoutException(cacheName
          + ": another thread keeps the key locked, and this call has waited for"
          + " operation_timeout_ms for another key");
    }
    try {
      if (!lock.tryLock(ownTime(budget), TimeUnit.NANOSECONDS) && !outlasts(lock, budget)) {
        budget.lockedOut();
        throw new LockTimeoutException(cacheName
            + ": another thread kept the key locked for longer than operation_timeout_ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException(cacheName + ": interrupted while waiting for a key's lock", e);
    }
  }

  /** Waits on, as long as whoever holds the lock may be waiting for the server. */
  private boolean outlasts(CountedLock lock, Budget budget) throws InterruptedException {
    Budget holder = lock.holder;
    long begun = System.nanoTime();
    long end = begun + patience(budget);
    long furthest = begun + budget.remainingNanos() + patienceNanos + STALL_NANOS;
    long wait;
    do {
      boolean away = outage.getAsBoolean();
      long now = System.nanoTime();
      boolean inTheStore = lock.isInTheStore() && (away || lock.holder == holder);
      long left = Math.max(away ? end - now : 0, inTheStore ? furthest - now : 0);
      if (left <= 0) {
        return lock.tryLock();
      }
      wait = Math.min(left, Math.max(away ? end - now : 0, patienceNanos / LATE_PART));
    } while (!lock.tryLock(wait, TimeUnit.NANOSECONDS));
    return true;
  }

  /** What is left, and what those ahead may be late; in one, or it would lose its turn between. */
  private long ownTime(Budget budget) {
    return Math.max(0, budget.remainingNanos() + patienceNanos / LATE_PART);
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

    /** The budget of the call that holds it. */
    private transient volatile @Nullable Budget holder;

    CountedLock() {
      super(true);
    }

    /** Whether somebody holds it, and is not in the application's own code. */
    boolean isInTheStore() {
      Budget call = holder;
      return call != null && !call.isPaused();
    }
  }

  /** Locks that are held until closed. */
  interface Held extends AutoCloseable {

    @Override
    void close();
  }
}
