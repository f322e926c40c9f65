package io.larder.ai;

import io.larder.ai.Flights.Flight;
import io.larder.ai.Leases.Held;
import io.larder.ai.Leases.Lease;
import io.larder.ai.Leases.Reply;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may ask the model. Thread-safe. Whoever gets a turn has looked for the answer once
 * more, after nobody else could be asking any longer.
 *
 * <p><b>Design.</b> A lease is given back when its call has taken {@code longestWait}, so that one
 * of those who wait gets it; they wait a little longer than that, since they may have begun at the
 * same time. The others then wait as long for the next holder, whom they know by its token. Whoever
 * has waited for three asks without a lease.
 */
final class Turns {

  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int SHARE_OF_WAIT = 8;
  private static final int MOST_WAITS = 3;
  private static final int MOST_LOOKS = 3;

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

  /** For how long a caller that began then still waits for calls of others in this process. */
  long patienceNanos(long startNanos) {
    return MOST_WAITS * longestWaitNanos - (System.nanoTime() - startNanos);
  }

  /**
   * For how long a caller that began then waits for that call, before it looks again whether there
   * is another to wait for: what it joined may not have asked the model yet.
   */
  long waitNanos(Flight<?> flight, long startNanos) {
    return Math.min(longestWaitNanos, Math.min(flight.leftNanos(), patienceNanos(startNanos)));
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
    Wait wait = new Wait();
    while (true) {
      Turn turn = attempt(query, wait);
      if (turn != null) {
        return turn;
      }
      LockSupport.parkNanos(wait.pauseNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(new InterruptedException());
      }
    }
  }

  /** Waits for a turn on no thread, and then has a worker do that, or tell what it failed with. */
  void await(Query<?> query, Consumer<Turn> then, Consumer<Throwable> failed) {
    Wait wait = new Wait();
    new Runnable() {
      @Override
      public void run() {
        Turn turn;
        try {
          turn = attempt(query, wait);
        } catch (Throwable e) {
          failed.accept(e);
          return;
        }
        if (turn != null) {
          turned(turn);
        } else {
          background.later(wait.pauseNanos(), this);
        }
      }

      private void turned(Turn turn) {
        try {
          then.accept(turn);
        } catch (Throwable e) {
          turn.close();
          failed.accept(e);
        }
      }
    }.run();
  }

  private @Nullable Turn attempt(Query<?> query, Wait wait) {
    if (background.isClosed()) {
      return turn(null, answers.find(query));
    }
    long doubtNanos = wait.doubtNanos();
    Reply reply =
        wait.isPaused() ? new Held(false, 0) : quietly(() -> leases.take(query.key(), doubtNanos));
    if (reply instanceof Lease lease) {
      Turn turn = held(lease, query, doubtNanos);
      wait.doubts(turn == null, doubtNanos);
      return turn;
    } else if (reply instanceof Held held) {
      wait.doubts(!held.isKnown(), doubtNanos);
      wait.pause(held.pauseNanos());
    }
    StoredAnswer found = answers.find(query);
    if (found == null && wait.goesOn(query.key(), reply)) {
      return null;
    }
    if (found == null) {
      answers.tellOfWait(query);
    }
    return turn(null, found);
  }

  /**
   * The turn of one who has the lease, or null if it cannot be known now whether there is an answer
   * already. The lease is given back whatever happens.
   */
  private @Nullable Turn held(Lease lease, Query<?> query, long doubtNanos) {
    Turn turn = turn(lease, null);
    Settling settling = leases.settling();
    try {
      for (int i = 0; i < MOST_LOOKS; i++) {
        long callsApart = settling.platform().callsApart();
        StoredAnswer found = answers.find(query);
        if (found != null || !settling.isWorthAnother(callsApart, doubtNanos)) {
          return turn(lease, found);
        }
      }
      turn.close();
      return null;
    } catch (Throwable e) {
      turn.close();
      throw e;
    }
  }

  private Turn turn(@Nullable Lease lease, @Nullable StoredAnswer found) {
    return new Turn(lease, found, background.keepers());
  }

  /** A turn that is nobody's to wait for. */
  Turn own() {
    return turn(null, null);
  }

  private static <T> T quietly(Supplier<T> work) {
    Interruption interruption = Interruption.hold();
    try {
      return work.get();
    } finally {
      interruption.release();
    }
  }

  /** How long someone has waited for a turn, and for whom. For one thread at a time. */
  private final class Wait {

    private final long startNanos = System.nanoTime();
    private long sinceNanos = startNanos;
    private int holders = 1;
    private @Nullable String holder;
    private boolean doubts;
    private long sinceDoubtNanos;
    private long pausedUntilNanos = startNanos;

    /** When it began to be unknown who has a lease, or what is stored; now, if it is known. */
    private long doubtNanos() {
      return doubts ? sinceDoubtNanos : System.nanoTime();
    }

    private boolean isPaused() {
      return pausedUntilNanos - System.nanoTime() > 0;
    }

    private void pause(long nanos) {
      if (nanos > 0) {
        pausedUntilNanos = System.nanoTime() + nanos;
      }
    }

    private void doubts(boolean now, long sinceNanos) {
      doubts = now;
      sinceDoubtNanos = sinceNanos;
    }

    /** A share of what was waited so far: the answer is seen soon after a short call, too. */
    private long pauseNanos() {
      long waited = System.nanoTime() - startNanos;
      return Math.min(LONGEST_PAUSE_NANOS, Math.max(SHORTEST_PAUSE_NANOS, waited / SHARE_OF_WAIT));
    }

    /** Whether to wait on, for this holder or for the next. */
    private boolean goesOn(String key, Reply reply) {
      if (holder == null && reply instanceof Held held && held.isKnown()) {
        holder = quietly(() -> leases.holder(key));
      }
      long now = System.nanoTime();
      if (now - sinceNanos < longestWaitNanos + longestWaitNanos / SHARE_OF_WAIT) {
        return true;
      }
      String next = quietly(() -> leases.holder(key));
      if (holders == MOST_WAITS || next.equals(holder)) {
        return false;
      }
      holders++;
      holder = next;
      sinceNanos = now;
      return true;
    }
  }

  /** What a caller gets that was told to stop waiting. */
  static CacheException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CacheException("interrupted while waiting for another caller's call", e);
  }
}
