package io.larder;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One value on its way for all in this process who asked for it. Made by the thread that leads. */
final class Computation<V> {

  /** What became of it. */
  enum End {
    /** A value, or none. */
    ANSWERED,
    FAILED,
    /** Its thread was interrupted, which says nothing about the value. */
    ABANDONED
  }

  private final Thread leader = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Semaphore news = new Semaphore(0);
  private End end = End.ABANDONED;
  private @Nullable V value;
  private @Nullable Throwable failure;

  void answer(@Nullable V answer) {
    value = answer;
    end = End.ANSWERED;
    ended.countDown();
  }

  void fail(Throwable e) {
    failure = e;
    end = leader.isInterrupted() ? End.ABANDONED : End.FAILED;
    ended.countDown();
  }

  /** Waits for the end; null if it does not come in that time. */
  @Nullable
  End await(long nanos) throws InterruptedException {
    return ended.await(nanos, TimeUnit.NANOSECONDS) ? end : null;
  }

  /** The value, once it was answered. */
  @Nullable
  V value() {
    return value;
  }

  /** What it failed with, once it failed. */
  @Nullable
  Throwable failure() {
    return failure;
  }

  /** The key may have changed: its leader, if it waits for another process, looks again. */
  void wake() {
    news.release();
  }

  /** The leader waits for news, so long at most. */
  void awaitNews(long nanos) throws InterruptedException {
    if (news.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      news.drainPermits();
    }
  }
}
