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
 * meanwhile stays.
 */
final class Journal<K> {

  /** No mark. */
  private static final long NONE = 0;

  /** What a replay works on. */
  record Page<K>(Map<K, Long> keys, long clear) {

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
  private final Map<K, Long> keys = new LinkedHashMap<>();
  private volatile boolean empty = true;
  private long clear = NONE;
  private long last = NONE;

  /** @param limit how many keys it holds at most */
  Journal(int limit, Runnable onOverflow) {
    this.limit = limit;
    this.onOverflow = onOverflow;
  }

  /** Whether nothing is to be replayed. Takes no lock. */
  boolean isEmpty() {
    return empty;
  }

  boolean holds(K key) {
    if (empty) {
      return false;
    }
    synchronized (this) {
      return clear != NONE || keys.containsKey(key);
    }
  }

  /** Whether any of them is in it. */
  boolean holdsAny(Collection<? extends K> some) {
    return !empty && some.stream().anyMatch(this::holds);
  }

  /** A change of the key did not, or not surely, reach the store. */
  void mark(K key) {
    boolean overflow = false;
    synchronized (this) {
      empty = false;
      if (keys.containsKey(key) || keys.size() < limit) {
        keys.put(key, ++last);
      } else {
        overflow = clear == NONE;
        clear = ++last;
        keys.clear();
      }
    }
    if (overflow) {
      onOverflow.run();
    }
  }

  /** A clear did not, or not surely, reach the store. */
  synchronized void markClear() {
    empty = false;
    clear = ++last;
    keys.clear();
  }

  /** What there is to replay: at most so many keys. */
  synchronized Page<K> page(int most) {
    Map<K, Long> some = new LinkedHashMap<>();
    for (Map.Entry<K, Long> entry : keys.entrySet()) {
      if (some.size() == most) {
        break;
      }
      some.put(entry.getKey(), entry.getValue());
    }
    return new Page<>(some, clear);
  }

  /** What there is to replay for the sake of these keys. */
  synchronized Page<K> page(Collection<? extends K> wanted) {
    Map<K, Long> some = new LinkedHashMap<>();
    for (K key : wanted) {
      Long mark = keys.get(key);
      if (mark != null) {
        some.put(key, mark);
      }
    }
    return new Page<>(some, clear);
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
