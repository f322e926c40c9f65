package io.larder.history;

import static io.larder.history.Event.Kind.FOUND;
import static io.larder.history.Event.Kind.READ;
import static io.larder.history.Event.Kind.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Apart.Span;
import io.larder.history.Event.Kind;
import io.larder.history.Verdict.Fault;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What the checker makes of times in which processes were apart from Redis: several of a process,
 * some of them planned. Times are seconds.
 */
final class ApartTest {

  private static final int A = 1;
  private static final int B = 2;

  private final History history = new History(cache -> Promises.near().evicting());

  @Test
  void staleAnswersWithinEachOfSeveralTimesAreNobodysBusiness() {
    apart(B, 20, 30);
    apart(B, 40, 50);
    addOverwrite();
    add(READ, B, 1, 28, 29);
    add(FOUND, B, 1, 45, 46);

    assertThat(history.judge().told()).isEmpty();
  }

  @Test
  void staleAnswerBetweenTimesIsAViolation() {
    apart(B, 20, 30);
    apart(B, 40, 50);
    addOverwrite();
    add(READ, B, 1, 34, 35);

    assertFault(Fault.STALE);
  }

  @Test
  void staleAnswerAfterAllTimesIsAViolation() {
    apart(B, 20, 30);
    apart(B, 40, 50);
    addOverwrite();
    add(READ, B, 1, 50.1, 51);

    assertFault(Fault.STALE);
  }

  @Test
  void timesOfOthersExcuseNothing() {
    apart(A, 5, 50);
    addOverwriteBy(3);
    add(READ, B, 1, 34, 35);

    assertFault(Fault.STALE);
  }

  @Test
  void equalAnswersInARowCountBetweenTimes() {
    apart(B, 20, 30);
    apart(B, 40, 50);
    addOverwrite();
    history.add(event(READ, B, 1, 12, 12.1).between(at(12), at(12.1), at(35)));

    assertFault(Fault.STALE);
  }

  @Test
  void writesWithinATimeAreNotSure() {
    apart(A, 14, 20);
    addOverwrite();
    add(READ, B, 1, 34, 35);
    add(READ, B, 1, 36, 37);

    assertThat(history.judge().told()).isEmpty();
  }

  @Test
  void writeWithinSeveralTimesIsNotSure() {
    apart(A, 14, 15.2);
    apart(A, 15.8, 16.2);
    addOverwrite();
    add(READ, B, 1, 34, 35);

    assertThat(history.judge().told()).isEmpty();
  }

  @Test
  void whatWasPlannedStaysSure() {
    history.without(new Outage(A, at(14), at(14.5), at(20), at(22)));
    apart(A, 14.1, 22.1);
    addOverwrite();
    add(READ, B, 1, 24.5, 25);
    assertFault(Fault.STALE);
  }

  @Test
  void whatWasPlannedIsNotCounted() {
    history.without(new Outage(A, at(14), at(14.5), at(20), at(22)));
    apart(A, 14.1, 21);

    assertApart(0, 0, 0);
  }

  @Test
  void whatWasNotPlannedIsCounted() {
    history.without(new Outage(A, at(14), at(14.5), at(20), at(22)));
    apart(A, 13, 24);
    apart(A, 30, 31.5);
    apart(B, 15, 16);

    assertApart(2, 1 + 2 + 1.5 + 1, 2);
    assertThat(history.judge().toString())
        .contains("apart from Redis without plan 2 times, and 5500 ms in all, at most 2000 ms");
  }

  @Test
  void beyondThePlanNothingIsSure() {
    history.without(new Outage(A, at(11), at(11), at(12), at(13)));
    apart(A, 11, 20);
    addOverwrite();
    add(READ, B, 1, 34, 35);

    assertThat(history.judge().told()).isEmpty();
  }

  @Test
  void figuresAddUp() {
    apart(A, 13, 24);
    Verdict total = new Verdict();
    total.add(history.judge());
    total.add(history.judge());

    assertThat(total.apart()).isEqualTo(new Verdict.Apart(2, at(22), at(11)));
  }

  /** The first value is gone by 16. */
  private void addOverwrite() {
    addOverwriteBy(A);
  }

  private void addOverwriteBy(int process) {
    add(WRITE, A, 1, 10, 10.1);
    add(WRITE, process, 2, 15, 16);
  }

  private void apart(int process, double from, double to) {
    history.apart(process, new Span(at(from), at(to)));
  }

  private void assertFault(Fault fault) {
    Verdict verdict = history.judge();
    assertThat(verdict.faults()).as(verdict.told().toString()).containsOnlyKeys(fault);
  }

  private void assertApart(int times, double seconds, double longest) {
    assertThat(history.judge().apart())
        .isEqualTo(new Verdict.Apart(times, at(seconds), at(longest)));
  }

  private void add(Kind kind, int process, long value, double start, double end) {
    history.add(event(kind, process, value, start, end));
  }

  private static Event event(Kind kind, int process, long value, double start, double end) {
    return new Event(kind, process, 0, 0, 7, value, at(start), at(end), at(start), 1);
  }

  private static long at(double seconds) {
    return Math.round(seconds * TimeUnit.SECONDS.toNanos(1));
  }
}
