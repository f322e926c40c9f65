package io.larder.store;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The keys of one cache whose last change in this process did not, or not surely, reach the shared
 * store. Bounded: where there are too many, one clear stands for all. Thread-safe.
 *
 * <p>Each key stands with a mark, a number that is new with each such change. A replay takes the
 * marks, has the store remove the keys, and strikes off those marks; a key that got another mark
 * meanwhile stays. What a store may still do on its own, late, is waited for: a change whose
 * connection was lost can land until the time until which the store accepts it.
 */
final class Journal<K> {

  /** No mark. */
  private static final long NONE = 0;

  /**
   * A change's mark.
   *
   * @param due the {@link System#nanoTime()} from which the change can no longer reach the store by
   *     itself: removed there earlier, the key could come back
   */
  record Mark(long number, long due) {

    boolean isDue() {
      return System.nanoTime() - due >= 0;
    }
  }

  /** What a replay works on. */
  record Page<K>(Map<K, Mark> keys, long clear) {

    static <K> Page<K> nothing() {
      return new Page<>(Map.of(), NONE);
    }

    boolean clears() {
      return clear != NONE;
    }

    boolean isEmpty() {
      return keys.isEmpty() && clear == NONE;
    }
  }

  private final int limit;
  private final Runnable onOverflow;
  private final Map<K, Mark> keys = new LinkedHashMap<>();
  private volatile boolean empty = true;
  private long clear = NONE;
  private long last = NONE;
  private long latestDue = System.nanoTime();

  /** @param limit how many keys it holds at most */
  Journal(int limit, Runnable onOverflow) {
    this.limit = limit;
    this.onOverflow = onOverflow;
  }

  /** Whether nothing is to be replayed. Takes no lock. */
  boolean isEmpty() {
    return empty;
  }

  boolean holds(Object key) {
    if (empty) {
      return false;
    }
    synchronized (this) {
      return clear != NONE || keys.containsKey(key);
    }
  }

  /**
   * A change of the key did not, or not surely, reach the store.
   *
   * @param due from when on it surely will not
   * @return whether the key was here already
   */
  boolean mark(K key, long due) {
    boolean overflow = false;
    boolean held;
    synchronized (this) {
      empty = false;
      Mark there = keys.get(key);
      held = clear != NONE || there != null;
      latestDue = later(latestDue, due);
      if (there != null || keys.size() < limit) {
        keys.put(key, new Mark(++last, there == null ? due : later(there.due(), due)));
      } else {
        overflow = clear == NONE;
        clear = ++last;
        keys.clear();
      }
    }
    if (overflow) {
      onOverflow.run();
    }
    return held;
  }

  /** A clear did not, or not surely, reach the store. */
  synchronized void markClear(long due) {
    empty = false;
    latestDue = later(latestDue, due);
    clear = ++last;
    keys.clear();
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  /** How long it takes until all may be replayed; zero or less if they may be now. */
  synchronized long nanosUntilDue() {
    return empty ? 0 : latestDue - System.nanoTime();
  }

  /** How long it takes until these keys may be replayed; zero or less if they may be now. */
  synchronized long nanosUntilDue(Collection<? extends K> wanted) {
    long now = System.nanoTime();
    long wait = clear == NONE ? 0 : latestDue - now;
    for (K key : wanted) {
      Mark mark = keys.get(key);
      wait = mark == null ? wait : Math.max(wait, mark.due() - now);
    }
    return wait;
  }

  /** What there is to replay now: at most so many keys. */
  synchronized Page<K> page(int most) {
    Map<K, Mark> some = new LinkedHashMap<>();
    for (Map.Entry<K, Mark> entry : keys.entrySet()) {
      if (some.size() == most) {
        break;
      }
      if (entry.getValue().isDue()) {
        some.put(entry.getKey(), entry.getValue());
      }
    }
    return new Page<>(some, clearIfDue());
  }

  /** What there is to replay for the sake of these keys. */
  @SuppressWarnings("unchecked") // what equals a key that is here is one
  synchronized Page<K> page(Collection<?> wanted) {
    Map<K, Mark> some = new LinkedHashMap<>();
    for (Object key : wanted) {
      Mark mark = keys.get(key);
      if (mark != null && mark.isDue()) {
        some.put((K) key, mark);
      }
    }
    return new Page<>(some, clearIfDue());
  }

  private long clearIfDue() {
    return System.nanoTime() - latestDue >= 0 ? clear : NONE;
  }

  /** The clear was replayed. */
  synchronized void strikeClear(Page<K> replayed) {
    if (clear == replayed.clear()) {
      clear = NONE;
      empty = keys.isEmpty();
    }
  }

  /** The keys were replayed. */
  synchronized void strikeKeys(Page<K> replayed) {
    replayed.keys().forEach(keys::remove);
    empty = keys.isEmpty() && clear == NONE;
  }

  synchronized long size() {
    return keys.size();
  }

  synchronized boolean clears() {
    return clear != NONE;
  }
}
