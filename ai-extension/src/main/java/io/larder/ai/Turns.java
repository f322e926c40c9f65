package io.larder.ai;

import io.larder.ai.Leases.Lease;
import io.larder.ai.Leases.Reply;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may ask the model. Thread-safe. Whoever gets a turn has looked for the answer once
 * more, after nobody else could be asking any longer.
 */
final class Turns {

  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int SHARE_OF_WAIT = 8;

  private final Answers answers;
  private final Leases leases;
  private final Background background;
  private final long longestWaitNanos;

  /**
   * Turns under leases.
   *
   * @param longestWait for another's call; then the model is asked all the same
   */
  Turns(Answers answers, Leases leases, Background background, Duration longestWait) {
    this.answers = answers;
    this.leases = leases;
    this.background = background;
    this.longestWaitNanos = longestWait.toNanos();
  }

  long longestWaitNanos() {
    return longestWaitNanos;
  }

  /** The right to ask the model until this is closed, or the answer that has come meanwhile. */
  record Turn(@Nullable Lease lease, @Nullable StoredAnswer found, Executor keepers)
      implements AutoCloseable {

    /** Lets another have it before the call has ended, on another thread. */
    void giveBack() {
      keepers.execute(this::close);
    }

    @Override
    public void close() {
      if (lease == null) {
        return;
      }
      Interruption interruption = Interruption.hold();
      try {
        lease.close();
      } finally {
        interruption.release();
      }
    }
  }

  /** Waits for a turn on this thread. */
  Turn await(Query<?> query) {
    long start = System.nanoTime();
    while (true) {
      Turn turn = attempt(query, start);
      if (turn != null) {
        return turn;
      }
      LockSupport.parkNanos(pauseNanos(System.nanoTime() - start));
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(new InterruptedException());
      }
    }
  }

  /** Waits for a turn on no thread, and then has a worker do that. */
  void await(Query<?> query, Consumer<Turn> then) {
    long start = System.nanoTime();
    new Runnable() {
      @Override
      public void run() {
        Turn turn = attempt(query, start);
        if (turn != null) {
          then.accept(turn);
        } else {
          background.later(pauseNanos(System.nanoTime() - start), this);
        }
      }
    }.run();
  }

  private @Nullable Turn attempt(Query<?> query, long startNanos) {
    if (background.isClosed()) {
      return turn(null, answers.find(query));
    }
    Reply reply = taken(leases, query.key(), startNanos);
    StoredAnswer found = answers.find(query);
    if (reply instanceof Lease lease) {
      return turn(lease, found);
    }
    if (found == null && System.nanoTime() - startNanos < longestWaitNanos) {
      return null;
    }
    if (found == null) {
      answers.tellOfWait(query);
    }
    return turn(null, found);
  }

  private Turn turn(@Nullable Lease lease, @Nullable StoredAnswer found) {
    return new Turn(lease, found, background.keepers());
  }

  /** A turn that is nobody's to wait for. */
  Turn own() {
    return turn(null, null);
  }

  private static Reply taken(Leases leases, String key, long startNanos) {
    Interruption interruption = Interruption.hold();
    try {
      return leases.take(key, startNanos);
    } finally {
      interruption.release();
    }
  }

  /** A share of what was waited so far: the answer is seen soon after a short call, too. */
  static long pauseNanos(long waitedNanos) {
    return Math.min(
        LONGEST_PAUSE_NANOS, Math.max(SHORTEST_PAUSE_NANOS, waitedNanos / SHARE_OF_WAIT));
  }

  /** What a caller gets that was told to stop waiting. */
  static CacheException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CacheException("interrupted while waiting for another caller's call", e);
  }
}
