package io.larder.history;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;

/** How long a process' calls took, and how many failed, since it was last asked. Thread-safe. */
public final class CallTimes {

  private static final int STEPS = 64 * 8;
  private static final int TOLD = 3;

  /** Eight classes for each doubling of nanoseconds. */
  private final AtomicLongArray classes = new AtomicLongArray(STEPS);

  private final LongAccumulator longest = new LongAccumulator(Math::max, 0);
  private final AtomicLong failures = new AtomicLong();
  private final LongAccumulator lastFailure = new LongAccumulator(Math::max, 0);

  private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();

  /** A call threw that. */
  void threw(Throwable failure) {
    if (thrown.size() < TOLD) {
      thrown.add(failure);
    }
  }

  /** The first few that were thrown, each with its causes and where it came from, in one line. */
  String told() {
    StringWriter text = new StringWriter();
    for (Throwable next = thrown.poll(); next != null; next = thrown.poll()) {
      next.printStackTrace(new PrintWriter(text));
    }
    return text.toString().replace("\r", "").replace("\n\tat ", " < ").replace('\n', '|');
  }

  void call(long start, long end, boolean failed) {
    long nanos = Math.max(8, end - start);
    int doubling = 63 - Long.numberOfLeadingZeros(nanos);
    classes.incrementAndGet(doubling * 8 + (int) (nanos >> (doubling - 3) & 7));
    longest.accumulate(end - start);
    if (failed) {
      failures.incrementAndGet();
      lastFailure.accumulate(end);
    }
  }

  /** What was counted, and begins anew. */
  Seen take() {
    long total = 0;
    long[] counts = new long[STEPS];
    for (int i = 0; i < STEPS; i++) {
      counts[i] = classes.getAndSet(i, 0);
      total += counts[i];
    }
    long below = 0;
    long median = 0;
    for (int i = 0; i < STEPS && below * 2 < total; i++) {
      below += counts[i];
      median = (8L + i % 8 + 1) << (i / 8) >> 3;
    }
    return new Seen(
        total, failures.getAndSet(0), longest.getThenReset(), median, lastFailure.get());
  }

  /**
   * A summary.
   *
   * @param medianNanos at most an eighth too large
   * @param lastFailure when the last failed call had ended, ever; 0 for none
   */
  public record Seen(
      long calls, long failures, long longestNanos, long medianNanos, long lastFailure) {

    String words() {
      return calls + "," + failures + "," + longestNanos + "," + medianNanos + "," + lastFailure;
    }

    static Seen parse(String words) {
      String[] parts = words.split(",");
      return new Seen(
          Long.parseLong(parts[0]),
          Long.parseLong(parts[1]),
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          Long.parseLong(parts[4]));
    }
  }
}
