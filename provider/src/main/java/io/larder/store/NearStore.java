package io.larder.store;

import io.larder.expiry.Ttl;
import io.larder.stats.TierCounters;
import io.larder.stats.TierSize;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A bounded near tier in front of a shared store: answers reads from this process's memory while it
 * can prove that it hears of changes.
 *
 * <p><b>Design.</b> A read tries {@link NearTier#hit}, which takes no lock; else it asks the shared
 * store and hands the reply to the tier, which stores it only where nothing newer can have passed.
 * A write goes to the shared store, and the tier learns its outcome before the call returns.
 * Messages and comparisons reach the tier from other threads, through {@link NearTier} as the
 * shared store's listener and {@link NearComparison}. The protocol is in
 * {@code docs/near-cache.md}.
 *
 * <p>A cache whose reads move deadlines has no near tier: such reads pass through, correct and
 * slow.
 */
public final class NearStore<K, V> implements Store<K, V> {

  private final SharedStore<K, V> shared;
  private final TierCounters counters;
  private final NearTier<K, V> tier;
  private final ScheduledFuture<?> ticks;

  /**
   * Begins to listen and to compare.
   *
   * @param shared what all processes share; closed with this
   */
  public NearStore(SharedStore<K, V> shared, NearSpec<K> spec) {
    this(shared, spec, NearClock.SYSTEM);
  }

  NearStore(SharedStore<K, V> shared, NearSpec<K> spec, NearClock clock) {
    this.shared = shared;
    this.counters = spec.counters();
    this.tier = new NearTier<>(shared, spec, clock);
    shared.listen(tier);
    long interval = spec.comparisonInterval().toNanos();
    this.ticks = spec.timer()
        .scheduleWithFixedDelay(tier.comparison()::tick, interval, interval, TimeUnit.NANOSECONDS);
  }

  @Override
  public Stored<V> get(K key, long accessTtl, Budget budget) {
    if (accessTtl != Ttl.KEEP) {
      return getAndMove(key, accessTtl, budget);
    }
    SharedStored<V> near = tier.hit(key);
    if (near != null) {
      counters.hit();
      return near;
    }
    counters.miss();
    return tier.replied(key, shared.get(key, accessTtl, budget));
  }

  /** A read that moves the deadline is a write as far as the tier is concerned. */
  private Stored<V> getAndMove(K key, long accessTtl, Budget budget) {
    try {
      return shared.get(key, accessTtl, budget);
    } finally {
      tier.unknown(key);
    }
  }

  @Override
  public Stored<V> getFresh(K key, Budget budget) {
    return tier.replied(key, shared.getFresh(key, budget));
  }

  @Override
  public Map<K, Stored<V>> getAll(Set<? extends K> keys, long accessTtl, Budget budget) {
    if (accessTtl != Ttl.KEEP) {
      return getAndMoveAll(keys, accessTtl, budget);
    }
    Map<K, Stored<V>> found = new HashMap<>(keys.size() * 2);
    Set<K> missed = new HashSet<>();
    for (K key : keys) {
      SharedStored<V> near = tier.hit(key);
      if (near != null) {
        counters.hit();
        found.put(key, near);
      } else {
        counters.miss();
        missed.add(key);
      }
    }
    if (!missed.isEmpty()) {
      shared
          .getAll(missed, accessTtl, budget)
          .forEach((key, reply) -> found.put(key, tier.replied(key, reply)));
    }
    return found;
  }

  private Map<K, Stored<V>> getAndMoveAll(Set<? extends K> keys, long accessTtl, Budget budget) {
    try {
      return shared.getAll(keys, accessTtl, budget);
    } finally {
      keys.forEach(tier::unknown);
    }
  }

  /**
   * A read of the whole entry where the tier does not have it: an answer without the bucket's
   * sequence could be followed by an older one from the tier.
   */
  @Override
  public boolean containsKey(K key, Budget budget) {
    if (tier.hit(key) != null) {
      return true;
    }
    Stored<V> found = tier.replied(key, shared.get(key, Ttl.KEEP, budget));
    return found.value() != null && !found.expired();
  }

  @Override
  public Outcome write(Change<K, V> change, Budget budget) {
    SharedWrite written;
    try {
      written = shared.writeShared(change, budget);
    } catch (Throwable e) {
      tier.unknown(change.key());
      throw e;
    }
    tier.wrote(change, written);
    return written.outcome();
  }

  @Override
  public List<Outcome> writeAll(List<Change<K, V>> changes, Budget budget) {
    List<SharedWrite> written;
    try {
      written = shared.writeAllShared(changes, budget);
    } catch (Throwable e) {
      changes.forEach(change -> tier.unknown(change.key()));
      throw e;
    }
    for (int i = 0; i < changes.size(); i++) {
      tier.wrote(changes.get(i), written.get(i));
    }
    return written.stream().map(SharedWrite::outcome).toList();
  }

  @Override
  public void touch(K key, Stored<V> stored, long ttl, Budget budget) {
    try {
      shared.touch(key, stored, ttl, budget);
    } finally {
      tier.unknown(key);
    }
  }

  @Override
  public void clear(Budget budget) {
    long @Nullable [] sequences;
    try {
      sequences = shared.clearShared(budget);
    } catch (Throwable e) {
      tier.cleared(null);
      throw e;
    }
    tier.cleared(sequences);
  }

  @Override
  public long clearAndCount(Budget budget) {
    boolean[] told = new boolean[1];
    try {
      return shared.clearAndCount(
          sequences -> {
            told[0] = true;
            tier.cleared(sequences);
          },
          budget);
    } finally {
      if (!told[0]) {
        tier.cleared(null);
      }
    }
  }

  @Override
  public Iterator<Map.Entry<K, Stored<V>>> iterator() {
    return new Entries(shared.iterator());
  }

  private final class Entries implements Iterator<Map.Entry<K, Stored<V>>>, Partial {

    private final Iterator<Map.Entry<K, Stored<V>>> source;

    Entries(Iterator<Map.Entry<K, Stored<V>>> source) {
      this.source = source;
    }

    @Override
    public boolean hasNext() {
      return source.hasNext();
    }

    @Override
    public Map.Entry<K, Stored<V>> next() {
      Map.Entry<K, Stored<V>> next = source.next();
      tier.seen(next.getKey(), next.getValue());
      return next;
    }

    @Override
    public boolean isPartial() {
      return Partial.is(source);
    }
  }

  @Override
  public Lease lease(K key, Budget budget) {
    return shared.lease(key, budget);
  }

  @Override
  public Stored<V> claim(K key, String holder, Budget budget) {
    return tier.replied(key, shared.claim(key, holder, budget));
  }

  @Override
  public long timeToLive(Stored<V> found) {
    return shared.timeToLive(found);
  }

  @Override
  public boolean isInDoubt() {
    return shared.isInDoubt();
  }

  @Override
  public Iterator<List<K>> keysMatching(KeyGlob glob) {
    return shared.keysMatching(glob);
  }

  /** Has entries held here only where that says so; what is held already stays until it changes. */
  public void admit(BiPredicate<? super K, ? super V> admission) {
    tier.admit(admission);
  }

  @Override
  public boolean retainsValues() {
    return true;
  }

  @Override
  public void close() {
    ticks.cancel(false);
    tier.close();
    shared.close();
  }

  /** How much the near tier holds, readable or not; approximate. */
  public TierSize size() {
    return tier.footprint();
  }

  /** How many entries the near tier holds, readable or not; approximate. */
  public long nearSize() {
    return tier.size();
  }

  /** Whether near entries may be read: invalidations are heard, and that is proven. */
  public boolean nearReadable() {
    return tier.readable();
  }

  /** How often a bucket's near entries were dropped because a change was lost on the way. */
  public long droppedBuckets() {
    return tier.droppedBuckets();
  }
}
