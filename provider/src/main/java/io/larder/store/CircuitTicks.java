package io.larder.store;

import io.larder.log.Log;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs a circuit's work in the background, when there is some. Thread-safe. */
final class CircuitTicks {

  private static final long INTERVAL_MILLIS = 1000;
  private static final long SOON_MILLIS = 50;

  private final CircuitSpec spec;
  private final Log log;
  private final Executor worker;
  private final Runnable work;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile boolean closed;

  CircuitTicks(CircuitSpec spec, Runnable work) {
    this.spec = spec;
    this.log = spec.log().from(Circuit.class);
    this.worker = spec.worker();
    this.work = work;
  }

  /** Once more, in a second. */
  void next() {
    schedule(INTERVAL_MILLIS);
  }

  /** Once more, almost at once. */
  void soon() {
    schedule(SOON_MILLIS);
  }

  private void schedule(long delayMillis) {
    if (closed || !scheduled.compareAndSet(false, true)) {
      return;
    }
    try {
      spec.timer().schedule(() -> handOver(this::run), delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the manager is closed", e);
    }
  }

  private void handOver(Runnable task) {
    try {
      worker.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("the manager is closed", e);
    } catch (Error e) {
      scheduled.set(false);
      log.error("the probe for Redis cannot be run", e);
      next();
    }
  }

  private void run() {
    scheduled.set(false);
    if (closed) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      log.error("the probe for Redis stumbled", e);
      next();
    }
  }

  void close() {
    closed = true;
  }
}
