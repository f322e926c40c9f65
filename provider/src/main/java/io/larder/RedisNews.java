package io.larder;

import io.larder.log.Log;
import io.larder.stats.RedisStatus;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands changes of the connection to listeners, one after the other, on a thread of the manager.
 * What a listener throws is logged. Thread-safe.
 */
final class RedisNews {

  private final Log log;
  private final Executor worker;
  private final List<Consumer<? super RedisStatus>> listeners = new CopyOnWriteArrayList<>();
  private final Queue<RedisStatus> untold = new ArrayDeque<>();
  private boolean telling;

  RedisNews(Log log, Executor worker) {
    this.log = log.from(RedisWatch.class);
    this.worker = worker;
  }

  void add(Consumer<? super RedisStatus> listener) {
    listeners.add(listener);
  }

  void remove(Consumer<? super RedisStatus> listener) {
    listeners.remove(listener);
  }

  /** The connection has changed. Does not wait. */
  void changed(RedisStatus status) {
    if (listeners.isEmpty()) {
      return;
    }
    synchronized (untold) {
      untold.add(status);
      if (telling) {
        return;
      }
      telling = true;
    }
    try {
      worker.execute(this::tellAll);
    } catch (RejectedExecutionException e) {
      log.debug("the manager is closed", e);
    }
  }

  private void tellAll() {
    RedisStatus status = next();
    while (status != null) {
      for (Consumer<? super RedisStatus> listener : listeners) {
        tell(listener, status);
      }
      status = next();
    }
  }

  private @Nullable RedisStatus next() {
    synchronized (untold) {
      RedisStatus status = untold.poll();
      telling = status != null;
      return status;
    }
  }

  private void tell(Consumer<? super RedisStatus> listener, RedisStatus status) {
    try {
      listener.accept(status);
    } catch (RuntimeException | Error e) {
      log.warn("listener {} failed", listener.getClass().getName(), e);
    }
  }
}
