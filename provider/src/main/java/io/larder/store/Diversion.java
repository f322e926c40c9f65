package io.larder.store;

import io.larder.expiry.Ttl;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes in the fallback the changes that could not be made in the shared store, and journals them.
 * What was decided on seeing the shared store's answer stands, unless the fallback knows of
 * something later.
 */
final class Diversion<K, V> {

  private final Store<K, V> fallback;
  private final SharedStore<K, V> shared;
  private final Passage<K, V> passage;
  private final UnaryOperator<K> keyCopies;
  private final UnaryOperator<V> valueCopies;

  Diversion(
      Store<K, V> fallback,
      SharedStore<K, V> shared,
      ResilientSpec<K, V> spec,
      Passage<K, V> passage) {
    this.fallback = fallback;
    this.shared = shared;
    this.passage = passage;
    this.keyCopies = fallback.retainsValues() ? spec.keyCopies() : UnaryOperator.identity();
    this.valueCopies = fallback.retainsValues() ? spec.valueCopies() : UnaryOperator.identity();
  }

  /** What the fallback has. */
  Map<K, Stored<V>> getAll(Set<? extends K> keys, long accessTtl, Budget budget) {
    return fallback.getAll(keys, accessTtl, budget);
  }

  /** The fallback's claim, told from one in the shared store. */
  Stored<V> claim(K key, String holder, Budget budget) {
    Stored<V> found = fallback.claim(keyCopies.apply(key), holder, budget);
    return found instanceof Claim<V> claim ? new ApartClaim<>(claim) : found;
  }

  private record ApartClaim<V>(Claim<V> claim) implements Claim<V> {

    @Override
    public void close() {
      claim.close();
    }
  }

  /** Whether the fallback gave that answer. */
  static boolean isApart(@Nullable Stored<?> answer) {
    return answer instanceof Claim
        ? answer instanceof ApartClaim
        : answer != null && !(answer instanceof SharedStored);
  }

  /**
   * Journals and makes a change that was not sent to the shared store.
   *
   * @param held whether the key was in the journal when the call began
   */
  SharedWrite divert(Change<K, V> change, boolean held, Budget budget) {
    boolean stillHeld = passage.mark(change.key(), Passage.NOT_SENT);
    return marked(change, held || stillHeld, budget);
  }

  /**
   * Makes a change that is journalled.
   *
   * @param held whether the key was in the journal before this change: then another was made since
   *     the shared store told what this one was decided on
   */
  SharedWrite marked(Change<K, V> change, boolean held, Budget budget) {
    if (held && change.prior() != null && !isApart(change.prior())) {
      return SharedWrite.apart(Outcome.REFUSED);
    }
    Outcome outcome = write(change, budget);
    // Again, for a replay of the first mark may have passed before the write.
    passage.mark(change.key(), Passage.NOT_SENT);
    return SharedWrite.apart(outcome);
  }

  private Outcome write(Change<K, V> change, Budget budget) {
    if (change.prior() instanceof SharedStored<V> seen) {
      return told(seen, fallback.write(after(change, seen), budget));
    } else if (change.prior() instanceof ApartClaim<V> apart) {
      return fallback.write(copied(change, change.condition(), apart.claim()), budget);
    } else if (change.condition() == Condition.IF_CLAIMED) {
      return fallback.write(copied(change, Condition.IF_ABSENT, null), budget);
    }
    return fallback.write(copied(change, change.condition(), change.prior()), budget);
  }

  /** The change as the fallback can judge it, which does not know what was seen. */
  private Change<K, V> after(Change<K, V> change, SharedStored<V> seen) {
    Condition condition =
        change.condition() == Condition.IF_UNTOUCHED ? Condition.IF_ABSENT : change.condition();
    Change<K, V> copied = copied(change, condition, condition == Condition.IF_ABSENT ? null : seen);
    return copied.creationTtl() == Ttl.KEEP ? withTtl(copied, left(seen)) : copied;
  }

  /** What the change did, to one who knows what was there. */
  private static Outcome told(SharedStored<?> seen, Outcome outcome) {
    boolean wasThere = seen.value() != null && !seen.expired();
    if (!wasThere) {
      return outcome;
    }
    return switch (outcome) {
      case CREATED -> Outcome.UPDATED;
      case NOTHING -> Outcome.REMOVED;
      default -> outcome;
    };
  }

  private Change<K, V> copied(Change<K, V> change, Condition condition, @Nullable Stored<V> prior) {
    V value = change.value();
    return new Change<>(
        keyCopies.apply(change.key()),
        value == null ? null : valueCopies.apply(value),
        change.creationTtl(),
        change.updateTtl(),
        condition,
        prior);
  }

  private static <K, V> Change<K, V> withTtl(Change<K, V> change, long ttl) {
    return new Change<>(
        change.key(), change.value(), ttl, change.updateTtl(), change.condition(), change.prior());
  }

  /** Milliseconds that an entry of the shared store still has. */
  private long left(SharedStored<V> seen) {
    if (seen.deadlineMicros() == Long.MAX_VALUE) {
      return Ttl.ETERNAL;
    }
    long local = shared.localNanosBefore(seen.deadlineMicros());
    return local == Long.MIN_VALUE
        ? Ttl.ZERO
        : Math.max(Ttl.ZERO, TimeUnit.NANOSECONDS.toMillis(local - System.nanoTime()));
  }
}
