package io.larder.ai;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one answer cache: a timer, and threads for what may wait for the caches. All are
 * daemons, start when they are first needed, and end with {@link #close}.
 */
final class Background implements AutoCloseable {

  private static final int MAXIMUM_THREADS = 64;
  private static final long IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor timer;
  private final ThreadPoolExecutor workers;
  private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

  Background(String name) {
    this.timer = new ScheduledThreadPoolExecutor(1, daemons("larder-ai-timer " + name));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.workers = new ThreadPoolExecutor(
        0,
        MAXIMUM_THREADS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        daemons("larder-ai " + name),
        (task, pool) -> task.run());
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + " " + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Runs what may wait for a cache; with all threads busy, the caller does it. */
  Executor workers() {
    return task -> {
      if (workers.isShutdown()) {
        task.run();
      } else {
        workers.execute(task);
      }
    };
  }

  /** Has a worker run the task every so often, until it is cancelled or this is closed. */
  Future<?> every(long millis, Runnable task) {
    try {
      return timer.scheduleWithFixedDelay(
          () -> workers().execute(task), millis, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Has a worker run the task later, once; at once when this is closed. */
  void later(long nanos, Runnable task) {
    Runnable once = new Runnable() {
      @Override
      public void run() {
        if (waiting.remove(this)) {
          workers().execute(task);
        }
      }
    };
    waiting.add(once);
    try {
      timer.schedule(once, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      once.run();
    }
  }

  boolean isClosed() {
    return timer.isShutdown();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    waiting.forEach(Runnable::run);
    workers.shutdown();
  }
}
