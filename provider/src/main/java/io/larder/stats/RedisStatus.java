package io.larder.stats;

import java.time.Instant;

/**
 * How a cache manager stands with its Redis, at one moment.
 *
 * @param connection whether Redis is used
 * @param since when that began
 * @param journalledKeys keys that were written or removed without Redis and are still to be removed
 *     there, in all caches
 * @param journalledClears caches that are still to be cleared there, because that was asked for or
 *     because their journal overflowed
 */
public record RedisStatus(
    Connection connection, Instant since, long journalledKeys, int journalledClears) {

  /** Whether Redis is used. */
  public enum Connection {
    /** It is. */
    CONNECTED,
    /** It is away: caches answer by their fallback. */
    DEGRADED,
    /** It is back; the journals are being replayed before it is used again. */
    REPLAYING
  }
}
