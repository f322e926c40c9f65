package io.larder.ai;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads of one answer cache. All are daemons, start when they are first needed, and end with
 * {@link #close}.
 *
 * <p><b>Design.</b> A timer runs nothing itself but hands it on. Callers run what is the
 * application's and may block: suppliers, and whatever waits for an answer. Keepers store answers
 * and end calls, and have only to do with the caches. Tellers run what the application does with an
 * answer: there are as many as that needs, since it may wait for other answers. Renewers do nothing
 * but keep leases alive, so that whatever the others do, and even when this is closed, no lease
 * ends while its call is on its way; they are many, for each renewal is a trip to Redis, and there
 * may be thousands of calls. What finds all threads of its kind busy waits in a queue. Once this is
 * closed, who hands something in runs it.
 */
final class Background implements AutoCloseable {

  private static final int CALLERS = 64;
  private static final int KEEPERS = 32;
  private static final int RENEWERS = 32;
  private static final long IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor timer;
  private final ThreadPoolExecutor callers;
  private final ThreadPoolExecutor keepers;
  private final ThreadPoolExecutor tellers;
  private final ScheduledThreadPoolExecutor renewers;
  private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

  Background(String name) {
    this.timer = new ScheduledThreadPoolExecutor(1, daemons("larder-ai-timer " + name));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.callers = pool(CALLERS, "larder-ai " + name);
    this.keepers = pool(KEEPERS, "larder-ai-keeper " + name);
    this.tellers = new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        daemons("larder-ai-teller " + name),
        (task, full) -> task.run());
    this.renewers = new ScheduledThreadPoolExecutor(RENEWERS, daemons("larder-ai-leases " + name));
    renewers.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    renewers.allowCoreThreadTimeOut(true);
    renewers.setRemoveOnCancelPolicy(true);
    renewers.setContinueExistingPeriodicTasksAfterShutdownPolicy(true);
  }

  /** Once it is shut down, it has its callers run what they hand in: also what raced with that. */
  private static ThreadPoolExecutor pool(int threads, String name) {
    ThreadPoolExecutor pool = new ThreadPoolExecutor(
        threads,
        threads,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        daemons(name),
        (task, full) -> task.run());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + " " + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Runs what is the application's, and what may wait long. */
  Executor callers() {
    return callers;
  }

  /** Runs what has to do with the caches only. */
  Executor keepers() {
    return keepers;
  }

  /** Runs what the application does with an answer. */
  Executor tellers() {
    return tellers;
  }

  /** What a keeper finds or does; the application hears of it from a teller. */
  <T> CompletableFuture<T> keeping(Supplier<T> work) {
    CompletableFuture<T> promised = new CompletableFuture<>();
    keepers.execute(() -> {
      try {
        T done = work.get();
        tellers.execute(() -> promised.complete(done));
      } catch (Throwable e) {
        tellers.execute(() -> promised.completeExceptionally(e));
      }
    });
    return promised;
  }

  /** Has a keeper run the task every so often, until it is cancelled or this is closed. */
  Future<?> every(long millis, Runnable task) {
    try {
      return timer.scheduleWithFixedDelay(
          () -> keepers.execute(task), millis, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Has a renewer do so until it is cancelled, also when this is closed meanwhile. */
  Future<?> renewing(long millis, Runnable task) {
    try {
      return renewers.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /**
   * Has a renewer do it once, later, unless it is cancelled; also when this is closed meanwhile.
   */
  Future<?> ending(long nanos, Runnable task) {
    try {
      return renewers.schedule(task, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /**
   * Has a caller thread run the task later, once; at once when this is closed.
   *
   * @return takes it back
   */
  Runnable later(long nanos, Runnable task) {
    Runnable once = new Runnable() {
      @Override
      public void run() {
        if (waiting.remove(this)) {
          callers.execute(task);
        }
      }
    };
    waiting.add(once);
    try {
      Future<?> scheduled = timer.schedule(once, nanos, TimeUnit.NANOSECONDS);
      return () -> {
        waiting.remove(once);
        scheduled.cancel(false);
      };
    } catch (RejectedExecutionException e) {
      once.run();
      return () -> {};
    }
  }

  boolean isClosed() {
    return timer.isShutdown();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    waiting.forEach(Runnable::run);
    callers.shutdown();
    keepers.shutdown();
    tellers.shutdown();
    renewers.shutdown();
  }
}
