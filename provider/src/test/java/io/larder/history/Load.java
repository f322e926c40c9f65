package io.larder.history;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The threads of one process that work on caches and write down what happens. */
final class Load {

  /** What the threads do. */
  enum Phase {
    /** All work. */
    WRITING,
    /** Only reads. */
    QUIET,
    /** They end. */
    OVER
  }

  private static final int WRITERS = 2;
  private static final int READERS = 1;

  private final LoadPlan plan;
  private final List<Target> caches;
  private final Apart apart;
  private final CallTimes times = new CallTimes();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<Throwable> surprise = new AtomicReference<>();
  private volatile Phase phase = Phase.WRITING;

  /**
   * Starts it.
   *
   * @param caches one for each {@link LoadCache}, or for the first of them
   * @param directory where the history goes, a file a thread
   * @param apart hears of each call
   */
  Load(LoadPlan plan, List<Target> caches, Path directory, Apart apart) {
    this.plan = plan;
    this.caches = caches;
    this.apart = apart;
    for (int number = 0; number < WRITERS + READERS; number++) {
      Path file = directory.resolve("p" + plan.process() + "-t" + number);
      Recorder recorder = new Recorder(file, plan.process(), number);
      Worker worker = number < WRITERS
          ? new Writing(this, number, recorder)
          : new Reading(this, number, recorder);
      threads.add(new Thread(worker, "load " + number));
    }
    threads.forEach(Thread::start);
  }

  LoadPlan plan() {
    return plan;
  }

  List<Target> caches() {
    return caches;
  }

  /** The caches that there are, each as often as its weight says. */
  List<LoadCache> weighted() {
    return LoadCache.WEIGHTED.stream()
        .filter(cache -> cache.ordinal() < caches.size())
        .toList();
  }

  CallTimes times() {
    return times;
  }

  Apart apart() {
    return apart;
  }

  Phase phase() {
    return phase;
  }

  void surprised(Throwable failure) {
    surprise.compareAndSet(null, failure);
  }

  /** From now on only reads. */
  void quiet() {
    phase = Phase.QUIET;
  }

  /** Ends it; the history is complete when this returns. */
  void stop() {
    phase = Phase.OVER;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Throwable failure = surprise.get();
    if (failure != null) {
      throw new IllegalStateException("a thread of the load failed", failure);
    }
  }
}
