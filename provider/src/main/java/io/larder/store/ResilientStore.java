package io.larder.store;

import io.larder.expiry.Ttl;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A shared store that goes on without its server. While the circuit is open, or when a call itself
 * finds the server away, a fallback answers, and what is changed is journalled.
 *
 * <p><b>The path of a call.</b> Its budget starts. If the circuit is closed and the key is not in
 * the journal, the shared store is asked. A key in the journal is first removed there, for the
 * shared store does not know what this process did to it. Where that is not possible, or the answer
 * does not come, the fallback answers: a change is journalled before it is made there, so that no
 * reader of this process finds what the shared store still holds. Such answers carry no version, so
 * that a near tier keeps none of them; and a reply that was under way meanwhile is refused by
 * {@link #settled}. What was decided on an answer of the fallback goes to the fallback, too, so
 * that an operation that has found the server away does not wait for it a second time.
 *
 * <p>What the fallback holds is always of keys in the journal; it is dropped with them, and never
 * written to the shared store.
 */
public final class ResilientStore<K, V> implements SharedStore<K, V> {

  private static final Lease KEY_LOCK_SUFFICES = () -> {};

  private final SharedStore<K, V> shared;
  private final ResilientSpec<K, V> spec;
  private final Passage<K, V> passage;
  private final @Nullable Store<K, V> fallback;
  private final @Nullable Diversion<K, V> diversion;
  private final ManyKeys<K, V> manyKeys;

  /** @param shared closed with this */
  public ResilientStore(SharedStore<K, V> shared, ResilientSpec<K, V> spec) {
    this.shared = shared;
    this.spec = spec;
    this.passage = new Passage<>(shared, spec, spec.log().from(ResilientStore.class));
    this.fallback = spec.fallback();
    this.diversion = fallback == null ? null : new Diversion<>(fallback, shared, spec, passage);
    this.manyKeys = new ManyKeys<>(shared, passage, diversion);
  }

  @Override
  public Stored<V> get(K key, long accessTtl, Budget given) {
    if (accessTtl == Ttl.ZERO) {
      Stored<V> found = get(key, Ttl.KEEP, given);
      if (found.value() != null && !found.expired()) {
        writeShared(Change.remove(key, found), given);
      }
      return found;
    }
    return read(
        key,
        given,
        budget -> shared.get(key, accessTtl, budget),
        () -> fallback().get(key, accessTtl, given));
  }

  @Override
  public Stored<V> getFresh(K key, Budget given) {
    return get(key, Ttl.KEEP, given);
  }

  @Override
  public Map<K, Stored<V>> getAll(Set<? extends K> keys, long accessTtl, Budget given) {
    return manyKeys.getAll(keys, accessTtl, given);
  }

  @Override
  public boolean containsKey(K key, Budget given) {
    return read(
        key,
        given,
        budget -> shared.containsKey(key, budget),
        () -> fallback().containsKey(key, given));
  }

  private <T> T read(K key, Budget given, Function<Budget, T> asked, Supplier<T> apart) {
    Allowance budget = Allowance.of(given);
    if (passage.passes(key, budget)) {
      try {
        return passage.answered(asked.apply(budget));
      } catch (StoreUnavailableException e) {
        passage.lost(e, budget);
      }
    }
    return apart.get();
  }

  private Store<K, V> fallback() {
    if (fallback == null) {
      throw passage.away();
    }
    return fallback;
  }

  @Override
  public SharedWrite writeShared(Change<K, V> change, Budget given) {
    Allowance budget = Allowance.of(given);
    boolean wasHeld = !passage.settled(change.key());
    if (!Diversion.isApart(change.prior()) && passage.passes(change.key(), budget)) {
      try {
        return passage.answered(shared.writeShared(change, budget));
      } catch (StoreUnavailableException e) {
        boolean held = passage.mark(change.key(), e, budget);
        passage.lost(e, budget);
        return diversion().marked(change, held, given);
      }
    }
    return diversion().divert(change, wasHeld, given);
  }

  @Override
  public List<SharedWrite> writeAllShared(List<Change<K, V>> changes, Budget given) {
    return manyKeys.writeAll(changes, given);
  }

  private Diversion<K, V> diversion() {
    fallback();
    return Objects.requireNonNull(diversion);
  }

  @Override
  public void touch(K key, Stored<V> stored, long ttl, Budget given) {
    if (ttl == Ttl.KEEP || stored.value() == null) {
      return;
    }
    if (!(stored instanceof SharedStored)) {
      if (fallback != null) {
        fallback.touch(key, stored, ttl, given);
      }
      return;
    }
    Allowance budget = Allowance.of(given);
    if (passage.passes(key, budget)) {
      try {
        shared.touch(key, stored, ttl, budget);
        passage.answered();
        return;
      } catch (StoreUnavailableException e) {
        passage.mark(key, e, budget);
        passage.lost(e, budget);
      }
    } else {
      fallback();
      passage.mark(key, Passage.NOT_SENT);
    }
  }

  @Override
  public long @Nullable [] clearShared(Budget given) {
    Allowance budget = Allowance.of(given);
    if (passage.mayClear(budget)) {
      try {
        long[] sequences = shared.clearShared(budget);
        passage.answered();
        clearFallback(given);
        return sequences;
      } catch (StoreUnavailableException e) {
        passage.markClear(budget);
        passage.lost(e, budget);
      }
    }
    Store<K, V> apart = fallback();
    passage.markClear(Passage.NOT_SENT);
    apart.clear(given);
    return null;
  }

  @Override
  public long clearAndCount(Consumer<long[]> cleared, Budget given) {
    Allowance budget = Allowance.of(given);
    if (passage.mayClear(budget)) {
      try {
        long count = passage.answered(shared.clearAndCount(cleared, budget));
        clearFallback(given);
        return count;
      } catch (StoreUnavailableException e) {
        passage.markClear(budget);
        passage.lost(e, budget);
      }
    }
    Store<K, V> apart = fallback();
    passage.markClear(Passage.NOT_SENT);
    return apart.clearAndCount(given);
  }

  /** What it holds of keys that are not replayed yet is cleared with the rest. */
  private void clearFallback(Budget given) {
    if (fallback != null && passage.hasJournal()) {
      fallback.clear(given);
    }
  }

  /** Whether the fallback may hold something, of keys that are not replayed yet. */
  private boolean holdsSome() {
    return fallback != null && passage.hasJournal();
  }

  /** Keys that are not replayed yet are listed as the fallback has them. */
  @Override
  public Iterator<Map.Entry<K, Stored<V>>> iterator() {
    if (passage.mayList()) {
      Allowance pages = Allowance.ofEach();
      try {
        var entries = new SharedEntries<>(
            passage.answered(shared.iterator()), this::settled, e -> passage.lost(e, pages));
        return fallback == null
            ? entries
            : new BothEntries<>(entries, this::apart, passage::hasJournal, spec.keyCopies());
      } catch (StoreUnavailableException e) {
        passage.lost(e, pages);
      }
    }
    return apart();
  }

  private Iterator<Map.Entry<K, Stored<V>>> apart() {
    return new ApartEntries<>(fallback().iterator(), spec.keyCopies());
  }

  @Override
  public Iterator<List<K>> keysMatching(KeyGlob glob) {
    if (passage.mayList()) {
      Allowance pages = Allowance.ofEach();
      try {
        var matching = new SharedPages<>(
            passage.answered(shared.keysMatching(glob)), e -> passage.lost(e, pages));
        return holdsSome() ? new Both<>(matching, apart(glob)) : matching;
      } catch (StoreUnavailableException e) {
        passage.lost(e, pages);
      }
    }
    return apart(glob);
  }

  private Iterator<List<K>> apart(KeyGlob glob) {
    return new ApartPages<>(fallback().keysMatching(glob));
  }

  /**
   * A claim of the fallback's is none towards other processes, so it is given only while the
   * circuit is open; a call that finds the server away before that says so.
   */
  @Override
  public Stored<V> claim(K key, String holder, Budget given) {
    Allowance budget = Allowance.of(given);
    if (passage.passes(key, budget)) {
      try {
        return passage.answered(shared.claim(key, holder, budget));
      } catch (StoreUnavailableException e) {
        passage.lost(e, budget);
        if (!passage.isOpen()) {
          throw e;
        }
      }
    }
    return diversion().claim(key, holder, given);
  }

  @Override
  public long timeToLive(Stored<V> found) {
    return found instanceof SharedStored || fallback == null
        ? shared.timeToLive(found)
        : fallback.timeToLive(found);
  }

  /** The lease is of the server; without it, the process' own order has to do. */
  @Override
  public Lease lease(K key, Budget given) {
    Allowance budget = Allowance.of(given);
    if (passage.passes(key, budget)) {
      try {
        return passage.answered(shared.lease(key, given));
      } catch (StoreUnavailableException e) {
        passage.lost(e, budget);
      }
    } else {
      fallback();
    }
    return KEY_LOCK_SUFFICES;
  }

  @Override
  public boolean settled(K key) {
    return passage.settled(key);
  }

  @Override
  public boolean isInDoubt() {
    return passage.isInDoubt();
  }

  @Override
  public CompletionStage<long[]> heads() {
    return passage.isOpen() ? CompletableFuture.failedFuture(passage.away()) : shared.heads();
  }

  @Override
  public void listen(Invalidations<K> listener) {
    passage.tell(listener);
    shared.listen(listener);
  }

  @Override
  public int buckets() {
    return shared.buckets();
  }

  @Override
  public int bucketOf(K key) {
    return shared.bucketOf(key);
  }

  @Override
  public long localNanosBefore(long serverMicros) {
    return shared.localNanosBefore(serverMicros);
  }

  @Override
  public boolean retainsValues() {
    return shared.retainsValues();
  }

  /** What is in the journal is replayed when that is possible, as long as the circuit lives. */
  @Override
  public void close() {
    passage.close();
    if (fallback != null) {
      fallback.close();
    }
    shared.close();
    passage.leave();
  }
}
