package io.larder.store.redis;

import io.larder.store.Budget;
import io.larder.store.Lease;
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

  private final Caller caller;
  private final byte[] name;
  private final String token;
  private final long releaseNanos;
  private boolean released;

  private RedisLease(Caller caller, byte[] name, String token, long releaseNanos) {
    this.caller = caller;
    this.name = name;
    this.token = token;
    this.releaseNanos = releaseNanos;
  }

  /** The lease if it is free now, else null. */
  static @Nullable RedisLease tryAcquire(
      Caller caller, byte[] name, long holdMillis, Budget budget) {
    String token = UUID.randomUUID().toString();
    byte[] bytes = token.getBytes(StandardCharsets.US_ASCII);
    RedisLease lease =
        new RedisLease(caller, name, token, Math.max(1_000_000, budget.remainingNanos()));
    try {
      Object reply = caller.call(Call.take(name, bytes, holdMillis), budget);
      return Long.valueOf(1).equals(reply) ? lease : null;
    } catch (CacheException e) {
      lease.abandon();
      throw e;
    }
  }

  /** The lease, waited for with pauses that grow and vary. */
  static RedisLease acquire(Caller caller, byte[] name, long holdMillis, Budget given) {
    Budget budget = Budget.startingNow(given.remainingNanos());
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      RedisLease lease = tryAcquire(caller, name, holdMillis, budget);
      if (lease != null) {
        return lease;
      }
      long left = budget.remainingNanos();
      if (left <= 0) {
        String held = new String(name, StandardCharsets.ISO_8859_1);
        caller.log().debug("lease {} is held by another", held);
        throw caller.timeout("the key's lease was not free within the operation timeout", null);
      }
      LockSupport.parkNanos(Math.min(left, ThreadLocalRandom.current().nextLong(pause / 2, pause)));
      if (Thread.currentThread().isInterrupted()) {
        throw caller.interrupted(new InterruptedException());
      }
      pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
    }
  }

  /** Holds it for longer; harmless if it has ended meanwhile, for then its work is done twice. */
  void extend(long holdMillis) {
    caller.tell(Call.expire(name, holdMillis));
  }

  @Override
  public void close() {
    if (released) {
      return;
    }
    released = true;
    try {
      caller.call(release(), Budget.startingNow(releaseNanos));
    } catch (CacheException e) {
      caller.log().debug("a lease could not be released and will end by itself", e);
    }
  }

  /** The request may have been made though its reply did not come. */
  private void abandon() {
    caller.tell(release());
  }

  private Call release() {
    return Call.eval(Script.RELEASE, List.of(name), token);
  }
}
