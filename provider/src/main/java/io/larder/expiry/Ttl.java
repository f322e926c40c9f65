package io.larder.expiry;

import javax.cache.expiry.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A time to live as a {@code long} of milliseconds, with three marks of its own. Used on hot paths
 * in place of {@link Duration}.
 */
public final class Ttl {

  /** Leave the deadline as it is. */
  public static final long KEEP = -1;

  /** Already over: nothing is stored, and what is there goes. */
  public static final long ZERO = 0;

  /** Without end. */
  public static final long ETERNAL = Long.MAX_VALUE;

  private static final java.time.Duration CENTURY = java.time.Duration.ofDays(36_500);

  private Ttl() {}

  /** The milliseconds of a positive duration, rounded up; over a century is without end. */
  public static long of(java.time.Duration duration) {
    if (duration.compareTo(CENTURY) > 0) {
      return ETERNAL;
    }
    return duration.plusNanos(999_999).toMillis();
  }

  /** The milliseconds of a JCache duration; {@link #KEEP} for null. */
  public static long of(@Nullable Duration duration) {
    if (duration == null) {
      return KEEP;
    }
    if (duration.isEternal()) {
      return ETERNAL;
    }
    if (duration.isZero()) {
      return ZERO;
    }
    return duration.getTimeUnit().toMillis(duration.getDurationAmount());
  }
}
