package io.larder;

import io.larder.stats.RedisStatus;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How a manager stands with its Redis: now, and at each change from now on. JMX shows the same
 * ({@code io.larder:type=Redis,CacheManager=...}). Thread-safe.
 */
public final class RedisWatch {

  private final Supplier<RedisStatus> status;
  private final LongSupplier callsWithout;
  private final RedisNews news;

  RedisWatch(Supplier<RedisStatus> status, LongSupplier callsWithout, RedisNews news) {
    this.status = status;
    this.callsWithout = callsWithout;
    this.news = news;
  }

  /** How it stands now. */
  public RedisStatus status() {
    return status.get();
  }

  /**
   * How many calls on the manager's caches, so far, were not answered by Redis, or not for all of
   * their keys: a fallback answered, or they failed. It grows before such a call returns, so if it
   * is the same before and after a call on a key, what that call found or changed, it found or
   * changed in Redis, or it read a near copy.
   */
  public long callsWithoutRedis() {
    return callsWithout.getAsLong();
  }

  /**
   * Has a listener told of each change: in order, on a thread of the manager, where it may take its
   * time. What it throws is logged and changes nothing.
   *
   * @throws NullPointerException if it is null
   */
  public void addListener(Consumer<? super RedisStatus> listener) {
    news.add(Objects.requireNonNull(listener, "listener"));
  }

  /** Tells that listener no more; nothing happens if it was never told. */
  public void removeListener(Consumer<? super RedisStatus> listener) {
    news.remove(Objects.requireNonNull(listener, "listener"));
  }
}
