package io.larder.history;

import static io.larder.history.Event.ABSENT;
import static io.larder.history.Event.Kind.FOUND;
import static io.larder.history.Event.Kind.FOUND_PRESENT;
import static io.larder.history.Event.Kind.MAYBE;
import static io.larder.history.Event.Kind.PRESENT;
import static io.larder.history.Event.Kind.READ;
import static io.larder.history.Event.Kind.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Event.Kind;
import io.larder.history.Verdict.Fault;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The checker passes good histories and finds what is wrong with bad ones. Times are seconds. */
final class HistoryTest {

  private static final int NEAR = 0;
  private static final int FAR = 1;
  private static final int EXPIRING = 2;
  private static final int EVICTED = 3;
  private static final int A = 1;
  private static final int B = 2;

  private final History history = new History(cache -> switch (cache) {
    case NEAR -> Promises.near();
    case FAR -> Promises.shared();
    case EXPIRING -> Promises.near().expiring(5_000);
    default -> Promises.near().evicting();
  });

  private int cache = NEAR;

  @Test
  void oldValueElsewhereIsAllowedUntilTheNewOneIsSeen() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    add(READ, B, 1, 22, 23);
    add(READ, B, 2, 24, 25);

    assertGood();
    assertThat(history.judge().longestStaleNanos()).isEqualTo(seconds(1));
  }

  @Test
  void callsThatOverlapMayComeInAnyOrder() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 30);
    add(WRITE, B, 3, 25, 35);
    add(READ, B, 3, 36, 37);
    add(READ, A, 2, 36, 38);
    add(READ, B, 2, 37, 39);

    assertGood();
  }

  @Test
  void readYourWrites() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    add(READ, A, 1, 21.1, 21.2);

    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void readYourRemovals() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, ABSENT, 20, 21);
    add(READ, A, 1, 21.1, 21.2);

    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void readYourClears() {
    add(WRITE, A, 1, 10, 11);
    history.add(event(WRITE, A, ABSENT, 20, 21).copyFor(NEAR, Event.ALL));
    add(READ, A, 1, 21.1, 21.2);

    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void neverBackInTime() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    add(READ, B, 2, 21.1, 21.2);
    add(READ, B, 1, 21.3, 21.4);

    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void lastOfSeveralEqualAnswersCounts() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    add(READ, B, 2, 21.1, 21.2);
    history.add(event(READ, B, 1, 19, 19.1).between(seconds(19), seconds(19.1), seconds(21.3)));

    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void firstReadTellsThatTheWriteWasMade() {
    add(WRITE, A, 1, 10, 30);
    add(READ, B, 1, 11, 12);
    add(WRITE, B, 2, 20, 21);
    add(READ, B, 1, 22, 23);

    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void whatWasFoundAbsentDoesNotComeBack() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, ABSENT, 20, 30);
    add(READ, B, ABSENT, 21, 22);
    add(READ, B, 1, 23, 24);

    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void othersFollowWithinTheBound() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    add(READ, B, 1, 23, 23.1);

    assertGood();

    add(READ, B, 1, 23.1, 23.2);
    assertFault(Fault.STALE);
  }

  @Test
  void whereComparisonsAreAnsweredTheBoundIsNarrower() {
    History compared = new History(cache -> Promises.near().compared());
    compared.add(event(WRITE, A, 1, 10, 11));
    compared.add(event(WRITE, A, 2, 20, 21));
    compared.add(event(READ, B, 1, 22.5, 22.6));
    assertThat(compared.judge().violations()).isZero();
    compared.add(event(READ, B, 1, 22.6, 22.7));
    assertThat(compared.judge().faults()).containsOnlyKeys(Fault.STALE);
  }

  @Test
  void removalsAndClearsAreFollowedToo() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, ABSENT, 20, 21);
    add(READ, B, 1, 24.1, 24.2);
    assertFault(Fault.STALE);
  }

  @Test
  void clearsAreFollowedToo() {
    add(WRITE, A, 1, 10, 11);
    history.add(event(WRITE, A, ABSENT, 20, 21).copyFor(NEAR, Event.ALL));
    add(READ, B, 1, 24.1, 24.2);
    assertFault(Fault.STALE);
  }

  @Test
  void withoutNearTierThereIsNoDelay() {
    cache = FAR;
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    add(READ, B, 1, 21.1, 21.2);

    assertFault(Fault.STALE);
  }

  @Test
  void operationsThatDecideAreNeverAnsweredFromNear() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    add(FOUND, B, 1, 21.1, 21.2);

    assertFault(Fault.STALE);
  }

  @Test
  void whatWasRemovedIsNotThere() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, ABSENT, 20, 21);
    add(FOUND_PRESENT, B, 1, 21.1, 21.2);

    assertFault(Fault.STALE);
  }

  @Test
  void whatWasNeverPutIsNotThere() {
    add(WRITE, A, ABSENT, 20, 21);
    add(PRESENT, B, 1, 21.1, 21.2);

    assertFault(Fault.NEVER_WRITTEN);
  }

  @Test
  void entriesEndInTime() {
    cache = EXPIRING;
    add(WRITE, A, 1, 10, 11);
    add(READ, B, 1, 15.9, 16);
    assertGood();

    add(READ, B, 1, 16.1, 16.2);
    assertFault(Fault.OUTLIVED);
  }

  @Test
  void entriesThatExpireMayBeAbsentButNotComeBack() {
    cache = EXPIRING;
    add(WRITE, A, 1, 10, 11);
    add(READ, B, ABSENT, 13, 14);
    assertGood();

    add(READ, B, 1, 14.1, 14.2);
    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void copiesOfEvictedEntriesMayBeRead() {
    cache = EVICTED;
    add(WRITE, A, 1, 10, 11);
    add(READ, B, ABSENT, 13, 14);
    add(READ, B, 1, 14.1, 14.2);

    assertGood();
  }

  @Test
  void nothingGoesByItself() {
    add(WRITE, A, 1, 10, 11);
    add(READ, B, ABSENT, 15, 16);

    assertFault(Fault.LOST);
  }

  @Test
  void absenceAfterOnesOwnPutNeedsARemovalSince() {
    add(WRITE, B, ABSENT, 5, 6);
    add(WRITE, A, 1, 10, 11);
    add(READ, A, ABSENT, 11.5, 12);

    assertFault(Fault.LOST);
  }

  @Test
  void valueThatNobodyWroteIsFound() {
    add(WRITE, A, 1, 10, 11);
    add(READ, B, 7, 30, 40);

    assertFault(Fault.NEVER_WRITTEN);
  }

  @Test
  void valueThatIsWrittenLaterIsFound() {
    add(READ, B, 1, 5, 6);
    add(WRITE, A, 1, 10, 11);

    assertFault(Fault.FROM_THE_FUTURE);
  }

  @Test
  void anUnknownOutcomeMayHaveBeenEither() {
    add(WRITE, A, 1, 10, 11);
    add(MAYBE, A, 2, 20, 21);
    add(READ, A, 1, 22, 23);
    assertGood();

    add(READ, A, 2, 24, 25);
    add(READ, A, 1, 26, 27);
    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void anUnknownOutcomeIsNotMadeLate() {
    add(MAYBE, A, 1, 10, 11);
    add(WRITE, A, 2, 12, 13);
    add(READ, A, 1, 14, 15);

    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void anEmptiedRedisHasLostAll() {
    add(WRITE, A, 1, 10, 11);
    history.emptied(seconds(20), seconds(22));
    add(READ, B, ABSENT, 21, 23);
    assertGood();

    add(READ, A, 1, 25.1, 25.2);
    assertFault(Fault.STALE);
  }

  @Test
  void oldDataAreAllowedBackAfterARollback() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    add(READ, B, 2, 22, 23);
    rollBack();
    add(READ, B, 2, 42, 42.5);
    add(READ, B, 1, 44, 45);
    add(READ, A, 1, 44, 45);

    assertGood();
  }

  @Test
  void lostDataAreNotAnsweredLongAfterARollback() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    rollBack();
    add(READ, B, 2, 44, 45);

    assertFault(Fault.NEVER_WRITTEN);
  }

  @Test
  void whatDidNotGoBackIsNotLost() {
    history.rolledBack(
        new Rollback(seconds(15), seconds(16), seconds(39), seconds(40)), (in, key) -> key != 7);
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    add(READ, B, 2, 44, 45);
    assertGood();

    add(READ, B, 1, 46, 47);
    assertFault(Fault.BACK_IN_TIME);
  }

  @Test
  void whatHadEndedBeforeTheCopyStaysEnded() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 13, 14);
    rollBack();
    add(READ, B, 1, 44, 45);

    assertFault(Fault.STALE);
  }

  @Test
  void latencyIsFromReturnToTheNextAnswerThatKnows() {
    add(WRITE, A, 1, 10, 11);
    add(WRITE, A, 2, 20, 21);
    add(READ, B, 1, 21.001, 21.002);
    add(READ, B, 2, 21.004, 21.005);

    Verdict verdict = history.judge();

    assertThat(verdict.violations()).isZero();
    assertThat(verdict.operations()).isEqualTo(4);
    assertThat(verdict.writes()).isEqualTo(2);
    assertThat(verdict.latencySamples()).isOne();
    assertThat(verdict.latencyNanos(0.5)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(4));
  }

  private void rollBack() {
    history.rolledBack(new Rollback(seconds(15), seconds(16), seconds(39), seconds(40)));
  }

  private void assertGood() {
    assertThat(history.judge().told()).isEmpty();
  }

  private void assertFault(Fault fault) {
    Verdict verdict = history.judge();
    assertThat(verdict.faults()).as(verdict.told().toString()).containsOnlyKeys(fault);
  }

  private void add(Kind kind, int process, long value, double start, double end) {
    history.add(event(kind, process, value, start, end));
  }

  private Event event(Kind kind, int process, long value, double start, double end) {
    long from = seconds(start);
    return new Event(kind, process, 0, cache, 7, value, from, seconds(end), from, 1);
  }

  private static long seconds(double seconds) {
    return Math.round(seconds * 1e9);
  }
}
