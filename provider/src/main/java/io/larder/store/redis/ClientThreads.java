package io.larder.store.redis;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one client, all daemons: two that move bytes, one that delivers invalidations in
 * their order, one for work in the background. (The client library's timer is the fifth.) Where the
 * server has a name, up to two more look it up.
 *
 * @param messages has one thread, so that "subscription lost" stands in line with the messages
 * @param lookups has threads of its own, since a lookup may hang: none where there are no names
 */
record ClientThreads(
    EventLoopGroup loops,
    ExecutorService messages,
    ScheduledThreadPoolExecutor background,
    ExecutorService lookups) {

  private static final int LOOPS = 2;
  private static final int LOOKUPS = 2;
  private static final long IDLE_SECONDS = 10;
  private static final long CLOSE_SECONDS = 2;

  static ClientThreads start() {
    var background = new ScheduledThreadPoolExecutor(1, factory("background"));
    background.setRemoveOnCancelPolicy(true);
    return new ClientThreads(
        new MultiThreadIoEventLoopGroup(LOOPS, factory("io"), NioIoHandler.newFactory()),
        Executors.newSingleThreadExecutor(factory("messages")),
        background,
        startLookups());
  }

  private static ExecutorService startLookups() {
    var lookups = new ThreadPoolExecutor(
        LOOKUPS,
        LOOKUPS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        factory("names"));
    lookups.allowCoreThreadTimeOut(true);
    return lookups;
  }

  /** Ends them; answers whether they all had ended after a short while. */
  boolean stop() {
    background.shutdownNow();
    lookups.shutdownNow();
    loops
        .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    messages.shutdownNow();
    return hasEnded(messages) && hasEnded(background) && hasEnded(lookups);
  }

  private static boolean hasEnded(ExecutorService executor) {
    try {
      return executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return executor.isTerminated();
    }
  }

  private static DefaultThreadFactory factory(String role) {
    return new DefaultThreadFactory("larder-redis-" + role, true);
  }
}
