package io.larder.history;

import static io.larder.history.Event.ABSENT;

import io.larder.history.Event.Kind;
import io.larder.history.Verdict.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The life of one key, and whether all answers about it keep the promises.
 *
 * <p><b>The path of a judgement.</b> Values are unique, so an answer names its write. A write took
 * effect at one moment of its call, and before anybody read it. One write is surely older than
 * another if it had taken effect before the other began; of two that overlap nothing is claimed. A
 * value's <i>end</i> is the first moment at which a surely newer write had returned: from then on
 * only near caches may answer it, and only so long. In a process, whatever was written or answered
 * is a <i>floor</i>: no later call may be answered with what is surely older. Absent entries are
 * never answered from near, so an absence is a floor of its own: what was written before it must
 * not be answered after it. Sorting is the dearest step.
 */
final class KeyHistory {

  private static final long POLLED_NANOS = 5_000_000;

  /** A write and when it had surely taken effect. */
  private static final class Written {

    final Event event;
    long effective;
    boolean sure;

    Written(Event event) {
      this.event = event;
      sure = event.kind() == Kind.WRITE;
      effective = event.end() + (sure ? 0 : Promises.LATE_NANOS);
    }
  }

  private final Promises promises;
  private final Verdict verdict;
  private final List<Event> reads = new ArrayList<>();
  private final List<Written> writes = new ArrayList<>();
  private final Map<Long, Written> byValue = new HashMap<>();
  private final Overwrites overwrites = new Overwrites();
  private final Effects removals = new Effects();
  private final Effects puts = new Effects();

  KeyHistory(Promises promises, List<Event> events, Verdict verdict) {
    this.promises = promises;
    this.verdict = verdict;
    for (Event event : events) {
      if (event.kind().writes()) {
        Written written = new Written(event);
        writes.add(written);
        if (event.value() != ABSENT) {
          byValue.put(event.value(), written);
        }
      } else {
        reads.add(event);
      }
    }
  }

  void judge() {
    learnEffects();
    writes.sort(Comparator.comparingLong(written -> written.event.start()));
    for (Written written : writes) {
      verdict.judged(written.event.kind() == Kind.WRITE ? written.event.count() : 0, true);
      if (written.sure) {
        overwrites.add(written.event.start(), written.effective, written.event.process());
      }
      Effects effects = written.event.value() == ABSENT ? removals : puts;
      effects.add(written.event.start(), written.effective);
    }
    overwrites.close();
    Map<Integer, ProcessFloors> floors = floors();
    for (Event read : reads) {
      verdict.judged(read.count(), false);
      ProcessFloors floor = floors.computeIfAbsent(read.process(), p -> new ProcessFloors());
      if (!read.kind().tellsValue()) {
        judgePresence(read);
      } else if (read.value() == ABSENT) {
        judgeAbsence(read, floor);
      } else {
        judgeValue(read, floor);
      }
    }
    measure();
  }

  /** A value that was read had been written by then. */
  private void learnEffects() {
    for (Event read : reads) {
      Written written = byValue.get(read.value());
      if (written != null && read.kind().tellsValue()) {
        written.effective = Math.min(written.effective, read.end());
        written.sure = true;
      }
    }
  }

  private Map<Integer, ProcessFloors> floors() {
    Map<Integer, ProcessFloors> floors = new HashMap<>();
    for (Written written : writes) {
      if (written.event.kind() == Kind.WRITE) {
        floors
            .computeIfAbsent(written.event.process(), p -> new ProcessFloors())
            .wrote(written.event.end(), written.event.start());
      }
    }
    for (Event read : reads) {
      if (!read.kind().tellsValue()) {
        continue;
      }
      ProcessFloors floor = floors.computeIfAbsent(read.process(), p -> new ProcessFloors());
      Written written = byValue.get(read.value());
      if (written != null) {
        floor.wrote(read.end(), written.event.start());
      } else if (read.value() == ABSENT && promises.absenceLasts()) {
        floor.foundAbsent(read.end(), read.start());
      }
    }
    floors.values().forEach(ProcessFloors::close);
    return floors;
  }

  private void judgeValue(Event read, ProcessFloors floors) {
    Written written = byValue.get(read.value());
    if (written == null) {
      verdict.violation(Fault.NEVER_WRITTEN, read.toString());
      return;
    }
    if (written.event.start() > read.end()) {
      verdict.violation(Fault.FROM_THE_FUTURE, read + " of " + written.event);
      return;
    }
    long floor = floors.valuesSince(read.lastStart());
    if (written.effective < floor) {
      verdict.violation(
          Fault.BACK_IN_TIME,
          "something that began " + millis(floor - written.effective) + " ms later was seen or"
              + " written here before: " + read + " of " + written.event);
      return;
    }
    long late = read.lastStart() - overwrites.endOf(written.effective);
    if (late > 0) {
      verdict.stale(late);
      if (late > allowed(read)) {
        verdict.violation(
            Fault.STALE,
            millis(late) + " ms after it was overwritten: " + read + " of " + written.event);
        return;
      }
    }
    if (promises.ttlNanos() != Long.MAX_VALUE) {
      long outlived = read.lastStart() - written.effective - promises.ttlNanos();
      if (outlived > Promises.TTL_SLACK_NANOS) {
        verdict.violation(
            Fault.OUTLIVED, "by " + millis(outlived) + " ms: " + read + " of " + written.event);
      }
    }
  }

  private long allowed(Event read) {
    return read.kind().decides() ? promises.lagNanos() : promises.staleNanos();
  }

  private void judgeAbsence(Event read, ProcessFloors floors) {
    if (!promises.absenceNeedsRemoval()) {
      return;
    }
    long removed = removals.latestEffectBegunBy(read.end());
    long floor = floors.writesSince(read.start());
    if (removed < floor) {
      verdict.violation(
          Fault.LOST,
          "no removal since what was seen or written here " + millis(read.start() - floor)
              + " ms before: " + read);
      return;
    }
    long late = read.start() - overwrites.endOf(removed);
    if (late > allowed(read)) {
      verdict.violation(Fault.LOST, "a put had returned " + millis(late) + " ms before: " + read);
    }
  }

  /** Somebody's value has to account for it. */
  private void judgePresence(Event read) {
    long put = puts.latestEffectBegunBy(read.end());
    long until = put == Long.MIN_VALUE ? put : overwrites.endOf(put);
    if (until == Long.MIN_VALUE) {
      verdict.violation(Fault.NEVER_WRITTEN, read.toString());
    } else if (read.start() - until > allowed(read)) {
      verdict.violation(
          Fault.STALE, millis(read.start() - until) + " ms after the last removal: " + read);
    }
  }

  /**
   * How long changes took to arrive in other processes: from the change's return to the next answer
   * of a thread that looked at least each 5 ms.
   */
  private void measure() {
    if (promises.staleNanos() == 0) {
      return;
    }
    List<Event> looks = new ArrayList<>(reads);
    looks.removeIf(read -> read.kind() != Kind.READ);
    looks.sort(Comparator.comparingInt(Event::process)
        .thenComparingInt(Event::thread)
        .thenComparingLong(Event::start));
    for (int i = 1; i < looks.size(); i++) {
      Event before = looks.get(i - 1);
      Event after = looks.get(i);
      Written old = byValue.get(before.value());
      if (old == null
          || before.thread() != after.thread()
          || before.process() != after.process()
          || after.start() - before.lastStart() > POLLED_NANOS) {
        continue;
      }
      long end = overwrites.endOf(old.effective);
      if (end != Long.MAX_VALUE && overwrites.endedBy(old.effective) != before.process()) {
        verdict.latency(Math.max(0, after.start() - end));
      }
    }
  }

  private static String millis(long nanos) {
    return String.valueOf(nanos / 10_000 / 100.0);
  }
}
