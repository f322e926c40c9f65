package io.larder;

import io.larder.stats.RedisStatus;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a manager stands with its Redis: now, and at each change from now on. JMX shows the same
 * ({@code io.larder:type=Redis,CacheManager=...}). Thread-safe.
 */
public final class RedisWatch {

  private final Supplier<RedisStatus> status;
  private final RedisNews news;

  RedisWatch(Supplier<RedisStatus> status, RedisNews news) {
    this.status = status;
    this.news = news;
  }

  /** How it stands now. */
  public RedisStatus status() {
    return status.get();
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
