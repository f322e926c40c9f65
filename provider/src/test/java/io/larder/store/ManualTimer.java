package io.larder.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A timer without a thread, whose one repeated task runs when the test says so. */
final class ManualTimer extends ScheduledThreadPoolExecutor {

  private static final class Ticks extends CompletableFuture<Void>
      implements ScheduledFuture<Void> {
    @Override
    public long getDelay(TimeUnit unit) {
      return 0;
    }

    @Override
    public int compareTo(Delayed other) {
      return 0;
    }
  }

  private @Nullable Runnable task;
  private final Ticks ticks = new Ticks();

  ManualTimer() {
    super(0);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    task = command;
    return ticks;
  }

  void tick() {
    task.run();
  }

  boolean cancelled() {
    return ticks.isCancelled();
  }

  void forgetTask() {
    task = null;
  }
}
