package io.larder.store.redis;

import io.larder.expiry.Ttl;
import java.util.function.LongSupplier;

/**
 * Times to live as the scripts take them.
 *
 * @param bound milliseconds that bound an eternal entry's stay; 0 for none
 * @param graceNow milliseconds that an expired entry is kept
 */
record Lifetimes(long bound, LongSupplier graceNow) {

  private static final long CENTURY_MILLIS = 100L * 365 * 24 * 3600 * 1000;
  private static final String ETERNAL = "-2";

  static Lifetimes of(RedisStoreSpec spec) {
    return new Lifetimes(
        Math.min(CENTURY_MILLIS, spec.bound().toMillis()),
        () -> Math.min(CENTURY_MILLIS, spec.grace().get().toMillis()));
  }

  long grace() {
    return graceNow.getAsLong();
  }

  /** Milliseconds, -1 to keep, -2 for ever; what is over a century is for ever. */
  static String millis(long ttl) {
    if (ttl == Ttl.KEEP) {
      return "-1";
    }
    return ttl > CENTURY_MILLIS ? ETERNAL : Long.toString(Math.max(0, ttl));
  }
}
