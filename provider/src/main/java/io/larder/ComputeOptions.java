package io.larder;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How {@link CacheExtensions#getOrCompute} treats one call. Immutable.
 *
 * @param timeToLive of a value that this call computes; empty for what the expiry policy says
 * @param maximumWait how long this call waits for another's; then it calls its own function and
 *     does not store what that answers. Empty for as long as it takes.
 * @param storing whether a value that this call computed is stored; it is returned in any case
 * @param <V> the type of values
 */
public record ComputeOptions<V>(
    Optional<Duration> timeToLive, Optional<Duration> maximumWait, Predicate<? super V> storing) {

  private static final Predicate<Object> ALWAYS = value -> true;

  /** @throws IllegalArgumentException if a duration is zero or negative */
  public ComputeOptions {
    timeToLive.ifPresent(given -> requirePositive("timeToLive", given));
    maximumWait.ifPresent(given -> requirePositive("maximumWait", given));
    Objects.requireNonNull(storing, "storing");
  }

  /** The expiry policy's time to live, no bound on waiting, every value stored. */
  public static <V> ComputeOptions<V> standard() {
    return new ComputeOptions<>(Optional.empty(), Optional.empty(), ALWAYS);
  }

  /** The same with a time to live of its own. */
  public ComputeOptions<V> withTimeToLive(Duration given) {
    return new ComputeOptions<>(Optional.of(given), maximumWait, storing);
  }

  /** The same with a bound on waiting for others. */
  public ComputeOptions<V> withMaximumWait(Duration given) {
    return new ComputeOptions<>(timeToLive, Optional.of(given), storing);
  }

  /** The same where only values are stored for which the predicate says so. */
  public ComputeOptions<V> storingIf(Predicate<? super V> given) {
    return new ComputeOptions<>(timeToLive, maximumWait, given);
  }

  static void requirePositive(String name, Duration given) {
    if (given.isZero() || given.isNegative()) {
      throw new IllegalArgumentException(name + " is " + given + " but must be positive");
    }
  }
}
