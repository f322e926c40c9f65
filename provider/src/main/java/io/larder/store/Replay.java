package io.larder.store;

import io.larder.store.CircuitMembers.Member;
import io.larder.store.CircuitMembers.Replayed;
import io.larder.store.Journal.Page;
import io.larder.store.SharedStore.Invalidations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Has the shared store remove what a journal holds, so that nothing that was removed or written
 * without it comes back. Thread-safe.
 *
 * <p><b>The order for each key.</b> It is removed in the shared store, which makes a sequence and
 * tells all processes; the near tier learns that sequence, so that no older answer is kept any
 * more; what the fallback held is dropped; and last, the key is struck off. Whoever asks for the
 * key before that is not answered from the shared store.
 */
final class Replay<K, V> implements Member {

  private static final int PAGE = 1000;

  private final SharedStore<K, V> shared;
  private final Journal<K> journal;
  private final @Nullable Store<K, V> fallback;
  private final String cacheName;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Invalidations<K> listener;
  private volatile boolean closed;
  private volatile List<Member> earlier = List.of();

  Replay(SharedStore<K, V> shared, Journal<K> journal, ResilientSpec<K, V> spec) {
    this.shared = shared;
    this.journal = journal;
    this.fallback = spec.fallback();
    this.cacheName = spec.cacheName();
  }

  /** Tells a near tier from now on. */
  void tell(Invalidations<K> nearTier) {
    listener = nearTier;
  }

  /** Stores of the same cache that are closed, or about to be, whose journals come first. */
  void after(List<Member> sameCache) {
    earlier = sameCache;
  }

  /** Whether anything that an earlier store of the same cache left is not replayed yet. */
  boolean hasEarlier() {
    return earlier().stream().anyMatch(Member::hasJournal);
  }

  private List<Member> earlier() {
    List<Member> before = earlier;
    if (before.isEmpty()
        || before.stream().anyMatch(member -> member.hasJournal() || !member.isClosed())) {
      return before;
    }
    earlier = List.of();
    return List.of();
  }

  private boolean earlierHold(Object key) {
    return earlier().stream().anyMatch(member -> member.holds(key));
  }

  /**
   * How long it takes until what an earlier store left of that key may be replayed. Until then the
   * key is not asked for, so what is journalled of it now waits as long.
   */
  long nanosUntilEarlierDue(K key) {
    return earlier().stream()
        .filter(member -> member.holds(key))
        .mapToLong(Member::nanosUntilDue)
        .max()
        .orElse(0);
  }

  /** Replays what is due of what earlier stores of the same cache left. */
  private void replayEarlier(Budget budget) {
    List<Member> before = earlier();
    waitFor(before.stream().mapToLong(Member::nanosUntilDue).max().orElse(0), budget);
    for (Member member : before) {
      if (member.hasJournal()) {
        member.replay(() -> budget);
      }
    }
  }

  /** Whether the key is in the journal, or in one that an earlier store left. */
  @Override
  public boolean holds(Object key) {
    return journal.holds(key) || earlierHold(key);
  }

  boolean holdsAny(Collection<? extends K> keys) {
    return (!journal.isEmpty() || hasEarlier()) && keys.stream().anyMatch(this::holds);
  }

  @Override
  public long nanosUntilDue() {
    return journal.nanosUntilDue();
  }

  /** The store is closed; what is in the journal is still replayed. */
  void close() {
    closed = true;
  }

  @Override
  public String cacheName() {
    return cacheName;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean hasJournal() {
    return !journal.isEmpty();
  }

  @Override
  public long journalledKeys() {
    return journal.size();
  }

  @Override
  public boolean journalledClear() {
    return journal.clears();
  }

  /** {@inheritDoc} What another thread replays for longer than a step is left to that. */
  @Override
  public Replayed replay(Supplier<Budget> budgets) {
    Replayed done = Replayed.NOTHING;
    long most = journal.size();
    if (!tryLock(budgets.get())) {
      return done;
    }
    try {
      Page<K> page = journal.page(PAGE);
      while (!page.isEmpty()) {
        replay(page, budgets.get());
        done = done.plus(new Replayed(page.keys().size(), page.clears() ? 1 : 0));
        page = done.keys() < most ? journal.page(PAGE) : Page.nothing();
      }
      return done;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Replays what it can within the budget, for a caller who is about to list. What is left, for
   * another thread is at it, or because the shared store refuses it, the caller must pass over, and
   * the fallback answers it.
   *
   * @throws CacheException if anything is left and there is no fallback
   */
  void all(Budget budget) {
    replayEarlier(budget);
    if (!tryLock(budget)) {
      if (fallback == null) {
        throw new StoreUnavailableException(
            cacheName + ": what changed without Redis is still being removed there", null);
      }
      return;
    }
    try {
      Page<K> page = journal.page(PAGE);
      while (!page.isEmpty() && budget.remainingNanos() > 0) {
        replay(page, budget);
        page = journal.page(PAGE);
      }
    } catch (CacheException e) {
      boolean away = e instanceof StoreUnavailableException lost && !lost.isOfChangesOnly();
      if (away || fallback == null) {
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Replays what is due of these keys, for a caller who is about to ask for them. */
  void some(Collection<? extends K> keys, Budget budget) {
    if (keys.stream().anyMatch(this::earlierHold)) {
      replayEarlier(budget);
    }
    waitFor(journal.nanosUntilDue(keys), budget);
    if (journal.page(keys).isEmpty() || !tryLock(budget)) {
      return;
    }
    try {
      Page<K> page = journal.page(keys);
      if (!page.isEmpty()) {
        replay(page, budget);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Without a fallback there is nothing to do but wait; with one, that answers meanwhile. */
  private void waitFor(long nanos, Budget budget) {
    if (fallback != null || nanos <= 0 || nanos > budget.remainingNanos()) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private boolean tryLock(Budget budget) {
    try {
      return lock.tryLock(Math.max(0, budget.remainingNanos()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private StoreUnavailableException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StoreUnavailableException(
        cacheName + ": interrupted while waiting for what changed without Redis to be removed", e);
  }

  private void replay(Page<K> page, Budget budget) {
    if (page.clears()) {
      clear(page, budget);
    }
    if (!page.keys().isEmpty()) {
      remove(page, budget);
    }
  }

  private void clear(Page<K> page, Budget budget) {
    long[] sequences = shared.clearShared(budget);
    Invalidations<K> nearTier = listener;
    if (nearTier != null && sequences != null) {
      nearTier.cleared(sequences);
    }
    if (fallback != null) {
      fallback.clear(budget);
    }
    journal.strikeClear(page);
  }

  private void remove(Page<K> page, Budget budget) {
    List<K> keys = new ArrayList<>(page.keys().keySet());
    List<Change<K, V>> removals = new ArrayList<>(keys.size());
    keys.forEach(key -> removals.add(Change.remove(key)));
    List<SharedWrite> removed = shared.writeAllShared(removals, budget);
    Invalidations<K> nearTier = listener;
    for (int i = 0; i < keys.size(); i++) {
      if (nearTier != null) {
        nearTier.removed(keys.get(i), removed.get(i).sequence());
      }
      if (fallback != null) {
        fallback.write(removals.get(i), budget);
      }
    }
    journal.strikeKeys(page);
  }
}
