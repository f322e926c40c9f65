package io.larder.store;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tries the place where a cache keeps its entries, with an item of its own that no cache sees: no
 * entry, statistic or listener knows of it. An item that is not removed ends by itself. Waiting
 * calls wait no longer than their budget. Thread-safe, though two users of one probe share its
 * item.
 */
public interface Probe {

  /** Whether the place is a server, which may be away. */
  boolean isRemote();

  /** Asks for a sign of life; fails where there is none. Neither waits nor throws. */
  CompletionStage<Void> ping();

  /**
   * Waits for a sign of life.
   *
   * @throws javax.cache.CacheException if there is none
   */
  void ping(Budget budget);

  /**
   * Keeps the item for that long, unless there is one.
   *
   * @return whether it is kept
   * @throws javax.cache.CacheException if that fails
   */
  boolean write(byte[] item, long millis, Budget budget);

  /**
   * The item, or null if there is none.
   *
   * @throws javax.cache.CacheException if that fails
   */
  byte @Nullable [] read(Budget budget);

  /**
   * Removes that item.
   *
   * @return whether it was there
   * @throws javax.cache.CacheException if that fails
   */
  boolean remove(byte[] item, Budget budget);

  /**
   * What the server says of itself in a section of its INFO ({@code server}, {@code memory},
   * {@code clients}); empty where there is no server.
   *
   * @throws javax.cache.CacheException if that fails, for instance for want of the right to ask
   */
  Map<String, String> information(String section, Budget budget);
}
