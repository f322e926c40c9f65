package io.larder.store;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A timer whose one repeated task runs when the test says so. */
final class ManualTimer extends ScheduledThreadPoolExecutor {

  private @Nullable Runnable task;
  private @Nullable ScheduledFuture<?> scheduled;

  ManualTimer() {
    super(0);
    setRemoveOnCancelPolicy(true);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    task = command;
    scheduled = super.scheduleWithFixedDelay(() -> {}, 1, 1, TimeUnit.DAYS);
    return scheduled;
  }

  void tick() {
    task.run();
  }

  boolean cancelled() {
    return scheduled.isCancelled();
  }

  void forgetTask() {
    task = null;
    scheduled = null;
  }
}
