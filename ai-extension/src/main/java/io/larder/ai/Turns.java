package io.larder.ai;

import io.larder.ai.Leases.Lease;
import io.larder.ai.Leases.Reply;
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
  private final @Nullable Leases leases;
  private final Background background;

  /**
   * Turns under leases.
   *
   * @param leases null where no other process shares the caches
   */
  Turns(Answers answers, @Nullable Leases leases, Background background) {
    this.answers = answers;
    this.leases = leases;
    this.background = background;
  }

  /** The right to ask the model until this is closed, or the answer that has come meanwhile. */
  record Turn(@Nullable Lease lease, @Nullable StoredAnswer found) implements AutoCloseable {

    @Override
    public void close() {
      if (lease != null) {
        lease.close();
      }
    }
  }

  /** Waits for a turn on this thread. */
  Turn await(Query<?> query) {
    long start = System.nanoTime();
    while (true) {
      Turn turn = attempt(query);
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
        Turn turn = attempt(query);
        if (turn != null) {
          then.accept(turn);
        } else {
          background.later(pauseNanos(System.nanoTime() - start), this);
        }
      }
    }.run();
  }

  private @Nullable Turn attempt(Query<?> query) {
    if (leases == null || background.isClosed()) {
      return new Turn(null, answers.find(query));
    }
    Reply reply = leases.take(query.key());
    StoredAnswer found = answers.find(query);
    if (reply instanceof Lease lease) {
      return new Turn(lease, found);
    }
    return found == null ? null : new Turn(null, found);
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
