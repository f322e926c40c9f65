package io.larder.store.redis;

import io.larder.store.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.redisson.RedissonShutdownException;
import org.redisson.client.RedisAuthRequiredException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.RedisNodeNotFoundException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.RedisReconnectedException;
import org.redisson.client.RedisRetryException;
import org.redisson.client.RedisTimeoutException;

/**
 * Sends the commands of one cache and waits for the replies, no longer than a budget. What goes
 * wrong leaves here as a {@link CacheException} that names the cache. Scripts that Redis has
 * forgotten are loaded again. Thread-safe.
 */
final class Caller {

  private final RedisClient client;
  private final String cacheName;

  Caller(RedisClient client, String cacheName) {
    this.client = client;
    this.cacheName = cacheName;
  }

  /** The reply to one command. */
  @Nullable
  Object call(Call call, Budget budget) {
    try {
      return await(send(call, budget), budget);
    } catch (UnknownScript e) {
      await(client.loadScripts(), budget);
      return await(send(call, budget), budget);
    }
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
      throw timeout("the operation timeout was over before Redis was asked", null);
    }
  }

  /** The replies to commands that go in one pipeline to each master; all have been waited for. */
  List<@Nullable Object> callAll(List<Call> calls, Budget budget) {
    List<@Nullable Object> replies = new ArrayList<>(calls.size());
    List<Integer> again = new ArrayList<>();
    CacheException failure = null;
    List<CompletableFuture<Object>> sent = sendAll(calls, budget);
    for (int i = 0; i < calls.size(); i++) {
      Object reply = null;
      try {
        reply = await(sent.get(i), budget);
      } catch (UnknownScript e) {
        again.add(i);
      } catch (CacheException e) {
        failure = failure == null ? e : failure;
      }
      replies.add(reply);
    }
    if (failure != null) {
      throw failure;
    }
    if (!again.isEmpty()) {
      await(client.loadScripts(), budget);
      List<@Nullable Object> late = callAll(again.stream().map(calls::get).toList(), budget);
      for (int i = 0; i < late.size(); i++) {
        replies.set(again.get(i), late.get(i));
      }
    }
    return replies;
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

  /** Sends a command whose reply nobody waits for. */
  void tell(Call call) {
    client.send(call);
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
    if (cause instanceof RedisNoScriptException) {
      return new UnknownScript(cause);
    } else if (cause instanceof RedisTimeoutException) {
      return timeout("no reply from Redis within the operation timeout", cause);
    } else if (cause instanceof RedisOutOfMemoryException) {
      return refused("it is full", cause);
    } else if (cause instanceof RedisConnectionException
        || cause instanceof RedisReconnectedException
        || cause instanceof RedisRetryException
        || cause instanceof RedisReadonlyException
        || cause instanceof RedisNodeNotFoundException
        || cause instanceof RedissonShutdownException
        || !(cause instanceof RedisException)
        || cause.getCause() != null) {
      return new RedisUnavailableException(
          cacheName + ": " + client.unreachableBecause(cause), cause);
    } else if (cause instanceof RedisAuthRequiredException) {
      return refused("it wants a password", cause);
    }
    String message = cause.getMessage();
    return refused(message == null ? "no reason given" : RedisClient.firstWords(message), cause);
  }

  /** Redis does not know a script, for it was restarted or told to forget. */
  private static final class UnknownScript extends CacheException {

    private static final long serialVersionUID = 1L;

    UnknownScript(Throwable cause) {
      super("a script is not known", cause);
    }
  }
}
