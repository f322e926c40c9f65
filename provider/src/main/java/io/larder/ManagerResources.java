package io.larder;

import io.larder.config.Reading;
import io.larder.config.Settings;
import io.larder.log.Log;
import io.larder.management.CacheBeans;
import io.larder.store.HeapProbe;
import io.larder.store.Probe;
import io.larder.store.redis.RedisClient;
import io.larder.store.redis.RedisClients;
import io.larder.store.redis.RedisItemProbe;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the caches of one manager share and the manager owns: the way to Redis if there is one, a
 * timer thread for upkeep, and threads for loads and asynchronous listeners. All threads are
 * daemons, start when they are first needed, and end with {@link #close}.
 */
final class ManagerResources implements AutoCloseable {

  private static final int MAXIMUM_THREADS = 64;
  private static final long IDLE_SECONDS = 10;

  private final Settings settings;
  private final Log log;
  private final @Nullable RedisConnection redis;
  private final ThreadPoolExecutor executor;
  private final ScheduledThreadPoolExecutor timer;
  private final ThreadPoolExecutor probes;
  private final ThreadPoolExecutor news;

  ManagerResources(URI uri, Reading reading, RedisClients clients) {
    this.settings = reading.settings();
    this.log = Log.of(uri.toString(), settings.logLevel());
    this.executor = new ThreadPoolExecutor(
        0,
        MAXIMUM_THREADS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        daemons("larder-work " + uri),
        ManagerResources::runHere);
    this.timer = new ScheduledThreadPoolExecutor(1, daemons("larder-timer " + uri));
    timer.setRemoveOnCancelPolicy(true);
    this.probes = single("larder-probe " + uri);
    this.news = single("larder-news " + uri);
    this.redis = settings
        .redis()
        .map(redis ->
            RedisConnection.open(new CacheBeans(uri), clients.acquireLazily(redis), reading, this))
        .orElse(null);
  }

  /** One thread that comes when there is work and goes when there is none. */
  private static ThreadPoolExecutor single(String name) {
    ThreadPoolExecutor single = new ThreadPoolExecutor(
        1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
    single.allowCoreThreadTimeOut(true);
    return single;
  }

  /** With all threads busy, the caller runs the task itself. */
  private static void runHere(Runnable task, ThreadPoolExecutor pool) {
    if (pool.isShutdown()) {
      throw new RejectedExecutionException("the cache manager is closed");
    }
    task.run();
  }

  /** Makes daemon threads of that name and a number. */
  static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + " " + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  Settings settings() {
    return settings;
  }

  /** The manager's messages. */
  Log log() {
    return log;
  }

  @Nullable
  RedisClient redis() {
    return redis == null ? null : redis.client();
  }

  /** The way to Redis, or null on the heap. */
  @Nullable
  RedisConnection redisConnection() {
    return redis;
  }

  /** Tries the place where a cache's entries are; an empty name is the manager's own. */
  Probe probe(String cacheName) {
    return redis == null
        ? new HeapProbe()
        : new RedisItemProbe(redis.client(), settings.namespace(), log.about(cacheName));
  }

  /** Probes for Redis and replays, one after the other. */
  Executor probes() {
    return probes;
  }

  /** Tells listeners of the connection. */
  Executor news() {
    return news;
  }

  Executor executor() {
    return executor;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  @Override
  public void close() {
    if (redis != null) {
      redis.stop();
    }
    timer.shutdownNow();
    executor.shutdown();
    probes.shutdown();
    news.shutdown();
    if (redis != null) {
      redis.close();
    }
  }
}
