package io.larder.ai;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How one call uses the cache. No part of a request's identity.
 *
 * @param refresh asks the model even if there is an answer, and stores the new one; shares no call
 * @param noStore takes an answer that is there, but stores none; shares no call
 * @param readOnly takes an answer that is there or on its way, but stores none
 * @param maxAge how old an answer may be that is taken
 * @param ttl how long the answer lives, instead of its operation's time to live
 */
public record AiControl(
    boolean refresh,
    boolean noStore,
    boolean readOnly,
    Optional<Duration> maxAge,
    Optional<Duration> ttl) {

  private static final Duration SHORTEST_TTL = Duration.ofMillis(1);
  private static final Duration LONGEST_TTL = Duration.ofDays(36_500);

  private static final AiControl USUAL =
      new AiControl(false, false, false, Optional.empty(), Optional.empty());

  /**
   * Checks the durations; a ttl of more than a century becomes one.
   *
   * @throws IllegalArgumentException if maxAge is negative, or ttl is not at least a millisecond
   */
  public AiControl {
    Objects.requireNonNull(maxAge, "maxAge");
    Objects.requireNonNull(ttl, "ttl");
    if (maxAge.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException(
          "maxAge was " + maxAge.get() + " but it must not be negative");
    }
    if (ttl.filter(given -> given.compareTo(SHORTEST_TTL) < 0).isPresent()) {
      throw new IllegalArgumentException(
          "ttl was " + ttl.get() + " but it must be at least a millisecond");
    }
    ttl = ttl.map(given -> given.compareTo(LONGEST_TTL) > 0 ? LONGEST_TTL : given);
  }

  /** Takes an answer that is there or on its way, else asks the model and stores its answer. */
  public static AiControl usual() {
    return USUAL;
  }

  /** The same, but asks the model in any case and stores its answer. */
  public AiControl withRefresh() {
    return new AiControl(true, noStore, readOnly, maxAge, ttl);
  }

  /** The same, but stores nothing; with {@link #withRefresh} the cache is not involved at all. */
  public AiControl withNoStore() {
    return new AiControl(refresh, true, readOnly, maxAge, ttl);
  }

  /** The same, but stores nothing itself. */
  public AiControl withReadOnly() {
    return new AiControl(refresh, noStore, true, maxAge, ttl);
  }

  /** The same, but takes no answer older than that. */
  public AiControl withMaxAge(Duration age) {
    return new AiControl(
        refresh, noStore, readOnly, Optional.of(Objects.requireNonNull(age, "maxAge")), ttl);
  }

  /**
   * The same, with a time to live of the answer's own. Where the provider has no way to keep an
   * entry longer than its cache's policy says, a longer one ends with the operation's. More than a
   * century is a century.
   */
  public AiControl withTtl(Duration timeToLive) {
    Objects.requireNonNull(timeToLive, "ttl");
    return new AiControl(refresh, noStore, readOnly, maxAge, Optional.of(timeToLive));
  }

  /** Whether an answer of this call may be stored. */
  boolean stores() {
    return !noStore && !readOnly;
  }

  /** Whether this call may be one with others that ask the same at the same time. */
  boolean shares() {
    return !refresh && !noStore;
  }
}
