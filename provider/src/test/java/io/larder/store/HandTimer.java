package io.larder.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs what is scheduled when the test says so. */
final class HandTimer extends ScheduledThreadPoolExecutor {

  private record Task(Runnable work, long due) {}

  private final List<Task> tasks = new ArrayList<>();
  private long millis;

  HandTimer() {
    super(0);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    tasks.add(new Task(command, millis + unit.toMillis(delay)));
    return super.schedule(() -> {}, 1, TimeUnit.DAYS);
  }

  /** What is scheduled now, whenever it is due. */
  void runAll() {
    List<Task> now = List.copyOf(tasks);
    tasks.clear();
    now.forEach(task -> task.work().run());
  }

  /** So much time passes; what becomes due in it is run, in order. */
  void pass(long passing) {
    long end = millis + passing;
    Optional<Task> next = first(end);
    while (next.isPresent()) {
      Task task = next.get();
      tasks.remove(task);
      millis = Math.max(millis, task.due());
      task.work().run();
      next = first(end);
    }
    millis = end;
  }

  private Optional<Task> first(long end) {
    return tasks.stream()
        .filter(task -> task.due() <= end)
        .min(Comparator.comparingLong(Task::due));
  }
}
