package io.larder.store.redis;

import io.larder.log.Log;
import io.larder.store.Budget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Deletes, in the background and bit by bit, what a clear has made unreadable.
 *
 * <p><b>How it goes on.</b> A clear leaves a mark in Redis. Whoever sees the mark and gets the
 * cache's sweep lease walks over the entries and has a script delete those whose generation is not
 * the head's at that moment; then it removes the mark, unless another clear has renewed it. If the
 * process ends in between, the next one that opens the cache finds the mark. Runs in the client's
 * background thread, and goes on when the store is closed but its client is not.
 */
final class Sweep {

  private static final long HOLD_MILLIS = 60_000;
  private static final long PAUSE_MILLIS = 5;
  private static final long RETRY_MILLIS = 5_000;
  private static final int TRIES = 20;

  private final RedisClient client;
  private final Caller caller;
  private final TimelyCaller timely;
  private final Layout layout;
  private final Log log;
  private final long timeoutNanos;

  Sweep(RedisClient client, TimelyCaller timely, Layout layout, RedisStoreSpec spec) {
    this.client = client;
    this.caller = timely.caller();
    this.timely = timely;
    this.layout = layout;
    this.log = spec.log().from(RedisStore.class);
    this.timeoutNanos = spec.operationTimeout().toNanos();
  }

  /** Leaves the mark, to be sent before the clear. */
  Call mark() {
    byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    return Call.replace(layout.unswept(), token);
  }

  /** Starts soon. */
  void start() {
    schedule(() -> begin(TRIES), PAUSE_MILLIS);
  }

  /**
   * Sweeps now, in the calling thread and without pauses, and then as after any clear.
   *
   * @return how many entries that deleted
   */
  long now() {
    RedisLease lease = RedisLease.tryAcquire(timely, layout.sweepLease(), HOLD_MILLIS, budget());
    try {
      long swept = 0;
      KeyScan scan = new KeyScan(client, caller, layout, timeoutNanos);
      for (List<byte[]> names = scan.next(); names != null; names = scan.next()) {
        swept += sweep(names);
        if (lease != null) {
          lease.extend(HOLD_MILLIS);
        }
      }
      return swept;
    } finally {
      if (lease != null) {
        lease.close();
      }
      start();
    }
  }

  private void begin(int tries) {
    byte[] mark = (byte[]) caller.call(Call.get(layout.unswept()), budget());
    if (mark == null) {
      return;
    }
    RedisLease lease = RedisLease.tryAcquire(timely, layout.sweepLease(), HOLD_MILLIS, budget());
    if (lease == null) {
      if (tries > 1) {
        schedule(() -> begin(tries - 1), RETRY_MILLIS);
      }
      return;
    }
    Run run = new Run(lease, mark, new KeyScan(client, caller, layout, timeoutNanos));
    schedule(() -> step(run), 0);
  }

  private record Run(RedisLease lease, byte[] mark, KeyScan scan) {}

  private void step(Run run) {
    try {
      List<byte[]> names = run.scan().next();
      if (names != null) {
        sweep(names);
        run.lease().extend(HOLD_MILLIS);
        schedule(() -> step(run), PAUSE_MILLIS);
        return;
      }
      caller.call(Call.eval(Script.RELEASE, List.of(layout.unswept()), run.mark()), budget());
      run.lease().close();
      start();
    } catch (CacheException e) {
      run.lease().close();
      throw e;
    }
  }

  private long sweep(List<byte[]> names) {
    Map<Integer, List<byte[]>> buckets = new TreeMap<>();
    for (byte[] name : names) {
      byte @Nullable [] key = layout.keyOf(name);
      if (key != null) {
        buckets.computeIfAbsent(Layout.bucketOf(key), this::headFirst).add(name);
      }
    }
    if (buckets.isEmpty()) {
      return 0;
    }
    List<Call> calls =
        buckets.values().stream().map(keys -> Call.eval(Script.SWEEP, keys)).toList();
    return caller.callAll(calls, budget()).stream()
        .mapToLong(swept -> swept instanceof Long count ? count : 0)
        .sum();
  }

  private List<byte[]> headFirst(int bucket) {
    List<byte[]> names = new ArrayList<>();
    names.add(layout.head(bucket));
    return names;
  }

  private Budget budget() {
    return Budget.startingNow(timeoutNanos);
  }

  private void schedule(Runnable task, long delayMillis) {
    try {
      client.background().schedule(() -> guarded(task), delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the client is closed, the sweep is left to others", e);
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      if (!client.isShutDown()) {
        log.info("the sweep after a clear stopped and will be resumed: {}", e.toString());
        schedule(() -> begin(TRIES), RETRY_MILLIS);
      }
    }
  }
}
