package io.larder.ai;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls of this process whose answers may still be stored, so that an older one never takes the
 * place of a newer. Thread-safe.
 *
 * <p><b>Design.</b> An attempt begins before its model is asked. To store, it takes its key's lock,
 * sees whether it has been closed, and if not stores and closes all attempts that began before it.
 * What the application puts or removes does that under the same lock, and closes all there are. A
 * closed attempt stores nothing, nobody joins it, and it is told, so that it gives back its lease.
 */
final class Attempts {

  private static final long ALL = Long.MAX_VALUE;

  private final ConcurrentHashMap<String, Group> groups = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /** The attempts of one key; {@code users} is guarded by the map, the list by itself. */
  private static final class Group {

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Attempt> attempts = new ArrayList<>();
    private int users;
  }

  /** One call, or one wait for it. */
  final class Attempt implements AutoCloseable {

    private final String key;
    private final Group group;
    private final long number = numbers.incrementAndGet();
    private final boolean waits;
    private volatile boolean open = true;
    private boolean ended;
    private @Nullable Runnable onClosed;

    private Attempt(String key, Group group, boolean waits) {
      this.key = key;
      this.waits = waits;
      this.group = group;
      synchronized (group.attempts) {
        group.attempts.add(this);
      }
    }

    /** Whether nothing newer has been stored or removed meanwhile. */
    boolean isOpen() {
      return open;
    }

    /** Has an action run when it is closed by another; at once if it is. */
    void onClosed(Runnable action) {
      synchronized (this) {
        if (open) {
          onClosed = action;
          return;
        }
      }
      action.run();
    }

    /** Closes it for storing and for joining. */
    void shut() {
      Runnable told;
      synchronized (this) {
        open = false;
        told = onClosed;
        onClosed = null;
      }
      if (told != null) {
        told.run();
      }
    }

    /**
     * Stores its answer, if it may.
     *
     * @param storing answers whether it has stored anything
     * @return the same
     */
    boolean store(BooleanSupplier storing) {
      return change(number, () -> open && storing.getAsBoolean());
    }

    /** Does what is newer than any call on its way, and then closes all those. */
    void override(Runnable action) {
      change(ALL, () -> {
        action.run();
        return true;
      });
    }

    private boolean change(long bound, BooleanSupplier action) {
      List<Attempt> older;
      group.lock.lock();
      try {
        if (!action.getAsBoolean()) {
          return false;
        }
        older = before(bound);
        older.forEach(attempt -> attempt.open = false);
      } finally {
        group.lock.unlock();
      }
      older.forEach(Attempt::shut);
      return true;
    }

    /** What only waits has not begun yet. */
    private boolean isBefore(long bound) {
      return bound == ALL || !waits && number < bound;
    }

    private List<Attempt> before(long bound) {
      synchronized (group.attempts) {
        return group.attempts.stream()
            .filter(attempt -> attempt != this && attempt.isBefore(bound))
            .toList();
      }
    }

    /** It is over. */
    @Override
    public void close() {
      synchronized (group.attempts) {
        if (ended) {
          return;
        }
        ended = true;
        group.attempts.remove(this);
      }
      groups.computeIfPresent(key, (k, known) -> --known.users == 0 ? null : known);
    }
  }

  /** A call that begins. */
  Attempt begin(String key) {
    return begin(key, false);
  }

  /** Someone who is about to make a call, as soon as it may. */
  Attempt waiting(String key) {
    return begin(key, true);
  }

  private Attempt begin(String key, boolean waits) {
    Group group = groups.compute(key, (k, known) -> {
      Group there = known == null ? new Group() : known;
      there.users++;
      return there;
    });
    return new Attempt(key, group, waits);
  }

  /** Ends the calls on their way under such keys; what one is just storing is stored then. */
  void shut(Predicate<String> keys) {
    groups.forEach((key, group) -> {
      if (keys.test(key)) {
        List<Attempt> all;
        synchronized (group.attempts) {
          all = List.copyOf(group.attempts);
        }
        group.lock.lock();
        try {
          all.forEach(attempt -> attempt.open = false);
        } finally {
          group.lock.unlock();
        }
        all.forEach(Attempt::shut);
      }
    });
  }
}
