package io.larder.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * One process's view of a {@link MemoryServer}, whose faults a test chooses: messages wait in a
 * queue until they are delivered, comparisons until they are answered, and the next write or read
 * can be interrupted between its effect and its reply.
 */
final class MemorySharedStore<K, V> implements SharedStore<K, V> {

  /** Where a write stops. */
  enum WriteFault {
    BEFORE_EFFECT,
    AFTER_EFFECT
  }

  private final MemoryServer<K, V> server;
  private final NearClock clock;
  private final boolean immediate;
  private final Deque<MemoryServer.Message<K>> queue = new ArrayDeque<>();
  private final Deque<Runnable> comparisons = new ArrayDeque<>();
  private final java.util.function.Consumer<MemoryServer.Message<K>> subscriber = this::published;
  private volatile @Nullable Invalidations<K> listener;
  private volatile @Nullable WriteFault nextWrite;
  private volatile Runnable beforeReply = () -> {};
  private volatile boolean clockKnown = true;
  private volatile boolean headsFail;
  private volatile boolean closed;
  int trips;

  private MemorySharedStore(MemoryServer<K, V> server, NearClock clock, boolean immediate) {
    this.server = server;
    this.clock = clock;
    this.immediate = immediate;
  }

  /** Messages and comparisons arrive within the call that causes them. */
  static <K, V> MemorySharedStore<K, V> immediate(MemoryServer<K, V> server, NearClock clock) {
    return new MemorySharedStore<>(server, clock, true);
  }

  /** Messages and comparisons arrive when the test says so. */
  static <K, V> MemorySharedStore<K, V> stepped(MemoryServer<K, V> server, NearClock clock) {
    return new MemorySharedStore<>(server, clock, false);
  }

  // --- what a test does to it

  /** Delivers the oldest message, if there is one. */
  boolean deliver() {
    MemoryServer.Message<K> message;
    synchronized (queue) {
      message = queue.poll();
      if (message == null) {
        return false;
      }
      tell(message);
    }
    return true;
  }

  void deliverAll() {
    while (deliver()) {}
  }

  /** Loses the oldest message. */
  void drop() {
    synchronized (queue) {
      queue.remove();
    }
  }

  /** Puts the oldest message into the queue once more, at its end. */
  void repeat() {
    synchronized (queue) {
      queue.add(queue.element());
    }
  }

  /** Loses the way to the server without the near tier's knowing. */
  void disconnect() {
    server.unsubscribe(subscriber);
  }

  void down() {
    server.unsubscribe(subscriber);
    listener().down();
  }

  void up() {
    server.unsubscribe(subscriber);
    server.subscribe(subscriber);
    listener().up();
  }

  void lose(int bucket) {
    listener().lost(bucket);
  }

  /** Answers the oldest comparison with the heads as they are now. */
  boolean answerComparison() {
    Runnable comparison;
    synchronized (comparisons) {
      comparison = comparisons.poll();
    }
    if (comparison == null) {
      return false;
    }
    comparison.run();
    return true;
  }

  int comparisonsWaiting() {
    synchronized (comparisons) {
      return comparisons.size();
    }
  }

  /** The heads as they are now, to be answered to the oldest comparison later. */
  Runnable readHeadsForComparison() {
    long[] heads = server.heads();
    synchronized (comparisons) {
      HeldComparison held = (HeldComparison) comparisons.remove();
      return () -> held.future.complete(heads);
    }
  }

  void failNextWrite(WriteFault fault) {
    nextWrite = fault;
  }

  /** Runs once, after the next call's effect on the server and before its reply. */
  void beforeNextReply(Runnable action) {
    beforeReply = () -> {
      beforeReply = () -> {};
      action.run();
    };
  }

  /** Runs in each call from now on, after its effect on the server and before its reply. */
  void beforeEachReply(Runnable action) {
    beforeReply = action;
  }

  void clockKnown(boolean known) {
    clockKnown = known;
  }

  void headsFail(boolean fail) {
    headsFail = fail;
  }

  boolean isClosed() {
    return closed;
  }

  @Nullable
  Invalidations<K> currentListener() {
    return listener;
  }

  // --- SharedStore

  @Override
  public int buckets() {
    return server.bucketCount();
  }

  @Override
  public int bucketOf(K key) {
    return server.bucketOf(key);
  }

  @Override
  public SharedStored<V> get(K key, long accessTtl, Budget budget) {
    trips++;
    SharedStored<V> found = server.get(key, accessTtl);
    beforeReply.run();
    return found;
  }

  @Override
  public SharedStored<V> getFresh(K key, Budget budget) {
    return get(key, io.larder.expiry.Ttl.KEEP, budget);
  }

  @Override
  public Map<K, Stored<V>> getAll(Set<? extends K> keys, long accessTtl, Budget budget) {
    return new HashMap<>(getAllShared(keys, accessTtl, budget));
  }

  public Map<K, SharedStored<V>> getAllShared(
      Set<? extends K> keys, long accessTtl, Budget budget) {
    trips++;
    Map<K, SharedStored<V>> found = new LinkedHashMap<>();
    keys.forEach(key -> found.put(key, server.get(key, accessTtl)));
    beforeReply.run();
    return found;
  }

  @Override
  public boolean containsKey(K key, Budget budget) {
    trips++;
    return server.get(key, io.larder.expiry.Ttl.KEEP).value() != null;
  }

  @Override
  public SharedWrite writeShared(Change<K, V> change, Budget budget) {
    return writeAllShared(List.of(change), budget).get(0);
  }

  @Override
  public List<SharedWrite> writeAllShared(List<Change<K, V>> changes, Budget budget) {
    trips++;
    WriteFault fault = nextWrite;
    nextWrite = null;
    failIf(fault == WriteFault.BEFORE_EFFECT);
    List<SharedWrite> written = new ArrayList<>();
    changes.forEach(change -> written.add(server.write(change)));
    failIf(fault == WriteFault.AFTER_EFFECT);
    beforeReply.run();
    return written;
  }

  @Override
  public void touch(K key, Stored<V> stored, long ttl, Budget budget) {
    trips++;
    server.touch(key, (SharedStored<V>) stored, ttl);
  }

  @Override
  public long[] clearShared(Budget budget) {
    WriteFault fault = nextWrite;
    nextWrite = null;
    failIf(fault == WriteFault.BEFORE_EFFECT);
    long[] sequences = server.clear();
    failIf(fault == WriteFault.AFTER_EFFECT);
    beforeReply.run();
    return sequences;
  }

  @Override
  public long clearAndCount(Consumer<long[]> cleared, Budget budget) {
    long count = server.contents().size();
    cleared.accept(clearShared(budget));
    return count;
  }

  @Override
  public Stored<V> claim(K key, String holder, Budget budget) {
    trips++;
    Stored<V> found = server.claim(key, holder);
    beforeReply.run();
    return found;
  }

  @Override
  public long timeToLive(Stored<V> found) {
    return found instanceof SharedStored<V> shared && shared.value() != null
        ? shared.deadlineMicros() == Long.MAX_VALUE
            ? io.larder.expiry.Ttl.ETERNAL
            : (shared.deadlineMicros() - server.micros()) / 1000
        : io.larder.expiry.Ttl.ZERO;
  }

  @Override
  public Iterator<List<K>> keysMatching(KeyGlob glob) {
    List<K> keys = new ArrayList<>(server.contents().keySet());
    keys.addAll(server.claimedKeys());
    return keys.stream().filter(glob::matches).map(List::of).iterator();
  }

  private static void failIf(boolean fault) {
    if (fault) {
      throw new StoreUnavailableException("timed out, as the test asked", null);
    }
  }

  private record HeldComparison(CompletableFuture<long[]> future, MemoryServer<?, ?> server)
      implements Runnable {
    @Override
    public void run() {
      future.complete(server.heads());
    }
  }

  @Override
  public CompletionStage<long[]> heads() {
    if (headsFail) {
      return CompletableFuture.failedFuture(new CacheException("no heads, as the test asked"));
    }
    if (immediate) {
      return CompletableFuture.completedFuture(server.heads());
    }
    HeldComparison comparison = new HeldComparison(new CompletableFuture<>(), server);
    synchronized (comparisons) {
      comparisons.add(comparison);
    }
    return comparison.future;
  }

  @Override
  public long localNanosBefore(long serverMicros) {
    return clockKnown ? clock.nanos() + (serverMicros - server.micros()) * 1000 : Long.MIN_VALUE;
  }

  @Override
  public void listen(Invalidations<K> invalidations) {
    listener = invalidations;
    if (immediate) {
      up();
    }
  }

  @Override
  public Iterator<Map.Entry<K, Stored<V>>> iterator() {
    List<Map.Entry<K, Stored<V>>> entries = new ArrayList<>();
    server.contents().forEach((key, stored) -> entries.add(Map.entry(key, stored)));
    return entries.iterator();
  }

  @Override
  public Lease lease(K key, Budget budget) {
    try {
      return server.lease(key, budget);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CacheException(e);
    }
  }

  @Override
  public boolean retainsValues() {
    return false;
  }

  @Override
  public void close() {
    closed = true;
    listener = null;
    server.unsubscribe(subscriber);
  }

  private void published(MemoryServer.Message<K> message) {
    if (immediate) {
      tell(message);
    } else {
      synchronized (queue) {
        queue.add(message);
      }
    }
  }

  private void tell(MemoryServer.Message<K> message) {
    Invalidations<K> current = listener;
    if (current != null) {
      current.changed(message.bucket(), message.previous(), message.sequence(), message.keys());
    }
  }

  private Invalidations<K> listener() {
    return java.util.Objects.requireNonNull(listener, "no near tier listens");
  }
}
