package io.larder.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.larder.expiry.Ttl;
import io.larder.stats.TierCounters;
import io.larder.stats.TierSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries on the heap, in a bounded Caffeine cache.
 *
 * <p>A read is one look-up and, if the entry has a deadline, one reading of the clock. A change
 * decides inside one Caffeine {@code compute}, where it sees the present entry and nobody else can
 * change it. The version of an entry is the {@link HeapEntry} itself; that of its absence, in a
 * cache that loads, a {@link HeapAbsence} that is held weakly and outdated by the next change.
 *
 * <p>A deadline that bounds the stay of an eternal entry is no expiry: past it, the entry is gone
 * without an event.
 */
public final class HeapStore<K, V> implements Store<K, V> {

  /**
   * How the store is made.
   *
   * @param maximumSize entries it holds at the most
   * @param boundMillis bounds the stay of eternal entries; 0 for no bound
   * @param keepsExpired whether expired entries stay readable as such, for a listener to hear of
   * @param loads whether values are loaded on a miss
   * @param onEviction called after an entry had to go for want of room
   */
  public record Spec(
      int maximumSize,
      long boundMillis,
      BooleanSupplier keepsExpired,
      Runnable onEviction,
      boolean loads,
      TierCounters counters,
      Ticker ticker) {}

  private final Cache<K, HeapEntry<V>> entries;
  private final HeapLeases<K> leases = new HeapLeases<>();
  private final HeapClaims<K, V> claims = new HeapClaims<>();
  private final Spec spec;
  private final TierCounters counters;
  private final @Nullable Cache<K, HeapAbsence<V>> absences;
  private final Ticker ticker;

  /** An empty store. */
  public HeapStore(Spec spec) {
    this.spec = spec;
    this.counters = spec.counters();
    this.absences = spec.loads() ? Caffeine.newBuilder().weakValues().build() : null;
    this.ticker = spec.ticker();
    this.entries = Caffeine.newBuilder()
        .maximumSize(spec.maximumSize())
        .<K, HeapEntry<V>>evictionListener(
            (@Nullable K key, @Nullable HeapEntry<V> entry, RemovalCause cause) ->
                spec.onEviction().run())
        .build();
  }

  @Override
  public Stored<V> get(K key, long accessTtl, Budget budget) {
    HeapEntry<V> entry = entries.getIfPresent(key);
    if (entry == null) {
      return miss(key);
    }
    long deadline = entry.deadlineNanos();
    if (deadline != HeapEntry.NEVER && ticker.read() - deadline >= 0) {
      return past(key, entry);
    }
    counters.hit();
    if (accessTtl != Ttl.KEEP) {
      touch(key, entry, accessTtl, budget);
    }
    return entry;
  }

  @Override
  public Stored<V> getFresh(K key, Budget budget) {
    return get(key, Ttl.KEEP, budget);
  }

  @Override
  public Map<K, Stored<V>> getAll(Set<? extends K> keys, long accessTtl, Budget budget) {
    Map<K, Stored<V>> found = new HashMap<>(keys.size() * 2);
    for (K key : keys) {
      found.put(key, get(key, accessTtl, budget));
    }
    return found;
  }

  @Override
  public boolean containsKey(K key, Budget budget) {
    HeapEntry<V> entry = entries.getIfPresent(key);
    return entry != null && isLive(entry);
  }

  @Override
  public Outcome write(Change<K, V> change, Budget budget) {
    Attempt attempt = new Attempt(change);
    entries.asMap().compute(change.key(), (key, present) -> attempt.apply(present));
    return attempt.outcome;
  }

  @Override
  public List<Outcome> writeAll(List<Change<K, V>> all, Budget budget) {
    List<Outcome> outcomes = new ArrayList<>(all.size());
    for (Change<K, V> change : all) {
      outcomes.add(write(change, budget));
    }
    return outcomes;
  }

  @Override
  public void touch(K key, Stored<V> stored, long ttl, Budget budget) {
    if (ttl == Ttl.KEEP || !(stored instanceof HeapEntry<V> entry)) {
      return;
    }
    if (ttl == Ttl.ZERO) {
      entries.asMap().remove(key, entry);
    } else {
      entry.moveDeadline(deadlineAfter(ttl), ttl == Ttl.ETERNAL);
    }
  }

  @Override
  public void clear(Budget budget) {
    if (absences != null) {
      absences.asMap().keySet().forEach(this::outdateAbsence);
    }
    claims.endAll();
    entries.invalidateAll();
  }

  @Override
  public long clearAndCount(Budget budget) {
    long live = entries.asMap().values().stream().filter(this::isLive).count();
    clear(budget);
    return live;
  }

  @Override
  public Iterator<Map.Entry<K, Stored<V>>> iterator() {
    return new EntryIterator(entries.asMap().entrySet().iterator());
  }

  @Override
  public Lease lease(K key, Budget budget) {
    return leases.acquire(key, budget);
  }

  @Override
  public Stored<V> claim(K key, String holder, Budget budget) {
    AtomicReference<@Nullable Stored<V>> answer = new AtomicReference<>();
    entries.asMap().compute(key, (k, present) -> {
      if (present == null || !(isLive(present) || isKept(present))) {
        answer.set(claims.take(key, holder));
        return null;
      }
      answer.set(isLive(present) ? present : new ExpiredHeapEntry<>(present));
      return present;
    });
    return Objects.requireNonNull(answer.get());
  }

  @Override
  public long timeToLive(Stored<V> found) {
    if (!(found instanceof HeapEntry<V> entry)) {
      return Ttl.ZERO;
    }
    long deadline = entry.deadlineNanos();
    return deadline == HeapEntry.NEVER
        ? Ttl.ETERNAL
        : Math.max(Ttl.ZERO, TimeUnit.NANOSECONDS.toMillis(deadline - ticker.read()));
  }

  @Override
  public Iterator<List<K>> keysMatching(KeyGlob glob) {
    Iterator<K> keys = Stream.concat(entries.asMap().keySet().stream(), claims.keys().stream())
        .filter(glob::matches)
        .iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return keys.hasNext();
      }

      @Override
      public List<K> next() {
        return List.of(keys.next());
      }
    };
  }

  @Override
  public boolean retainsValues() {
    return true;
  }

  /** How much it holds, about; expired entries that nobody met count. */
  public TierSize size() {
    return Footprint.of(
        entries.estimatedSize(),
        entries.asMap().entrySet().stream()
            .map(entry -> Map.entry(entry.getKey(), entry.getValue().value()))
            .iterator());
  }

  /** How many entries there are, about; expired ones that nobody met count. */
  public long estimatedSize() {
    return entries.estimatedSize();
  }

  /** Lets go of entries that are past their deadline and that nobody waits to hear of. */
  public void sweep() {
    for (Map.Entry<K, HeapEntry<V>> entry : entries.asMap().entrySet()) {
      HeapEntry<V> held = entry.getValue();
      if (!isLive(held) && !isKept(held)) {
        entries.asMap().remove(entry.getKey(), held);
      }
    }
  }

  @Override
  public void close() {
    entries.invalidateAll();
  }

  private Stored<V> miss(K key) {
    counters.miss();
    return absences == null ? new HeapAbsence<>() : absences.get(key, k -> new HeapAbsence<>());
  }

  private void outdateAbsence(K key) {
    if (absences != null) {
      HeapAbsence<V> absence = absences.asMap().remove(key);
      if (absence != null) {
        absence.outdate();
      }
    }
  }

  private Stored<V> past(K key, HeapEntry<V> entry) {
    if (isKept(entry)) {
      counters.miss();
      return new ExpiredHeapEntry<>(entry);
    }
    entries.asMap().remove(key, entry);
    return miss(key);
  }

  private boolean isLive(HeapEntry<V> entry) {
    long deadline = entry.deadlineNanos();
    return deadline == HeapEntry.NEVER || ticker.read() - deadline < 0;
  }

  private boolean isKept(HeapEntry<V> entry) {
    return !entry.isBound() && spec.keepsExpired().getAsBoolean();
  }

  private long deadlineAfter(long ttl) {
    long millis = ttl;
    if (ttl == Ttl.ETERNAL) {
      if (spec.boundMillis() == 0) {
        return HeapEntry.NEVER;
      }
      millis = spec.boundMillis();
    }
    long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    return nanos == Long.MAX_VALUE ? HeapEntry.NEVER : HeapEntry.deadline(ticker.read() + nanos);
  }

  /** One change, as it is decided while the entry is held still. */
  private final class Attempt {

    private final Change<K, V> change;
    private Outcome outcome = Outcome.REFUSED;

    Attempt(Change<K, V> change) {
      this.change = change;
    }

    @Nullable
    HeapEntry<V> apply(@Nullable HeapEntry<V> present) {
      HeapEntry<V> live = present != null && isLive(present) ? present : null;
      if (!holds(present, live)) {
        outcome = Outcome.REFUSED;
        return present;
      }
      outdateAbsence(change.key());
      claims.end(change.key());
      V value = change.value();
      if (value == null) {
        outcome = live == null ? Outcome.NOTHING : Outcome.REMOVED;
        return null;
      }
      long ttl = live == null ? change.creationTtl() : change.updateTtl();
      if (ttl == Ttl.ZERO) {
        outcome = live == null ? Outcome.NOTHING : Outcome.REMOVED;
        return null;
      }
      outcome = live == null ? Outcome.CREATED : Outcome.UPDATED;
      return ttl == Ttl.KEEP && live != null
          ? keeping(live, value)
          : new HeapEntry<>(value, deadlineAfter(ttl), ttl == Ttl.ETERNAL);
    }

    private HeapEntry<V> keeping(HeapEntry<V> live, V value) {
      return live.isBound()
          ? new HeapEntry<>(value, deadlineAfter(Ttl.ETERNAL), true)
          : new HeapEntry<>(value, live.deadlineNanos(), false);
    }

    private boolean holds(@Nullable HeapEntry<V> present, @Nullable HeapEntry<V> live) {
      return switch (change.condition()) {
        case ALWAYS -> true;
        case IF_ABSENT -> live == null;
        case IF_PRESENT -> live != null;
        case IF_SAME -> isSame(present, live);
        case IF_UNTOUCHED -> live == null && isUntouched();
        case IF_CLAIMED -> live == null && claims.stands(change.key(), change.prior());
      };
    }

    private boolean isSame(@Nullable HeapEntry<V> present, @Nullable HeapEntry<V> live) {
      if (change.prior() instanceof ExpiredHeapEntry<V> expired) {
        return present == expired.entry();
      }
      return change.prior() instanceof HeapEntry<V> prior ? live == prior : live == null;
    }

    private boolean isUntouched() {
      return change.prior() instanceof HeapAbsence<V> miss && !miss.isOutdated();
    }
  }

  private final class EntryIterator implements Iterator<Map.Entry<K, Stored<V>>> {

    private final Iterator<Map.Entry<K, HeapEntry<V>>> source;
    private Map.@Nullable Entry<K, Stored<V>> next;

    EntryIterator(Iterator<Map.Entry<K, HeapEntry<V>>> source) {
      this.source = source;
    }

    @Override
    public boolean hasNext() {
      while (next == null && source.hasNext()) {
        Map.Entry<K, HeapEntry<V>> entry = source.next();
        HeapEntry<V> held = entry.getValue();
        if (isLive(held)) {
          next = Map.entry(entry.getKey(), held);
        } else if (isKept(held)) {
          next = Map.entry(entry.getKey(), new ExpiredHeapEntry<>(held));
        }
      }
      return next != null;
    }

    @Override
    public Map.Entry<K, Stored<V>> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Map.Entry<K, Stored<V>> entry = Objects.requireNonNull(next);
      next = null;
      return entry;
    }
  }
}
