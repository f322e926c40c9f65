package io.larder.faults;

import io.larder.history.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the trials of one test run measured; printed at its end. Thread-safe. */
public final class Figures implements AutoCloseable {

  private final Verdict total = new Verdict();
  private final Stalls stalls = new Stalls();
  private final List<String> lines = new ArrayList<>();
  private final Map<String, Made> made = new TreeMap<>();
  private final Map<String, List<Long>> measured = new LinkedHashMap<>();

  /** How often a fault was made, and how many operations and changes were judged in all. */
  record Made(int times, long operations, long writes) {

    private Made plus(Made other) {
      return new Made(times + other.times, operations + other.operations, writes + other.writes);
    }
  }

  /** Adds what a trial found. */
  synchronized void trial(String name, Verdict verdict, String more) {
    total.add(verdict);
    made(name, verdict.operations(), verdict.writes());
    String line = name + ": " + verdict + more;
    lines.add(line);
    System.out.println("[faults] " + line);
  }

  /** A fault was made, and so many operations were judged, of which so many were changes. */
  synchronized void made(String name, long operations, long writes) {
    made.merge(name, new Made(1, operations, writes), Made::plus);
  }

  /** What came of the faults, by their names. */
  synchronized Map<String, Made> made() {
    return new TreeMap<>(made);
  }

  /** What was measured so far under that name, in its order. */
  synchronized List<Long> measured(String name) {
    return List.copyOf(measured.getOrDefault(name, List.of()));
  }

  /** Adds one figure. */
  synchronized void figure(String name, long nanos) {
    measured.computeIfAbsent(name, first -> new ArrayList<>()).add(nanos);
    String line = String.format(Locale.ROOT, "%s: %.4f ms", name, nanos / 1e6);
    lines.add(line);
    System.out.println("[faults] " + line);
  }

  /** When the machine stood still. */
  Stalls stalls() {
    return stalls;
  }

  /** What all trials found. */
  synchronized Verdict total() {
    return total;
  }

  @Override
  public synchronized void close() {
    stalls.close();
    StringBuilder text = new StringBuilder("[faults] ===== all figures\n");
    lines.forEach(line -> text.append("[faults]   ").append(line).append('\n'));
    text.append("[faults] in all: ").append(total);
    System.out.println(text);
  }
}
