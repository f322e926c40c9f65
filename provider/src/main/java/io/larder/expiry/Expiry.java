package io.larder.expiry;

import io.larder.log.Log;
import java.util.Optional;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;

/**
 * A cache's expiry policy as times to live in milliseconds. A policy that throws, or creates with
 * null, is answered for as JSR-107 says: creation is eternal, update and access leave the deadline.
 * Thread-safe if the policy is.
 */
public final class Expiry {

  /**
   * What one of the JSR's own policies answers, whatever is asked: known once and for all.
   *
   * @param access {@link Ttl#KEEP} if reads do not move the deadline
   */
  public record Fixed(long creation, long update, long access) {}

  private final Log log;
  private final ExpiryPolicy policy;
  private final Optional<Fixed> fixed;

  /** The given policy; says in that log when it fails. */
  public Expiry(Log log, ExpiryPolicy policy) {
    this.log = log.from(Expiry.class);
    this.policy = policy;
    this.fixed = isStandard(policy)
        ? Optional.of(new Fixed(forCreation(), forUpdate(), forAccess()))
        : Optional.empty();
  }

  /** What the policy answers, if it is one of the JSR's own five (of exactly that class). */
  public Optional<Fixed> fixed() {
    return fixed;
  }

  /** Whether a read may move the deadline; true for every policy that is not the JSR's own. */
  public boolean movesOnAccess() {
    return fixed.isEmpty() || fixed.get().access() != Ttl.KEEP;
  }

  /** Whether an entry may ever get a deadline from this policy. */
  public boolean mayExpire() {
    return fixed.isEmpty()
        || fixed.get().creation() != Ttl.ETERNAL
        || fixed.get().update() != Ttl.KEEP
        || fixed.get().access() != Ttl.KEEP;
  }

  /** The policy itself. */
  public ExpiryPolicy policy() {
    return policy;
  }

  /** How long a new entry lives; never {@link Ttl#KEEP}. */
  public long forCreation() {
    long ttl = ask("getExpiryForCreation", policy::getExpiryForCreation);
    return ttl == Ttl.KEEP ? Ttl.ETERNAL : ttl;
  }

  /** How long an updated entry lives from now. */
  public long forUpdate() {
    return ask("getExpiryForUpdate", policy::getExpiryForUpdate);
  }

  /** How long an entry that was read lives from now. */
  public long forAccess() {
    return ask("getExpiryForAccess", policy::getExpiryForAccess);
  }

  private long ask(String question, java.util.function.Supplier<Duration> answer) {
    try {
      return Ttl.of(answer.get());
    } catch (RuntimeException e) {
      log.warn("{} failed in {}", question, policy.getClass().getName(), e);
      return Ttl.KEEP;
    }
  }

  private static boolean isStandard(ExpiryPolicy policy) {
    Class<?> type = policy.getClass();
    return type == EternalExpiryPolicy.class
        || type == CreatedExpiryPolicy.class
        || type == ModifiedExpiryPolicy.class
        || type == AccessedExpiryPolicy.class
        || type == TouchedExpiryPolicy.class;
  }
}
