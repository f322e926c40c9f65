package io.larder.ai;

import io.larder.ai.platform.Platform;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;

/**
 * The right to be the only process that makes a call. Thread-safe.
 *
 * <p><b>Design.</b> A lease is an entry with a random token under the request's key, in a cache
 * whose entries live for the lease's time: {@code putIfAbsent} takes it, {@code replace} of the
 * token by itself renews it three times in its life while the holder is at work, {@code remove} of
 * the token gives it back. A holder that died stops renewing, and the entry ends by itself; one
 * that lives and finds its entry gone, since Redis lost it, makes it again. The answer is stored
 * before the lease is given back, so whoever gets the lease next finds it; a call that takes longer
 * than anyone waits for it gives it back before. A process that is apart from the others waits a
 * little for them, counted from when that began; then it needs none.
 */
final class Leases {

  private static final int RENEWALS = 3;

  private final CacheSlot<String> holders;
  private final Settling settling;
  private final Platform platform;
  private final Background background;
  private final Duration time;
  private final Duration longest;
  private final Troubles troubles;

  /**
   * Leases in a cache of those.
   *
   * @param time how long one lives that is not renewed
   * @param longest how long one is held
   */
  Leases(Caches caches, Background background, Duration time, Duration longest) {
    this.holders = caches.own(Caches.LEASES, time);
    this.settling = caches.settling();
    this.platform = caches.platform();
    this.background = background;
    this.time = time;
    this.longest = longest;
    this.troubles = caches.troubles();
  }

  Settling settling() {
    return settling;
  }

  /** By the cache as it is: another answer cache may have made it, with a time of its own. */
  private long renewMillis(Cache<String, String> cache) {
    long life = time.toMillis();
    @SuppressWarnings("unchecked")
    CompleteConfiguration<String, String> made =
        cache.getConfiguration(CompleteConfiguration.class);
    javax.cache.expiry.Duration actual =
        made.getExpiryPolicyFactory().create().getExpiryForCreation();
    if (actual != null && !actual.isEternal()) {
      life = Math.min(life, actual.getTimeUnit().toMillis(actual.getDurationAmount()));
    }
    return Math.max(1, life / (RENEWALS + 1));
  }

  /** What came of asking for a lease. */
  sealed interface Reply permits Lease, Held {}

  /**
   * Someone else has it, or it may soon be known who.
   *
   * @param isKnown whether someone has it
   * @param pauseNanos how long it is not to be asked for again
   */
  record Held(boolean isKnown, long pauseNanos) implements Reply {}

  /** A lease that is held, or that could not be asked for and need not be given back. */
  static final class Lease implements Reply, AutoCloseable {

    private final Runnable end;

    private Lease(Runnable end) {
      this.end = end;
    }

    @Override
    public void close() {
      end.run();
    }
  }

  private static Lease none() {
    return new Lease(() -> {});
  }

  /**
   * Takes the lease if it is free. If nobody can be asked, the call goes on without one.
   *
   * @param sinceNanos when the caller was first told that it may soon be known, or now
   */
  Reply take(String key, long sinceNanos) {
    if (!settling.isSettled(sinceNanos)) {
      return new Held(false, 0);
    }
    if (platform.isApart()) {
      return none();
    }
    Holding holding = new Holding(key);
    long callsApart = platform.callsApart();
    long renewMillis;
    try {
      Cache<String, String> cache = holders.get();
      renewMillis = renewMillis(cache);
      if (!cache.putIfAbsent(key, holding.token)) {
        return new Held(true, 0);
      }
      if (!settling.isSettled(sinceNanos) || settling.isWorthAnother(callsApart, sinceNanos)) {
        background.keepers().execute(holding::forget);
        return new Held(false, renewingNanos(renewMillis));
      }
    } catch (RuntimeException e) {
      troubles.tell(holders.name(), "no lease can be had", e);
      background.keepers().execute(holding::forget);
      return none();
    }
    Future<?> renewing = background.renewing(renewMillis, holding::renew);
    Runnable release = () -> {
      renewing.cancel(false);
      holding.release();
    };
    Future<?> overdue = background.ending(longest.toNanos(), release);
    return new Lease(() -> {
      overdue.cancel(false);
      release.run();
    });
  }

  /**
   * What was asked for without a reply is taken back in Redis, with the lease of whoever has got it
   * meanwhile: that one makes it again within this time.
   */
  private static long renewingNanos(long renewMillis) {
    return TimeUnit.MILLISECONDS.toNanos(renewMillis + renewMillis / RENEWALS);
  }

  /** Who has the lease now; empty if nobody has, or nobody can be asked. */
  String holder(String key) {
    try {
      String token = holders.get().get(key);
      return token == null ? "" : token;
    } catch (RuntimeException e) {
      troubles.tell(holders.name(), "it is not known who has a lease", e);
      return "";
    }
  }

  /** An entry of this process. */
  private final class Holding {

    private final String key;
    private final String token = UUID.randomUUID().toString();
    private volatile boolean over;

    private Holding(String key) {
      this.key = key;
    }

    private void renew() {
      if (over || platform.isApart()) {
        return;
      }
      try {
        Cache<String, String> cache = holders.get();
        if (!cache.replace(key, token, token) && !over && cache.putIfAbsent(key, token) && over) {
          cache.remove(key, token);
        }
      } catch (RuntimeException e) {
        troubles.tell(holders.name(), "a lease cannot be renewed", e);
      }
    }

    private void release() {
      synchronized (this) {
        if (over) {
          return;
        }
        over = true;
      }
      try {
        holders.get().remove(key, token);
      } catch (RuntimeException e) {
        troubles.tell(holders.name(), "a lease cannot be given back and will end by itself", e);
      }
    }

    /** The request may have been done though its reply did not come. */
    private void forget() {
      try {
        holders.get().remove(key, token);
      } catch (CacheException | IllegalStateException e) {
        // it ends by itself
      }
    }
  }
}
