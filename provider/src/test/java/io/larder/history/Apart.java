package io.larder.history;

import io.larder.LarderCacheManager;
import io.larder.RedisWatch;
import io.larder.stats.RedisStatus;
import io.larder.stats.RedisStatus.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The times in which this process may have answered without Redis: its circuit was open, or a key
 * was in a journal. Thread-safe.
 *
 * <p><b>When one begins and ends.</b> A call that itself finds Redis away says so in the log, on
 * its own thread and before it answers: a time begins with the start of that call, and so before
 * anything was journalled or opened. A change of the connection tells the same. A time ends when
 * the circuit was seen closed and the journals empty, then all calls have returned that had begun
 * before, and then the same is seen once more; so what ends it may be looked for from outside.
 */
final class Apart {

  /** What each call that found Redis away is logged with. */
  static final String LOGGED = "answered without Redis";

  /** What a change of the connection may be dated too late: clocks are read one after the other. */
  private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long NONE = Long.MAX_VALUE;
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_SECONDS = 30;

  /** From the time before anything was answered apart to the time when that was over. */
  record Span(long from, long to) {

    static List<Span> parse(String words) {
      List<Span> spans = new ArrayList<>();
      if (!words.equals("-")) {
        for (String each : words.split(" ")) {
          String[] parts = each.split(",");
          spans.add(new Span(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
        }
      }
      return spans;
    }
  }

  /** One thread that makes calls, and when the one under way began. */
  final class Caller {

    private final Thread thread = Thread.currentThread();
    private volatile long start = NONE;

    void begins(long time) {
      start = time;
    }

    void returned() {
      start = NONE;
    }
  }

  private final List<Caller> callers = new CopyOnWriteArrayList<>();
  private final List<Span> spans = new ArrayList<>();
  private RedisWatch watch;
  private long from = NONE;
  private long signs;

  /** The calling thread, from now on. */
  Caller caller() {
    Caller caller = new Caller();
    callers.add(caller);
    return caller;
  }

  /** Forgets all, and notes from now on when that manager's caches answer apart. */
  synchronized void of(LarderCacheManager manager) {
    forget();
    watch = manager.redisWatch().orElseThrow();
    watch.addListener(this::changed);
    if (!isCalm(watch)) {
      noted(System.nanoTime());
    }
  }

  /** Nothing is noted until told whose. */
  synchronized void forget() {
    callers.clear();
    spans.clear();
    watch = null;
    from = NONE;
  }

  private void changed(RedisStatus status) {
    if (status.connection() == Connection.DEGRADED) {
      long now = System.nanoTime();
      long ago = Duration.between(status.since(), Instant.now()).toNanos();
      noted(now - ago - MARGIN_NANOS);
    }
  }

  /** The calling thread's call has found Redis away. */
  void heard() {
    Thread thread = Thread.currentThread();
    long start = System.nanoTime();
    for (Caller caller : callers) {
      start = caller.thread == thread ? Math.min(start, caller.start) : start;
    }
    noted(start);
  }

  private synchronized void noted(long start) {
    if (watch == null) {
      return;
    }
    signs++;
    if (from == NONE) {
      RedisWatch watched = watch;
      Thread follower = new Thread(() -> follow(watched), "apart");
      follower.setDaemon(true);
      follower.start();
    }
    from = Math.min(from, start);
  }

  private void follow(RedisWatch watched) {
    long calm = NONE;
    long before = signs();
    while (!isOver(watched)) {
      if (before != signs() || !isCalm(watched)) {
        calm = NONE;
        before = signs();
      } else if (calm == NONE) {
        calm = System.nanoTime();
      } else if (noneCalledBefore(calm) && isCalm(watched) && ended(watched, before)) {
        return;
      }
      LockSupport.parkNanos(REST_NANOS);
    }
  }

  private boolean noneCalledBefore(long time) {
    return callers.stream().allMatch(caller -> caller.start > time);
  }

  private synchronized boolean ended(RedisWatch watched, long before) {
    if (watch != watched || signs != before) {
      return false;
    }
    spans.add(new Span(from, System.nanoTime()));
    from = NONE;
    return true;
  }

  private synchronized long signs() {
    return signs;
  }

  private synchronized boolean isOver(RedisWatch watched) {
    return watch != watched;
  }

  private static boolean isCalm(RedisWatch watch) {
    RedisStatus status = watch.status();
    return status.connection() == Connection.CONNECTED
        && status.journalledKeys() == 0
        && status.journalledClears() == 0;
  }

  /** All times so far, once none is under way: {@code from,to from,to ...} or {@code -}. */
  String words() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (isUnderWay()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("still apart from Redis after 30 s");
      }
      LockSupport.parkNanos(REST_NANOS);
    }
    return told();
  }

  private synchronized boolean isUnderWay() {
    return from != NONE;
  }

  private synchronized String told() {
    StringBuilder text = new StringBuilder();
    for (Span span : spans) {
      text.append(text.isEmpty() ? "" : " ").append(span.from()).append(',').append(span.to());
    }
    return text.isEmpty() ? "-" : text.toString();
  }
}
