package io.larder.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs what is scheduled when the test says so. */
final class HandTimer extends ScheduledThreadPoolExecutor {

  private final List<Runnable> tasks = new ArrayList<>();

  HandTimer() {
    super(0);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    tasks.add(command);
    return super.schedule(() -> {}, 1, TimeUnit.DAYS);
  }

  void runAll() {
    List<Runnable> now = List.copyOf(tasks);
    tasks.clear();
    now.forEach(Runnable::run);
  }
}
