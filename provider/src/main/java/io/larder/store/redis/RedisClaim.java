package io.larder.store.redis;

import io.larder.store.Claim;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A claim in Redis: what stands under the entry's name until there is an entry. It has a short life
 * there, which the client's background thread renews for as long as this process lives and nobody
 * has changed the key. Thread-safe.
 */
final class RedisClaim<V> implements Claim<V> {

  /** How long it outlives its process. */
  static final long HOLD_MILLIS = 5_000;

  private static final long RENEWAL_MILLIS = 1_000;

  private final RedisClient client;
  private final byte[] name;
  private final String placeholder;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final @Nullable ScheduledFuture<?> renewals;

  private RedisClaim(RedisClient client, byte[] name, String placeholder) {
    this.client = client;
    this.name = name;
    this.placeholder = placeholder;
    this.renewals = startRenewing();
  }

  /** A claim that was just taken under that name, from which on it is renewed. */
  static <V> RedisClaim<V> taken(RedisClient client, byte[] name, String placeholder) {
    return new RedisClaim<>(client, name, placeholder);
  }

  /** What stands in Redis. */
  String placeholder() {
    return placeholder;
  }

  @SuppressWarnings("ThisEscapedInObjectConstruction")
  private @Nullable ScheduledFuture<?> startRenewing() {
    try {
      return client
          .background()
          .scheduleWithFixedDelay(
              this::renew, RENEWAL_MILLIS, RENEWAL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  /** Sends a renewal; a failed one is followed by the next. */
  private void renew() {
    try {
      client.send(call(Script.RENEW, HOLD_MILLIS)).whenComplete((reply, e) -> renewed(reply, e));
    } catch (RuntimeException e) {
      if (client.isShutDown()) {
        stop();
      }
    }
  }

  private void renewed(@Nullable Object reply, @Nullable Throwable failure) {
    if (failure == null && !Long.valueOf(1).equals(reply)) {
      stop();
    } else if (Caller.isUnknownScript(failure)) {
      client.loadScripts();
    }
  }

  private void stop() {
    if (renewals != null) {
      renewals.cancel(false);
    }
  }

  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      stop();
      try {
        client.send(call(Script.RELEASE));
      } catch (RuntimeException e) {
        // it ends by itself
      }
    }
  }

  private Call call(Script script, Object... more) {
    Object[] arguments = new Object[1 + more.length];
    arguments[0] = placeholder.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(more, 0, arguments, 1, more.length);
    return Call.eval(script, List.of(name), arguments);
  }
}
