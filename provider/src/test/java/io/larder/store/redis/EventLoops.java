package io.larder.store.redis;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CountDownLatch;

/** The threads of a client that move bytes, kept from that for a while. */
public final class EventLoops {

  private EventLoops() {}

  /**
   * Keeps them busy while others are at work: what those want to send needs a connection each,
   * since none is free again before its command is written.
   */
  public static void holdWhile(RedisClient client, Work work) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    for (EventExecutor loop : client.redisson().getServiceManager().getGroup()) {
      loop.execute(() -> await(done));
    }
    try {
      work.run();
    } finally {
      done.countDown();
    }
  }

  private static void await(CountDownLatch done) {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is done meanwhile. */
  @FunctionalInterface
  public interface Work {

    void run() throws InterruptedException;
  }
}
