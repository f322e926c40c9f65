package io.larder.store;

import io.larder.store.CircuitMembers.Member;
import io.larder.store.CircuitMembers.Replayed;
import io.larder.store.Journal.Page;
import io.larder.store.SharedStore.Invalidations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
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
 *
 * <p><b>One page at a time.</b> The lock is held while a page is taken from the journal, removed,
 * and struck off, and not from one page to the next. So no mark is ever in two pages: were it, the
 * later removal could take away what a call has written since the earlier one struck the key off.
 * Whoever gets the lock takes a page anew, without what others have struck off while it waited; a
 * key that was marked again stays, since only the marks that were taken are struck off. The lock is
 * fair: a call that comes during a long replay has its keys removed before the next page. All who
 * stand before it have begun before it, with no more time than it has, and hold the lock no longer
 * than that.
 *
 * <p><b>How long a call waits.</b> With a fallback, for half of its time: it can still ask for its
 * other keys then. A replay that cannot have the lock says that something is left, and the circuit
 * does not close on it.
 *
 * <p><b>Earlier stores</b> of the same cache have journals of their own, which come first: those
 * that are there when this store is made, and each that journals something after its end, from the
 * moment of its mark. Each store knows all of them, and asks each for its own journal only.
 */
final class Replay<K, V> implements Member {

  private static final int PAGE = 1000;
  private static final int LEFT_FOR_THE_REST = 2;

  private final SharedStore<K, V> shared;
  private final Journal<K> journal;
  private final @Nullable Store<K, V> fallback;
  private final String cacheName;
  private final ReentrantLock lock = new ReentrantLock(true);
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
    sameCache.forEach(this::addEarlier);
  }

  /** {@inheritDoc} What the near tier has was read before; of which key, it is not told. */
  @Override
  public void after(Member closedStore) {
    addEarlier(closedStore);
    Invalidations<K> nearTier = listener;
    if (nearTier != null) {
      nearTier.lost(-1);
    }
  }

  private synchronized void addEarlier(Member member) {
    if (member != this && !earlier.contains(member)) {
      List<Member> more = new ArrayList<>(earlier);
      more.add(member);
      earlier = List.copyOf(more);
    }
  }

  /** Whether anything that an earlier store of the same cache left is not replayed yet. */
  boolean hasEarlier() {
    return earlier().stream().anyMatch(Member::hasJournal);
  }

  private List<Member> earlier() {
    List<Member> before = earlier;
    return before.isEmpty() || before.stream().anyMatch(Replay::mayHold) ? before : forgotten();
  }

  /** Looks again, for one may have been added; who journals after that is added again. */
  private synchronized List<Member> forgotten() {
    if (earlier.stream().noneMatch(Replay::mayHold)) {
      earlier = List.of();
    }
    return earlier;
  }

  /** In this order: what is journalled before the end is seen here, and what is later is told. */
  private static boolean mayHold(Member member) {
    return !member.isClosed() || member.hasJournal();
  }

  private boolean earlierHold(Object key) {
    return earlier().stream().anyMatch(member -> member.journals(key));
  }

  /**
   * How long it takes until what an earlier store left of that key may be replayed. Until then the
   * key is not asked for, so what is journalled of it now waits as long.
   */
  long nanosUntilEarlierDue(K key) {
    return earlier().stream()
        .filter(member -> member.journals(key))
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

  /** The same, of those keys only. */
  private void replayEarlier(Collection<? extends K> keys, Budget budget) {
    List<Member> before = earlier();
    waitFor(before.stream().mapToLong(Member::nanosUntilDue).max().orElse(0), budget);
    before.forEach(member -> member.replay(keys, budget));
  }

  /** Whether the key is in the journal, or in one that an earlier store left. */
  boolean holds(Object key) {
    return journal.holds(key) || earlierHold(key);
  }

  @Override
  public boolean journals(Object key) {
    return journal.holds(key);
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

  @Override
  public Replayed replay(Supplier<Budget> budgets) {
    Replayed done = Replayed.NOTHING;
    long most = journal.size();
    do {
      if (!tryLock(budgets.get().remainingNanos())) {
        return done.leaving();
      }
      Page<K> page = replayNext(budgets.get());
      if (page.isEmpty()) {
        return done;
      }
      done = done.plus(Replayed.of(page.keys().size(), page.clears() ? 1 : 0));
    } while (done.keys() < most);
    return done;
  }

  /** Replays the next page, and lets the lock go. */
  private Page<K> replayNext(Budget budget) {
    try {
      Page<K> page = journal.page(PAGE);
      replay(page, budget);
      return page;
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
    try {
      Page<K> page;
      do {
        if (!tryLock(budget.remainingNanos())) {
          leftToAnother();
          return;
        }
        page = replayNext(budget);
      } while (!page.isEmpty() && budget.remainingNanos() > 0);
    } catch (CacheException e) {
      boolean away = e instanceof StoreUnavailableException lost && !lost.isOfChangesOnly();
      if (away || fallback == null) {
        throw e;
      }
    }
  }

  private void leftToAnother() {
    if (fallback == null) {
      throw new StoreUnavailableException(
          cacheName + ": what changed without Redis is still being removed there", null);
    }
  }

  /** Whether a call that began with that has waited as long as one may for its keys' removal. */
  boolean hasWaited(Allowance budget) {
    long left = fallback == null ? 0 : budget.nanos() / LEFT_FOR_THE_REST;
    return budget.remainingNanos() <= left;
  }

  /** Replays what is due of these keys, for a caller who is about to ask for them. */
  void some(Collection<? extends K> keys, Budget budget) {
    if (keys.stream().anyMatch(this::earlierHold)) {
      replayEarlier(keys, budget);
    }
    waitFor(journal.nanosUntilDue(keys), budget);
    replay(keys, budget);
  }

  @Override
  public void replay(Collection<?> keys, Budget budget) {
    if (journal.page(keys).isEmpty()) {
      return;
    }
    long left = fallback == null ? 0 : budget.remainingNanos() / LEFT_FOR_THE_REST;
    Iterator<?> rest = keys.iterator();
    while (rest.hasNext()) {
      List<Object> some = new ArrayList<>(Math.min(PAGE, keys.size()));
      while (rest.hasNext() && some.size() < PAGE) {
        some.add(rest.next());
      }
      if (!tryLock(budget.remainingNanos() - left)) {
        return;
      }
      try {
        replay(journal.page(some), budget);
      } finally {
        lock.unlock();
      }
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

  private boolean tryLock(long nanos) {
    try {
      return lock.tryLock(Math.max(0, nanos), TimeUnit.NANOSECONDS);
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
