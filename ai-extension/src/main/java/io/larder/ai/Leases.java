package io.larder.ai;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Future;
import javax.cache.CacheException;

/**
 * The right to be the only process that makes a call. Thread-safe.
 *
 * <p><b>Design.</b> A lease is an entry with a random token under the request's key, in a cache
 * whose entries live for the lease's time: {@code putIfAbsent} takes it, {@code replace} of the
 * token by itself renews it three times in its life while the holder is at work, {@code remove} of
 * the token gives it back. A holder that died stops renewing, and the entry ends by itself. The
 * answer is stored before the lease is given back, so whoever gets the lease next finds it.
 */
final class Leases {

  private static final int RENEWALS = 3;

  private final CacheSlot<String> holders;
  private final Background background;
  private final long renewMillis;
  private final Troubles troubles;

  Leases(CacheSlot<String> holders, Background background, Duration time, Troubles troubles) {
    this.holders = holders;
    this.background = background;
    this.renewMillis = Math.max(1, time.toMillis() / (RENEWALS + 1));
    this.troubles = troubles;
  }

  /** What came of asking for a lease. */
  sealed interface Reply permits Lease, Held {}

  /** Someone else has it. */
  record Held() implements Reply {}

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

  /** No lease, for where nobody else shares the cache. */
  static Lease none() {
    return new Lease(() -> {});
  }

  /** Takes the lease if it is free. If nobody can be asked, the call goes on without one. */
  Reply take(String key) {
    String token = UUID.randomUUID().toString();
    try {
      if (!holders.get().putIfAbsent(key, token)) {
        return new Held();
      }
    } catch (RuntimeException e) {
      troubles.tell(holders.name(), "no lease can be had", e);
      forget(key, token);
      return none();
    }
    Future<?> renewing = background.every(renewMillis, () -> renew(key, token));
    return new Lease(() -> {
      renewing.cancel(false);
      release(key, token);
    });
  }

  private void renew(String key, String token) {
    try {
      holders.get().replace(key, token, token);
    } catch (RuntimeException e) {
      troubles.tell(holders.name(), "a lease cannot be renewed", e);
    }
  }

  private void release(String key, String token) {
    try {
      holders.get().remove(key, token);
    } catch (RuntimeException e) {
      troubles.tell(holders.name(), "a lease cannot be given back and will end by itself", e);
    }
  }

  /** The request may have been done though its reply did not come. */
  private void forget(String key, String token) {
    background.workers().execute(() -> {
      try {
        holders.get().remove(key, token);
      } catch (CacheException | IllegalStateException e) {
        // it ends by itself
      }
    });
  }
}
