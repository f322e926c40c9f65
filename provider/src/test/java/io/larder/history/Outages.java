package io.larder.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The times in which processes went on without Redis: those that the test made, and those of which
 * the processes told. Of the latter counts what lies outside the former, and nothing is sure in it.
 */
final class Outages {

  private final Map<Integer, List<Outage>> outages = new HashMap<>();
  private int unplanned;
  private long unplannedNanos;
  private long longestNanos;

  void planned(Outage outage) {
    of(outage.process()).add(outage);
  }

  /** A process told of this; all that was planned is known. */
  void told(int process, Apart.Span span) {
    List<Apart.Span> rest = List.of(span);
    for (Outage outage : of(process)) {
      rest = rest.stream().flatMap(part -> outage.without(part).stream()).toList();
    }
    unplanned += rest.contains(span) ? 1 : 0;
    for (Apart.Span part : rest) {
      unplannedNanos += part.to() - part.from();
      longestNanos = Math.max(longestNanos, part.to() - part.from());
      of(process).add(Outage.doubtful(process, part.from(), part.to()));
    }
  }

  private List<Outage> of(int process) {
    return outages.computeIfAbsent(process, number -> new ArrayList<>());
  }

  /** What was told beyond the plan. */
  Verdict.Apart beyondPlan() {
    return new Verdict.Apart(unplanned, unplannedNanos, longestNanos);
  }

  /** Tells what the event means to others. */
  void reckon(Event event, Consumer<Event> others) {
    reckon(event, outages.getOrDefault(event.process(), List.of()), others);
  }

  /** What one outage leaves of it is looked at by the next. */
  private static void reckon(Event event, List<Outage> all, Consumer<Event> others) {
    if (all.isEmpty()) {
      others.accept(event);
    } else {
      List<Outage> rest = all.subList(1, all.size());
      all.get(0).reckon(event, left -> reckon(left, rest, others), others);
    }
  }
}
