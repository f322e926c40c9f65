package io.larder.store;

import io.larder.log.Log;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.cache.CacheException;

/** The stores behind one circuit, as far as it replays their journals. Thread-safe. */
final class CircuitMembers {

  /** Changes made during a replay are left to the stores' guard after so many rounds. */
  private static final int ROUNDS = 5;

  /**
   * What was done in the shared store.
   *
   * @param partly whether something that could have been done is left, for another thread is at it
   */
  record Replayed(int keys, int clears, boolean partly) {

    static final Replayed NOTHING = of(0, 0);

    static Replayed of(int keys, int clears) {
      return new Replayed(keys, clears, false);
    }

    Replayed plus(Replayed more) {
      return new Replayed(keys + more.keys, clears + more.clears, partly || more.partly);
    }

    /** With what was done after it, and may have left nothing. */
    Replayed then(Replayed next) {
      return new Replayed(keys + next.keys, clears + next.clears, next.partly);
    }

    Replayed leaving() {
      return new Replayed(keys, clears, true);
    }
  }

  /** One store. */
  interface Member {

    /** Begins log lines. */
    String cacheName();

    /** Whether it was closed, so that it is here for its journal only. */
    boolean isClosed();

    boolean hasJournal();

    /** Whether that key is in its journal. */
    boolean journals(Object key);

    /** Another store of the same cache, which is closed, has journalled something all the same. */
    void after(Member closedStore);

    /** How long it takes until all that is in its journal may be replayed; zero or less if now. */
    long nanosUntilDue();

    long journalledKeys();

    boolean journalledClear();

    /** Has the shared store remove what is journalled; each step within a new budget. */
    Replayed replay(Supplier<Budget> budgets);

    /** Has it remove what is journalled of those keys, as far as another thread is not at it. */
    void replay(Collection<?> keys, Budget budget);
  }

  private final Log log;
  private final Consumer<StoreUnavailableException> noChanges;
  private final Map<Member, Boolean> members = new ConcurrentHashMap<>();
  private final Set<Member> refused = ConcurrentHashMap.newKeySet();

  /** @param noChanges hears that the server takes none */
  CircuitMembers(Log log, Consumer<StoreUnavailableException> noChanges) {
    this.log = log;
    this.noChanges = noChanges;
  }

  void add(Member member) {
    members.put(member, true);
  }

  /**
   * It is a member, if it was none, for it has journalled something. One that is closed is told to
   * those that have taken its place. A store that is being made joins first and looks for others
   * then, so that either it finds this one here, or is found.
   */
  void journalled(Member member) {
    add(member);
    if (member.isClosed()) {
      for (Member other : of(member.cacheName())) {
        if (!other.isClosed()) {
          other.after(member);
        }
      }
    }
  }

  /** Takes it out, once its journal is empty; in one step, or it would miss one that is added. */
  void remove(Member member) {
    members.computeIfPresent(member, (it, there) -> it.hasJournal() ? there : null);
  }

  /** Those of that cache. */
  List<Member> of(String cacheName) {
    return members.keySet().stream()
        .filter(member -> member.cacheName().equals(cacheName))
        .toList();
  }

  boolean anyJournal() {
    return members.keySet().stream().anyMatch(Member::hasJournal);
  }

  /**
   * Replays all journals. One that is refused stays as it is and holds up nobody else.
   *
   * @throws StoreUnavailableException if the server went away; the rest stays journalled
   */
  Replayed replay(Supplier<Budget> budgets) {
    Replayed all = Replayed.NOTHING;
    Replayed before = null;
    for (int round = 0; round < ROUNDS && anyJournal() && !all.equals(before); round++) {
      before = all;
      Replayed done = Replayed.NOTHING;
      for (Member member : members.keySet()) {
        if (member.hasJournal()) {
          done = done.plus(replay(member, budgets));
        }
      }
      all = all.then(done);
    }
    members.keySet().stream().filter(Member::isClosed).forEach(this::remove);
    refused.removeIf(this::isOver);
    return all;
  }

  private boolean isOver(Member member) {
    if (member.hasJournal()) {
      return false;
    }
    log.info("{}: what changed without Redis is removed there now", member.cacheName());
    return true;
  }

  private Replayed replay(Member member, Supplier<Budget> budgets) {
    try {
      return member.replay(budgets);
    } catch (StoreUnavailableException e) {
      if (!e.isOfChangesOnly()) {
        throw e;
      }
      noChanges.accept(e);
      return Replayed.NOTHING;
    } catch (CacheException e) {
      if (refused.add(member)) {
        log.warn(
            "{}: Redis refuses to remove what changed without it, which is tried again each second;"
                + " until then the fallback answers for those keys here, and other processes may"
                + " read old values: {}",
            member.cacheName(),
            e.getMessage());
      }
      return Replayed.NOTHING;
    }
  }

  long journalledKeys() {
    return members.keySet().stream().mapToLong(Member::journalledKeys).sum();
  }

  int journalledClears() {
    return (int) members.keySet().stream().filter(Member::journalledClear).count();
  }
}
