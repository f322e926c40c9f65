package io.larder.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the checker found: how much it judged, what breaks a promise, how fast news travelled. */
public final class Verdict {

  /** What is wrong with an answer. */
  public enum Fault {
    /** Nobody wrote that. */
    NEVER_WRITTEN,
    /** It was answered before its write began. */
    FROM_THE_FUTURE,
    /** This process had seen, or written, something newer; or had found it gone. */
    BACK_IN_TIME,
    /** A change had returned elsewhere, longer ago than near caches may take. */
    STALE,
    /** Its time to live had passed. */
    OUTLIVED,
    /** It was there, and nothing had removed it. */
    LOST
  }

  /**
   * Processes going on without Redis when that was not planned.
   *
   * @param times how often, where nothing of the kind was planned
   * @param nanos how long in all, with what went beyond a plan
   * @param longest the longest
   */
  public record Apart(int times, long nanos, long longest) {

    private Apart plus(Apart other) {
      return new Apart(times + other.times, nanos + other.nanos, Math.max(longest, other.longest));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "apart from Redis without plan %d times, and %.0f ms in all, at most %.0f ms at once",
          times,
          nanos / 1e6,
          longest / 1e6);
    }
  }

  private static final int TOLD = 20;

  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final List<String> told = new ArrayList<>();
  private long[] latencies = new long[1024];
  private int latencyCount;
  private long operations;
  private long writes;
  private long longestStale;
  private Apart apart = new Apart(0, 0, 0);

  void judged(long count, boolean write) {
    operations += count;
    writes += write ? count : 0;
  }

  void violation(Fault fault, String what) {
    faults.merge(fault, 1L, Long::sum);
    if (told.size() < TOLD) {
      told.add(fault + ": " + what);
    }
  }

  void latency(long nanos) {
    if (latencyCount == latencies.length) {
      latencies = Arrays.copyOf(latencies, latencyCount * 2);
    }
    latencies[latencyCount++] = nanos;
  }

  void stale(long nanos) {
    longestStale = Math.max(longestStale, nanos);
  }

  /** Processes were apart from Redis without plan. */
  void apart(Apart more) {
    apart = apart.plus(more);
  }

  /** Adds what another verdict says. */
  public void add(Verdict other) {
    apart(other.apart);
    operations += other.operations;
    writes += other.writes;
    longestStale = Math.max(longestStale, other.longestStale);
    other.faults.forEach((fault, count) -> faults.merge(fault, count, Long::sum));
    other.told.stream().limit(TOLD - told.size()).forEach(told::add);
    for (int i = 0; i < other.latencyCount; i++) {
      latency(other.latencies[i]);
    }
  }

  /** How many answers and changes were judged; not those whose outcome is unknown. */
  public long operations() {
    return operations;
  }

  /** How many of them were changes. */
  public long writes() {
    return writes;
  }

  /** How many answers break a promise. */
  public long violations() {
    return faults.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Which promises are broken how often. */
  public Map<Fault, Long> faults() {
    return faults;
  }

  /** The first violations in words. */
  public List<String> told() {
    return told;
  }

  /** The longest time after a change had returned that another process answered without it. */
  public long longestStaleNanos() {
    return longestStale;
  }

  /** When processes told that they were apart from Redis and that was not planned. */
  public Apart apart() {
    return apart;
  }

  /** How many changes were seen to arrive in another process that was looking. */
  public int latencySamples() {
    return latencyCount;
  }

  /**
   * The time from a change's return to the first answer elsewhere that knows of it.
   *
   * @param share 0.5 for the median, 1 for the maximum
   */
  public long latencyNanos(double share) {
    if (latencyCount == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(latencies, latencyCount);
    Arrays.sort(sorted);
    return sorted[Math.min(latencyCount - 1, (int) (share * latencyCount))];
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d operations (%,d writes) checked, %d violations %s; invalidation of %,d changes:"
            + " p50 %.2f ms, p99 %.2f ms, max %.1f ms; longest stale answer %.1f ms%s",
        operations,
        writes,
        violations(),
        faults,
        latencyCount,
        latencyNanos(0.5) / 1e6,
        latencyNanos(0.99) / 1e6,
        latencyNanos(1) / 1e6,
        longestStale / 1e6,
        apart.nanos() == 0 ? "" : "; " + apart);
  }
}
