package io.larder.store.redis;

import io.larder.codec.KeyCodec;
import io.larder.codec.ValueCodec;
import io.larder.expiry.Ttl;
import io.larder.stats.TierCounters;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.KeyGlob;
import io.larder.store.Lease;
import io.larder.store.SharedStore;
import io.larder.store.SharedStored;
import io.larder.store.SharedWrite;
import io.larder.store.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a cache in Redis, one string each, in 64 buckets with a head each.
 *
 * <p><b>The path of a key.</b> It is encoded; the hash of its bytes says the bucket; the entry's
 * name begins with the head's, so that both are in one cluster slot. A read takes head and entry
 * together and believes the entry only if it is of the head's generation. A change is one script
 * over head and entry, which also tells all processes. {@code docs/storage.md} has the formats.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class RedisStore<K, V> implements SharedStore<K, V> {

  private static final long LEASE_MIN_MILLIS = 5_000;
  private static final long LEASE_MAX_MILLIS = 60_000;
  private static final int LEASE_OPERATIONS = 20;

  private final RedisClient client;
  private final RedisStoreSpec spec;
  private final KeyCodec<K> keys;
  private final Layout layout;
  private final Caller caller;
  private final TimelyCaller timely;
  private final Complaints complaints;
  private final Reads<K, V> reads;
  private final Writes<K, V> writes;
  private final Claims<V> claims;
  private final Sweep sweep;
  private volatile boolean verified;
  private volatile @Nullable InvalidationChannel<K> channel;

  /**
   * A store on a client that stays the caller's. Nothing is sent yet.
   *
   * @param counters count this tier's hits, misses and unreadable entries
   */
  public RedisStore(
      RedisClient client,
      RedisStoreSpec spec,
      KeyCodec<K> keys,
      ValueCodec<V> values,
      TierCounters counters) {
    this.client = client;
    this.spec = spec;
    this.keys = keys;
    layout = new Layout(spec.namespace(), spec.cacheName());
    caller = new Caller(client, spec.log());
    timely = new TimelyCaller(client, caller);
    complaints = new Complaints(spec.log(), counters);
    Lifetimes lifetimes = Lifetimes.of(spec);
    EntryBytes<V> bytes = new EntryBytes<>(values, spec.signer());
    EntryReader<V> reader = new EntryReader<>(bytes, counters, complaints);
    reads = new Reads<>(layout, client, caller, reader, lifetimes);
    claims = new Claims<>(layout, client, timely, reader, lifetimes);
    writes = new Writes<>(layout, timely, bytes, lifetimes, complaints);
    sweep = new Sweep(client, timely, layout, spec);
  }

  /**
   * Connects, and checks that what is in Redis under this cache's name has this layout, and that
   * invalidations may be published: a script that lacks that right would notice after its writes.
   * Every operation does it if it has not been done.
   *
   * @throws CacheException if Redis cannot be reached, or the layout is another
   */
  public void open(Budget budget) {
    if (verified) {
      return;
    }
    client.ensureConnected(budget);
    byte[] ours = Layout.DESCRIPTION.getBytes(StandardCharsets.US_ASCII);
    List<@Nullable Object> replies = caller.callAll(
        List.of(
            Call.take(layout.descriptor(), ours, 0),
            Call.get(layout.descriptor()),
            Call.get(layout.unswept()),
            Call.hello(layout.descriptor(), layout.channel())),
        budget);
    if (replies.get(1) instanceof byte[] found) {
      String text = new String(found, StandardCharsets.ISO_8859_1);
      if (!text.equals(Layout.DESCRIPTION)) {
        throw new CacheException(spec.cacheName()
            + ": what Redis holds under this name has the layout '"
            + text
            + "', this version needs '"
            + Layout.DESCRIPTION
            + "': use another namespace, or delete it");
      }
    }
    verified = true;
    if (replies.get(2) != null) {
      sweep.start();
    }
  }

  @Override
  public int buckets() {
    return Layout.BUCKETS;
  }

  @Override
  public int bucketOf(K key) {
    return Layout.bucketOf(keys.encode(key));
  }

  @Override
  public SharedStored<V> get(K key, long accessTtl, Budget budget) {
    open(budget);
    Keyed<K> keyed = keyed(key);
    if (accessTtl != Ttl.ZERO) {
      return reads.get(keyed, accessTtl, budget);
    }
    SharedStored<V> found = reads.get(keyed, Ttl.KEEP, budget);
    if (found.value() != null && !found.expired()) {
      writeShared(Change.remove(key, found), budget);
    }
    return found;
  }

  @Override
  public SharedStored<V> getFresh(K key, Budget budget) {
    return get(key, Ttl.KEEP, budget);
  }

  @Override
  public Map<K, Stored<V>> getAll(Set<? extends K> keys, long accessTtl, Budget budget) {
    return new LinkedHashMap<>(getAllShared(keys, accessTtl, budget));
  }

  /** {@link #getAll}, with versions. */
  public Map<K, SharedStored<V>> getAllShared(
      Set<? extends K> keys, long accessTtl, Budget budget) {
    open(budget);
    List<Keyed<K>> keyed = new ArrayList<>(keys.size());
    keys.forEach(key -> keyed.add(keyed(key)));
    if (accessTtl != Ttl.ZERO) {
      return reads.getAll(keyed, accessTtl, budget);
    }
    Map<K, SharedStored<V>> found = reads.getAll(keyed, Ttl.KEEP, budget);
    List<Change<K, V>> removals = new ArrayList<>();
    found.forEach((key, stored) -> {
      if (stored.value() != null && !stored.expired()) {
        removals.add(Change.remove(key, stored));
      }
    });
    writeAllShared(removals, budget);
    return found;
  }

  @Override
  public boolean containsKey(K key, Budget budget) {
    open(budget);
    return reads.contains(keyed(key), budget);
  }

  @Override
  public SharedWrite writeShared(Change<K, V> change, Budget budget) {
    open(budget);
    return writes.write(planned(change), budget);
  }

  @Override
  public List<SharedWrite> writeAllShared(List<Change<K, V>> changes, Budget budget) {
    if (changes.isEmpty()) {
      return List.of();
    }
    open(budget);
    return writes.writeAll(changes.stream().map(this::planned).toList(), budget);
  }

  @Override
  public void touch(K key, Stored<V> stored, long ttl, Budget budget) {
    if (ttl == Ttl.KEEP || stored.value() == null || !(stored instanceof SharedStored<V> shared)) {
      return;
    }
    if (ttl == Ttl.ZERO) {
      writeShared(Change.remove(key, stored), budget);
      return;
    }
    open(budget);
    writes.touch(keyed(key), shared, ttl, budget);
  }

  @Override
  public long[] clearShared(Budget budget) {
    open(budget);
    long[] sequences = writes.clear(sweep.mark(), budget);
    sweep.start();
    return sequences;
  }

  @Override
  public long clearAndCount(Consumer<long[]> cleared, Budget budget) {
    open(budget);
    cleared.accept(writes.clear(sweep.mark(), budget));
    return sweep.now();
  }

  @Override
  public CompletionStage<long[]> heads() {
    if (client.isShutDown() || !client.isConnectedElseConnect()) {
      return CompletableFuture.failedFuture(client.unreachable(null));
    }
    try {
      return Heads.ask(client, layout)
          .exceptionallyCompose(e -> CompletableFuture.failedFuture(failure(e)));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(failure(e));
    }
  }

  private CacheException failure(Throwable e) {
    Throwable cause = e.getCause();
    return caller.translated(e instanceof CompletionException && cause != null ? cause : e);
  }

  @Override
  public long localNanosBefore(long serverMicros) {
    return client.clocks().localNanosBefore(serverMicros);
  }

  @Override
  public synchronized void listen(Invalidations<K> listener) {
    if (channel != null) {
      throw new IllegalStateException(spec.cacheName() + ": there is a listener already");
    }
    InvalidationChannel<K> opened = new InvalidationChannel<>(client, spec, keys, listener);
    channel = opened;
    opened.open();
  }

  @Override
  public Iterator<Map.Entry<K, Stored<V>>> iterator() {
    long timeout = spec.operationTimeout().toNanos();
    open(Budget.startingNow(timeout));
    KeyScan scan = new KeyScan(client, caller, layout, timeout);
    return new EntryIterator<>(scan, layout, keys, reads, complaints);
  }

  @Override
  public Lease lease(K key, Budget budget) {
    open(budget);
    byte[] encoded = keys.encode(key);
    byte[] name = layout.lease(Layout.bucketOf(encoded), encoded);
    long hold = spec.operationTimeout().toMillis() * LEASE_OPERATIONS;
    return RedisLease.acquire(
        timely, name, Math.min(LEASE_MAX_MILLIS, Math.max(LEASE_MIN_MILLIS, hold)), budget);
  }

  @Override
  public Stored<V> claim(K key, String holder, Budget budget) {
    open(budget);
    return claims.claim(keyed(key), holder, budget);
  }

  @Override
  public Iterator<List<K>> keysMatching(KeyGlob glob) {
    long timeout = spec.operationTimeout().toNanos();
    open(Budget.startingNow(timeout));
    KeyScan scan = new KeyScan(client, caller, layout.entryPattern(glob.bytes()), timeout);
    return new MatchingKeys<>(scan, layout, keys, glob);
  }

  @Override
  public boolean retainsValues() {
    return false;
  }

  @Override
  public synchronized void close() {
    InvalidationChannel<K> open = channel;
    if (open != null) {
      open.close();
    }
  }

  private Keyed<K> keyed(K key) {
    return Keyed.of(key, keys.encode(Objects.requireNonNull(key, "key")), layout);
  }

  private Writes.Planned<K, V> planned(Change<K, V> change) {
    return new Writes.Planned<>(keyed(change.key()), change);
  }
}
