package io.larder;

import io.larder.log.Log;
import io.larder.stats.Alert;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where the alerts of one manager go: the log, the latest {@value #KEPT} to be looked at, and the
 * application's listeners. Listeners hear alerts one at a time, in order, on a thread of their own;
 * one that fails is logged and keeps nothing from the others, one that is slow only holds up later
 * alerts (of which it misses the oldest beyond {@value #WAITING}). Thread-safe.
 */
final class AlertDesk implements AutoCloseable {

  private static final int KEPT = 100;
  private static final int WAITING = 1_000;
  private static final long IDLE_SECONDS = 10;

  private final Log log;
  private final List<Consumer<? super Alert>> listeners = new CopyOnWriteArrayList<>();
  private final Deque<Alert> latest = new ArrayDeque<>();
  private final ThreadPoolExecutor teller;

  AlertDesk(Log log) {
    this.log = log.from(AlertDesk.class);
    this.teller = new ThreadPoolExecutor(
        0,
        1,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(WAITING),
        ManagerResources.daemons("larder-alerts " + log.subject()),
        new ThreadPoolExecutor.DiscardOldestPolicy());
  }

  void add(Consumer<? super Alert> listener) {
    listeners.add(listener);
  }

  boolean remove(Consumer<? super Alert> listener) {
    return listeners.remove(listener);
  }

  /** The latest alerts, oldest first. */
  List<Alert> latest() {
    synchronized (latest) {
      return List.copyOf(latest);
    }
  }

  /** The latest alerts of a cache and of the connection, oldest first. */
  List<Alert> latest(String cache) {
    return latest().stream()
        .filter(alert -> alert.cache().equals(cache) || alert.cache().equals(Alert.ALL_CACHES))
        .toList();
  }

  /** Takes an alert in. Returns without waiting for a listener. */
  void raise(Alert alert) {
    Log line = alert.cache().equals(Alert.ALL_CACHES) ? log : log.about(alert.cache());
    switch (alert.level()) {
      case CLEARED -> line.info("alert {} cleared: {}", alert.metric(), alert.message());
      case WARNING -> line.warn("alert {}: {}", alert.metric(), alert.message());
      case CRITICAL -> line.error("alert {}, critical: {}", alert.metric(), alert.message());
    }
    synchronized (latest) {
      latest.addLast(alert);
      if (latest.size() > KEPT) {
        latest.removeFirst();
      }
    }
    if (!listeners.isEmpty()) {
      teller.execute(() -> tell(alert));
    }
  }

  private void tell(Alert alert) {
    for (Consumer<? super Alert> listener : listeners) {
      try {
        listener.accept(alert);
      } catch (RuntimeException | LinkageError | AssertionError e) {
        log.warn("alert listener {} failed", listener.getClass().getName(), e);
      }
    }
  }

  /** What was raised is still told. */
  @Override
  public void close() {
    teller.shutdown();
  }
}
