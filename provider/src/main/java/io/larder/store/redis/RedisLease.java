package io.larder.store.redis;

import io.larder.store.Budget;
import io.larder.store.Lease;
import io.larder.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/** A lease that stands in Redis: a key with a random token that ends by itself. */
final class RedisLease implements Lease {

  private static final long FIRST_PAUSE_NANOS = 500_000;
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;

  /** A try with less of the time than one part in this many says nothing of Redis. */
  private static final long LEAST_PART = 4;

  private final TimelyCaller caller;
  private final byte[] name;
  private final String token;
  private final Budget budget;
  private boolean released;

  private RedisLease(TimelyCaller caller, byte[] name, String token, Budget budget) {
    this.caller = caller;
    this.name = name;
    this.token = token;
    this.budget = budget;
  }

  /** The lease if it is free now, else null. */
  static @Nullable RedisLease tryAcquire(
      TimelyCaller caller, byte[] name, long holdMillis, Budget budget) {
    return tryAcquire(caller, name, holdMillis, budget, budget);
  }

  /** @param whole bounds the operation to its end, the release included */
  private static @Nullable RedisLease tryAcquire(
      TimelyCaller caller, byte[] name, long holdMillis, Budget budget, Budget whole) {
    String token = UUID.randomUUID().toString();
    byte[] bytes = token.getBytes(StandardCharsets.US_ASCII);
    RedisLease lease = new RedisLease(caller, name, token, whole);
    try {
      Object reply = caller.call(Call.take(name, bytes, holdMillis), budget);
      return Long.valueOf(1).equals(reply) ? lease : null;
    } catch (CacheException e) {
      lease.abandon();
      throw e;
    }
  }

  /** The lease, waited for with pauses that grow and vary. */
  static RedisLease acquire(TimelyCaller caller, byte[] name, long holdMillis, Budget given) {
    long whole = given.remainingNanos();
    Budget budget = Budget.startingNow(whole);
    long pause = FIRST_PAUSE_NANOS;
    for (int tries = 0; true; tries++) {
      long now = budget.remainingNanos();
      try {
        RedisLease lease = tryAcquire(caller, name, holdMillis, budget, given);
        if (lease != null) {
          return lease;
        }
      } catch (StoreUnavailableException e) {
        boolean hadTime = now > whole / LEAST_PART;
        throw tries == 0 || hadTime ? e : caller.caller().leaseTimeout();
      }
      long left = budget.remainingNanos();
      if (left <= 0) {
        String held = new String(name, StandardCharsets.ISO_8859_1);
        caller.caller().log().debug("lease {} is held by another", held);
        throw caller.caller().leaseTimeout();
      }
      LockSupport.parkNanos(Math.min(left, ThreadLocalRandom.current().nextLong(pause / 2, pause)));
      if (Thread.currentThread().isInterrupted()) {
        throw caller.caller().interrupted(new InterruptedException());
      }
      pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
    }
  }

  /** Holds it for longer; harmless if it has ended meanwhile, for then its work is done twice. */
  void extend(long holdMillis) {
    caller.caller().tell(Call.expire(name, holdMillis));
  }

  @Override
  public void close() {
    if (released) {
      return;
    }
    released = true;
    if (budget.remainingNanos() <= 0) {
      abandon();
      return;
    }
    try {
      caller.caller().call(release(), budget);
    } catch (CacheException e) {
      caller.caller().log().debug("a lease could not be released and will end by itself", e);
    }
  }

  /** Nobody waits: its request may have been made though its reply did not come. */
  private void abandon() {
    caller.caller().tell(release());
  }

  private Call release() {
    return Call.eval(Script.RELEASE, List.of(name), token);
  }
}
