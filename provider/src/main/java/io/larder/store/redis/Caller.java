package io.larder.store.redis;

import io.larder.log.Log;
import io.larder.store.Budget;
import io.larder.store.LockTimeoutException;
import io.larder.store.StoreUnavailableException;
import io.larder.store.redis.LostReplies.ConnectionLostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.redisson.RedissonShutdownException;
import org.redisson.client.RedisAuthRequiredException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.RedisNodeNotFoundException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReconnectedException;
import org.redisson.client.RedisRedirectException;
import org.redisson.client.RedisRetryException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.RedisTryAgainException;
import org.redisson.client.RedisWrongPasswordException;

/**
 * Sends the commands of one cache and waits for the replies, no longer than a budget. What goes
 * wrong leaves here as a {@link CacheException} that names the cache. Thread-safe.
 *
 * <p><b>What is sent twice.</b> Only what Redis says it has not carried out, and only within the
 * budget: a script it does not know, which is loaded first; in a cluster or with sentinels also
 * what is for another server than this process believes, or for a slot on its way to one; and there
 * a plain read whose connection was lost. What may have changed something, since no reply came, is
 * never sent again. The client library itself follows the redirections to servers it knows.
 */
final class Caller {

  private static final long FIRST_PAUSE_NANOS = 1_000_000;
  private static final long LONGEST_PAUSE_NANOS = 30_000_000;

  private final RedisClient client;
  private final String cacheName;
  private final Log log;

  Caller(RedisClient client, Log log) {
    this.client = client;
    this.cacheName = log.subject();
    this.log = log.from(RedisStore.class);
  }

  /** The messages of the cache. */
  Log log() {
    return log;
  }

  /** The reply to one command. */
  @Nullable
  Object call(Call call, Budget budget) {
    for (long pause = FIRST_PAUSE_NANOS; ; pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2)) {
      try {
        return reply(call, send(call, budget), budget);
      } catch (NotDone e) {
        beforeNextTry(e, pause, budget);
      }
    }
  }

  /**
   * Returns when a command may be sent again that Redis has not carried out.
   *
   * @throws StoreUnavailableException if there is no time left for that: what passes is no refusal
   */
  private void beforeNextTry(NotDone reason, long pause, Budget budget) {
    if (reason.unknownScript()) {
      await(client.loadScripts(), budget);
    }
    long left = budget.remainingNanos() - pause;
    if (left <= 0) {
      throw outOfTime(reason.failure());
    }
    if (pause > FIRST_PAUSE_NANOS || !reason.unknownScript()) {
      LockSupport.parkNanos(pause);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(new InterruptedException());
    }
  }

  private StoreUnavailableException outOfTime(CacheException failure) {
    return failure instanceof StoreUnavailableException unavailable
        ? unavailable
        : timeout("not done within the operation timeout: " + failure.getMessage(), failure);
  }

  private CompletableFuture<Object> send(Call call, Budget budget) {
    requireTime(budget);
    try {
      return client.send(call);
    } catch (RuntimeException e) {
      throw translated(e);
    }
  }

  private List<CompletableFuture<Object>> sendAll(List<Call> calls, Budget budget) {
    requireTime(budget);
    try {
      return client.sendAll(calls);
    } catch (RuntimeException e) {
      throw translated(e);
    }
  }

  private void requireTime(Budget budget) {
    if (budget.remainingNanos() <= 0) {
      throw new RedisTimedOutException(
          cacheName + ": the operation timeout was over before Redis was asked", null, false);
    }
  }

  /** The replies to commands that go in one pipeline to each master; all have been waited for. */
  List<@Nullable Object> callAll(List<Call> calls, Budget budget) {
    List<@Nullable Object> replies = new ArrayList<>(Collections.nCopies(calls.size(), null));
    List<Integer> open = IntStream.range(0, calls.size()).boxed().toList();
    for (long pause = FIRST_PAUSE_NANOS; ; pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2)) {
      List<Integer> again = new ArrayList<>();
      NotDone reason = tryAll(open, calls, replies, again, budget);
      if (reason == null) {
        return replies;
      }
      beforeNextTry(reason, pause, budget);
      open = again;
    }
  }

  /** Sends those that are open; why some are to be sent again, if so. */
  private @Nullable NotDone tryAll(
      List<Integer> open,
      List<Call> calls,
      List<@Nullable Object> replies,
      List<Integer> again,
      Budget budget) {
    List<CompletableFuture<Object>> sent = sendAll(open.stream().map(calls::get).toList(), budget);
    CacheException failure = null;
    NotDone reason = null;
    for (int i = 0; i < sent.size(); i++) {
      try {
        replies.set(open.get(i), reply(calls.get(open.get(i)), sent.get(i), budget));
      } catch (NotDone e) {
        again.add(open.get(i));
        reason = reason == null || e.unknownScript() ? e : reason;
      } catch (CacheException e) {
        failure = graver(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return reason;
  }

  /** An unknown outcome must be heard of, whatever else failed. */
  private static CacheException graver(@Nullable CacheException known, CacheException next) {
    if (known == null) {
      return next;
    }
    boolean changes =
        next instanceof StoreUnavailableException && !(known instanceof StoreUnavailableException);
    CacheException graver = changes ? next : known;
    graver.addSuppressed(changes ? known : next);
    return graver;
  }

  /**
   * The reply to a command.
   *
   * @throws NotDone if it was not carried out for a reason that passes
   */
  private Object reply(Call call, CompletableFuture<Object> reply, Budget budget) throws NotDone {
    try {
      return await(reply, budget);
    } catch (CacheException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RedisNoScriptException) {
        throw new NotDone(e, true);
      } else if (cause != null
          && client.severalServers()
          && (passes(cause) || (cause instanceof ConnectionLostException && call.onlyReads()))) {
        throw new NotDone(e, false);
      }
      throw e;
    }
  }

  /**
   * Whether Redis answered that the command is for another server, or for a slot that is just being
   * moved. Then nothing was carried out, and it may be sent again, a write too.
   */
  private static boolean passes(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof RedisTryAgainException
        || cause instanceof RedisRedirectException
        || cause instanceof RedisNodeNotFoundException
        || message.startsWith("MOVED ")
        || isOf(cause, "READONLY");
  }

  /** The future's value, waited for within the budget. */
  <T> T await(CompletableFuture<T> reply, Budget budget) {
    try {
      if (reply.isDone()) {
        return reply.get();
      }
      return reply.get(Math.max(0, budget.remainingNanos()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reply.cancel(false);
      throw interrupted(e);
    } catch (TimeoutException e) {
      reply.cancel(false);
      throw timeout("no reply from Redis within the operation timeout", e);
    } catch (CancellationException e) {
      throw timeout("no reply from Redis within the operation timeout", e);
    } catch (ExecutionException e) {
      throw translated(e.getCause() == null ? e : e.getCause());
    }
  }

  /** Whether Redis did not know a script that was sent with {@link RedisClient#send}. */
  static boolean isUnknownScript(@Nullable Throwable failure) {
    return failure instanceof RedisNoScriptException
        || (failure != null && failure.getCause() instanceof RedisNoScriptException);
  }

  /** Sends a command whose reply nobody waits for, if it can be sent. */
  void tell(Call call) {
    try {
      client.send(call);
    } catch (RuntimeException e) {
      log.debug("not sent", e);
    }
  }

  LockTimeoutException leaseTimeout() {
    return new LockTimeoutException(
        cacheName + ": the key's lease was not free within operation_timeout_ms");
  }

  RedisUnavailableException interrupted(InterruptedException cause) {
    return new RedisUnavailableException(
        cacheName + ": interrupted while waiting for Redis", cause);
  }

  RedisTimedOutException timeout(String what, @Nullable Throwable cause) {
    return new RedisTimedOutException(cacheName + ": " + what, cause);
  }

  RedisRefusedException refused(String why, @Nullable Throwable cause) {
    return new RedisRefusedException(cacheName + ": Redis refuses: " + why, cause);
  }

  /** An error that Redis itself answered has no cause; what failed on the way has one. */
  CacheException translated(Throwable cause) {
    if (cause instanceof RedisTimeoutException) {
      return timeout("no reply from Redis within the operation timeout", cause);
    } else if (cause instanceof RedisOutOfMemoryException) {
      return refused("it is full", cause);
    } else if (isOf(cause, "NOREPLICAS")) {
      return new RedisUnwritableException(
          cacheName + ": Redis takes no changes: " + text(cause), cause);
    } else if (cause instanceof RedisConnectionException
        || cause instanceof RedisReconnectedException
        || cause instanceof RedisRetryException
        || refusesChanges(cause)
        || isOfTheConnection(cause)
        || cause instanceof RedisNodeNotFoundException
        || cause instanceof RedissonShutdownException
        || !(cause instanceof RedisException)
        || cause.getCause() != null) {
      return new RedisUnavailableException(
          cacheName + ": " + client.unreachableBecause(cause), cause, refusesChanges(cause));
    }
    String why = text(cause);
    boolean right = why.contains("NOPERM") || why.contains("The user executing the script");
    return refused(
        right ? why + " (docs/storage.md lists the rights that are needed)" : why, cause);
  }

  private static boolean refusesChanges(Throwable cause) {
    return isOf(cause, "READONLY") || isOf(cause, "MISCONF");
  }

  /**
   * Whether Redis does not serve the connection at all: it does not know or accept the user now, or
   * has no room for clients.
   */
  private static boolean isOfTheConnection(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof RedisWrongPasswordException
        || cause instanceof RedisAuthRequiredException
        || message.startsWith("ERR max number of clients")
        || message.startsWith("DENIED ");
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? "no reason given" : RedisClient.firstWords(message);
  }

  /** Whether Redis answered that error, to the command or, before Redis 7, within a script. */
  private static boolean isOf(Throwable cause, String code) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof RedisException
        && (message.startsWith(code + " ") || message.contains("-" + code + " "));
  }

  /** What Redis has not carried out, and may be asked for again. */
  private static final class NotDone extends Exception {

    private static final long serialVersionUID = 1L;

    private final CacheException failure;
    private final boolean unknownScript;

    NotDone(CacheException failure, boolean unknownScript) {
      super(failure);
      this.failure = failure;
      this.unknownScript = unknownScript;
    }

    CacheException failure() {
      return failure;
    }

    /** Whether Redis does not know a script: it was restarted, is new, or was told to forget. */
    boolean unknownScript() {
      return unknownScript;
    }
  }
}
