package io.larder.history;

import io.larder.history.Event.Kind;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.cache.CacheException;

/** One thread of a load, with all that its operations have in common. */
abstract class Worker implements Runnable {

  private static final int VALUE_BITS = 40;

  final LoadPlan plan;
  final List<Target> caches;
  final Random random;
  private final List<LoadCache> weighted;
  private final Recorder recorder;
  private final CallTimes times;
  private final Apart apart;
  private final Supplier<Load.Phase> phase;
  private final Consumer<Throwable> surprised;
  private Apart.Caller caller;
  private long nextValue;

  Worker(Load load, int thread, Recorder recorder) {
    this.plan = load.plan();
    this.caches = load.caches();
    this.weighted = load.weighted();
    this.recorder = recorder;
    this.times = load.times();
    this.apart = load.apart();
    this.phase = load::phase;
    this.surprised = load::surprised;
    this.random = new Random(plan.seed() * 31 + plan.process() * 7L + thread);
    this.nextValue = ((plan.process() + 1L) << 8 | thread) << VALUE_BITS;
  }

  /** Some operations, and a rest. */
  abstract void work(boolean writing);

  @Override
  public final void run() {
    caller = apart.caller();
    try (recorder) {
      for (Load.Phase now = phase.get(); now != Load.Phase.OVER; now = phase.get()) {
        work(now == Load.Phase.WRITING);
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(plan.pauseMicros()));
      }
    } catch (RuntimeException | Error e) {
      surprised.accept(e);
    }
  }

  LoadCache anyCache() {
    return weighted.get(random.nextInt(weighted.size()));
  }

  long newValue() {
    return ++nextValue;
  }

  String text(long value) {
    String id = Long.toString(value);
    return plan.padding() == 0 ? id : id + "." + "x".repeat(plan.padding());
  }

  static long value(String text) {
    if (text == null) {
      return Event.ABSENT;
    }
    int end = text.indexOf('.');
    return Long.parseLong(end < 0 ? text : text.substring(0, end));
  }

  /** An operation that answers, and what that tells. */
  <T> void call(Supplier<T> operation, Answer<T> answered, Failure failed) {
    long start = System.nanoTime();
    caller.begins(start);
    T answer;
    try {
      answer = operation.get();
    } catch (CacheException e) {
      long end = System.nanoTime();
      caller.returned();
      times.call(start, end, true);
      times.threw(e);
      failed.with(e, start, end);
      return;
    }
    long end = System.nanoTime();
    caller.returned();
    times.call(start, end, false);
    answered.with(answer, start, end);
  }

  void read(LoadCache cache, int key) {
    Target target = caches.get(cache.ordinal());
    call(
        () -> target.get(LoadPlan.name(key)),
        (text, start, end) -> recorder.read(cache.ordinal(), key, value(text), start, end),
        (e, start, end) -> {});
  }

  void readAll(LoadCache cache, Set<Integer> keys) {
    Target target = caches.get(cache.ordinal());
    Set<String> names = keys.stream().map(LoadPlan::name).collect(Collectors.toSet());
    call(
        () -> target.getAll(names),
        (Map<String, String> found, long start, long end) -> {
          for (int key : keys) {
            String text = found.get(LoadPlan.name(key));
            recorder.read(cache.ordinal(), key, value(text), start, end);
          }
        },
        (e, start, end) -> {});
  }

  void contains(LoadCache cache, int key) {
    Target target = caches.get(cache.ordinal());
    call(
        () -> target.containsKey(LoadPlan.name(key)),
        (there, start, end) -> {
          if (there) {
            note(Kind.PRESENT, cache, key, 1, start, end);
          } else {
            recorder.read(cache.ordinal(), key, Event.ABSENT, start, end);
          }
        },
        (e, start, end) -> {});
  }

  void note(Kind kind, LoadCache cache, int key, long value, long start, long end) {
    recorder.note(kind, cache.ordinal(), key, value, start, end);
  }

  /** What came of an operation. */
  interface Answer<T> {
    void with(T answer, long start, long end);
  }

  /** An operation that failed, so that what it did is not known. */
  interface Failure {
    void with(CacheException failure, long start, long end);
  }
}
