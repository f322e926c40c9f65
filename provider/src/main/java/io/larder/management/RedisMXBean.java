package io.larder.management;

/** How a cache manager stands with its Redis, for JMX. */
public interface RedisMXBean {

  /** {@code CONNECTED}, {@code DEGRADED} (Redis is away) or {@code REPLAYING} (it is back). */
  String getConnection();

  /** Since when, as ISO-8601 in UTC. */
  String getSince();

  /** Keys changed without Redis that are still to be removed there. */
  long getJournalledKeys();

  /** Caches that are still to be cleared there. */
  int getJournalledClears();
}
