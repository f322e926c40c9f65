package io.larder.store.redis;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one client, all daemons: two that move bytes, one that delivers invalidations in
 * their order, one for work in the background. (The client library's timer is the fifth.)
 *
 * @param messages has one thread, so that "subscription lost" stands in line with the messages
 */
record ClientThreads(
    EventLoopGroup loops, ExecutorService messages, ScheduledThreadPoolExecutor background) {

  private static final int LOOPS = 2;
  private static final long CLOSE_SECONDS = 2;

  static ClientThreads start() {
    var background = new ScheduledThreadPoolExecutor(1, factory("background"));
    background.setRemoveOnCancelPolicy(true);
    return new ClientThreads(
        new MultiThreadIoEventLoopGroup(LOOPS, factory("io"), NioIoHandler.newFactory()),
        Executors.newSingleThreadExecutor(factory("messages")),
        background);
  }

  /** Ends them; answers whether they all had ended after a short while. */
  boolean stop() {
    background.shutdownNow();
    loops
        .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    messages.shutdownNow();
    return hasEnded(messages) && hasEnded(background);
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
