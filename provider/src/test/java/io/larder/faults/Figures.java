package io.larder.faults;

import io.larder.history.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the trials of one test run measured; printed at its end. Thread-safe. */
public final class Figures implements AutoCloseable {

  private final Verdict total = new Verdict();
  private final Stalls stalls = new Stalls();
  private final List<String> lines = new ArrayList<>();

  /** Adds what a trial found. */
  synchronized void trial(String name, Verdict verdict, String more) {
    total.add(verdict);
    String line = name + ": " + verdict + more;
    lines.add(line);
    System.out.println("[faults] " + line);
  }

  /** Adds one figure. */
  synchronized void figure(String name, long nanos) {
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
