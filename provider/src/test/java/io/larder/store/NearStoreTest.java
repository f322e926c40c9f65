package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.LogLevel;
import io.larder.expiry.Ttl;
import io.larder.log.Log;
import io.larder.stats.TierCounters;
import io.larder.store.MemorySharedStore.WriteFault;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One process with a near tier, and another that writes past it. */
final class NearStoreTest {

  private static final long LONG = 600_000;

  private final Budget budget = Budget.each(1_000_000_000);
  private final ManualClock clock = new ManualClock();
  private final ManualTimer timer = new ManualTimer();
  private final TierCounters counters = new TierCounters();
  private final List<String> ended = new ArrayList<>();
  private final MemoryServer<String, String> server = new MemoryServer<>(1);
  private MemorySharedStore<String, String> shared = MemorySharedStore.stepped(server, clock);
  private NearStore<String, String> store = newStore();

  private NearStore<String, String> newStore() {
    FlightEnder<String> flights = new FlightEnder<>() {
      @Override
      public void ended(String key) {
        ended.add(key);
      }

      @Override
      public void allEnded() {
        ended.add("*");
      }
    };
    return new NearStore<>(
        shared,
        NearSpec.<String>of(100, timer, counters, Log.of("books", LogLevel.DEBUG))
            .withFlights(flights),
        clock);
  }

  @BeforeEach
  void subscribe() {
    remotePut("other", "0");
    shared.up();
    shared.answerComparison();
    ended.clear();
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void aReadIsStoredAndAnswersTheNext() {
    remotePut("a", "1");
    shared.deliverAll();
    Stored<String> first = get("a");
    assertThat(first.provisional()).isFalse();
    assertThat(first.retained()).isTrue();
    int trips = shared.trips;
    Stored<String> second = get("a");
    assertThat(second.value()).isEqualTo("1");
    assertThat(second.provisional()).isTrue();
    assertThat(second.retained()).isTrue();
    assertThat(second.sameVersion(first)).isTrue();
    assertThat(get("a")).isSameAs(second);
    assertThat(store.containsKey("a", budget)).isTrue();
    assertThat(shared.trips).isEqualTo(trips);
    assertThat(counters.hits()).isEqualTo(2);
    assertThat(counters.misses()).isEqualTo(1);
    assertThat(store.nearReadable()).isTrue();
    assertThat(store.nearSize()).isEqualTo(1);
    assertThat(store.getFresh("a", budget).provisional()).isFalse();
    assertThat(shared.trips).isEqualTo(trips + 1);
  }

  @Test
  void aReadThatIsNotStoredIsNotRetained() {
    remotePut("a", "1");
    assertThat(get("a").retained()).isFalse();
    assertMissed("a", "1");
    shared.deliverAll();
    assertMissed("a", "1");
    assertHit("a", "1");
  }

  @Test
  void whatWasReadBeforeAChangeIsNotStoredAfterIt() {
    fill("a", "1");
    shared.down();
    shared.up();
    shared.beforeNextReply(() -> {
      remotePut("a", "2");
      shared.deliverAll();
    });
    assertThat(get("a").value()).isEqualTo("1");
    shared.answerComparison();
    assertMissed("a", "2");
  }

  @Test
  void aChangeElsewhereIsHeard() {
    fill("a", "1");
    remotePut("a", "2");
    assertHit("a", "1");
    shared.deliverAll();
    assertMissed("a", "2");
    assertHit("a", "2");
    server.write(Change.remove("a"));
    shared.deliverAll();
    assertMissed("a", null);
    fill("b", "1");
    server.clear();
    shared.deliverAll();
    assertMissed("b", null);
  }

  @Test
  void anOwnPutIsReadFromNearOnceItsMessageCame() {
    store.write(Change.put("a", "1", LONG, LONG), budget);
    shared.deliverAll();
    assertHit("a", "1");
    store.writeAll(
        List.of(
            Change.put("a", "2", LONG, LONG), Change.put("b", "1", LONG, LONG), Change.remove("a")),
        budget);
    shared.deliverAll();
    assertHit("b", "1");
    assertMissed("a", null);
  }

  @Test
  void anOwnRemoveRefusalOrClearIsSeenAtOnce() {
    fill("a", "1");
    store.write(Change.remove("a"), budget);
    assertMissed("a", null);
    fill("b", "1");
    Stored<String> old = get("b");
    remotePut("b", "2");
    assertThat(store.write(Change.replace("b", old, "3", LONG), budget)).isEqualTo(Outcome.REFUSED);
    assertMissed("b", "2");
    fill("c", "1");
    store.clear(budget);
    assertMissed("c", null);
  }

  @Test
  void afterAFailedWriteTheKeyIsReadAgain() {
    fill("a", "1");
    shared.failNextWrite(WriteFault.AFTER_EFFECT);
    assertThatThrownBy(() -> store.write(Change.put("a", "2", LONG, LONG), budget))
        .isInstanceOf(CacheException.class);
    assertMissed("a", "2");
    fill("b", "1");
    shared.failNextWrite(WriteFault.AFTER_EFFECT);
    assertThatThrownBy(() -> store.writeAll(List.of(Change.remove("b")), budget))
        .isInstanceOf(CacheException.class);
    assertMissed("b", null);
    fill("c", "1");
    shared.failNextWrite(WriteFault.AFTER_EFFECT);
    assertThatThrownBy(() -> store.clear(budget)).isInstanceOf(CacheException.class);
    assertMissed("c", null);
  }

  @Test
  void withoutASubscriptionNothingIsReadFromNear() {
    fill("a", "1");
    shared.down();
    assertThat(store.nearReadable()).isFalse();
    assertMissedWithoutStoring("a", "1");
  }

  @Test
  void afterReconnectionOnlyWhatChangedIsDropped() {
    fill("a", "1");
    shared.down();
    shared.up();
    assertThat(store.nearReadable()).isFalse();
    shared.answerComparison();
    assertHit("a", "1");
    shared.down();
    remotePut("other", "1");
    shared.up();
    shared.answerComparison();
    assertThat(store.nearReadable()).isTrue();
    assertMissed("a", "1");
  }

  @Test
  void aLostMessageIsFoundByTheComparison() {
    fill("a", "1");
    shared.disconnect();
    remotePut("a", "2");
    assertHit("a", "1");
    timer.tick();
    shared.answerComparison();
    assertMissed("a", "2");
    timer.tick();
    shared.answerComparison();
    assertThat(store.droppedBuckets()).isEqualTo(1);
    assertMissed("a", "2");
    assertHit("a", "2");
  }

  @Test
  void aLostMessageIsFoundByTheNext() {
    fill("a", "1");
    remotePut("a", "2");
    shared.drop();
    remotePut("b", "1");
    assertHit("a", "1");
    shared.deliverAll();
    assertMissed("a", "2");
    assertThat(store.droppedBuckets()).isEqualTo(1);
  }

  @Test
  void aRepeatedMessageChangesNothing() {
    fill("a", "1");
    remotePut("b", "1");
    shared.repeat();
    shared.deliverAll();
    assertHit("a", "1");
    assertThat(store.droppedBuckets()).isZero();
  }

  @Test
  void aMessageThatIsNotUnderstoodDropsItsBucket() {
    fill("a", "1");
    shared.lose(0);
    assertMissed("a", "1");
    timer.tick();
    shared.answerComparison();
    fill("a", "1");
    shared.lose(-1);
    assertMissed("a", "1");
  }

  @Test
  void withoutAComparisonNothingIsReadFromNearAfterTwoSeconds() {
    fill("a", "1");
    clock.passMillis(1_999);
    assertHit("a", "1");
    clock.passMillis(1);
    assertMissed("a", "1");
    timer.tick();
    shared.answerComparison();
    assertHit("a", "1");
  }

  @Test
  void aComparisonProvesWhatWasWhenItWasSent() {
    fill("a", "1");
    timer.tick();
    clock.passMillis(1_000);
    timer.tick();
    assertThat(shared.comparisonsWaiting()).as("one in flight").isEqualTo(1);
    shared.answerComparison();
    clock.passMillis(1_000);
    assertMissed("a", "1");
  }

  @Test
  void aLateAnswerIsDiscarded() {
    fill("a", "1");
    timer.tick();
    Runnable late = shared.readHeadsForComparison();
    clock.passMillis(2_000);
    shared.disconnect();
    remotePut("a", "2");
    timer.tick();
    late.run();
    assertMissed("a", "2");
  }

  @Test
  void aComparisonThatFailsIsFollowedByTheNext() {
    fill("a", "1");
    shared.headsFail(true);
    clock.passMillis(2_000);
    timer.tick();
    timer.tick();
    assertThat(store.nearReadable()).isFalse();
    shared.headsFail(false);
    timer.tick();
    shared.answerComparison();
    assertHit("a", "1");
  }

  @Test
  void whenTheMachineSleptNothingIsKept() {
    fill("a", "1");
    clock.jumpWallMillis(3_600_000);
    clock.passMillis(1);
    assertThat(store.nearReadable()).isFalse();
    assertMissedWithoutStoring("a", "1");
    timer.tick();
    shared.answerComparison();
    assertThat(store.nearReadable()).isTrue();
    assertMissed("a", "1");
    clock.passMillis(1);
    assertHit("a", "1");
  }

  @Test
  void aJumpThatNoReadNoticedIsNoticedByTheComparison() {
    fill("a", "1");
    clock.jumpWallMillis(-100);
    timer.tick();
    shared.answerComparison();
    assertMissed("a", "1");
  }

  @Test
  void afterAReplyThatFoundRedisEmptyNothingOlderIsStored() {
    fill("a", "1");
    shared.down();
    shared.up();
    shared.answerComparison();
    fill("b", "1");
    timer.tick();
    Runnable late = shared.readHeadsForComparison();
    server.write(Change.remove("b"));
    server.lose();
    assertThat(store.getFresh("b", budget).value()).isNull();
    late.run();
    assertMissedWithoutStoring("a", null);
  }

  @Test
  void aNearEntryEndsWithTheSharedOne() {
    server.write(Change.put("a", "1", 500, 500));
    shared.deliverAll();
    get("a");
    pass(499);
    assertHit("a", "1");
    pass(1);
    assertMissed("a", null);
  }

  @Test
  void whereTheServersClockIsNotKnownOnlyEternalEntriesAreStored() {
    shared.clockKnown(false);
    server.write(Change.put("a", "1", LONG, LONG));
    server.write(Change.put("b", "1", Ttl.ETERNAL, Ttl.ETERNAL));
    shared.deliverAll();
    assertThat(get("a").retained()).isFalse();
    assertMissedWithoutStoring("a", "1");
    assertThat(get("b").retained()).isTrue();
    assertHit("b", "1");
  }

  @Test
  void getAllAsksOnlyForWhatIsNotNear() {
    fill("a", "1");
    remotePut("b", "2");
    shared.deliverAll();
    Map<String, Stored<String>> found = store.getAll(Set.of("a", "b", "c"), Ttl.KEEP, budget);
    assertThat(found).hasSize(3);
    assertThat(found.get("a").provisional()).isTrue();
    assertThat(found.get("b").provisional()).isFalse();
    assertThat(found.get("b").retained()).isTrue();
    assertThat(found.get("c").value()).isNull();
    assertHit("b", "2");
    int trips = shared.trips;
    store.getAll(Set.of("a", "b"), Ttl.KEEP, budget);
    assertThat(shared.trips).isEqualTo(trips);
  }

  @Test
  void nothingOlderIsStoredThanWhatAnyCallAnswered() {
    fill("a", "1");
    shared.down();
    shared.up();
    shared.beforeNextReply(() -> {
      server.write(Change.remove("a"));
      assertThat(store.containsKey("a", budget)).isFalse();
    });
    assertThat(get("a").value()).isEqualTo("1");
    shared.answerComparison();
    assertMissed("a", null);
  }

  @Test
  void nothingOlderIsReadThanWhatTheIteratorAnswered() {
    fill("a", "1");
    fill("b", "1");
    remotePut("a", "2");
    store.iterator().forEachRemaining(entry -> {});
    assertHit("b", "1");
    assertMissed("a", "2");
  }

  @Test
  void aReadThatMovesTheDeadlinePassesThrough() {
    fill("a", "1");
    assertThat(store.get("a", Ttl.ZERO, budget).retained()).isFalse();
    assertMissed("a", null);
    fill("b", "1");
    store.touch("b", get("b"), Ttl.ZERO, budget);
    assertMissed("b", null);
  }

  @Test
  void runningCallsEndWithWhatTheyCouldBeOlderThan() {
    get("a");
    assertThat(ended).as("an absent reply").isEmpty();
    store.write(Change.put("a", "1", LONG, LONG), budget);
    assertThat(ended).containsExactly("a");
    shared.deliverAll();
    assertThat(ended).containsExactly("a", "a");
    remotePut("b", "1");
    get("b");
    assertThat(ended).containsExactly("a", "a", "b");
    shared.deliverAll();
    ended.clear();
    store.clear(budget);
    assertThat(ended).containsExactly("*");
    shared.deliverAll();
    assertThat(ended).containsExactly("*", "*");
    shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    assertThatThrownBy(() -> store.write(Change.remove("c"), budget))
        .isInstanceOf(CacheException.class);
    assertThat(ended).containsExactly("*", "*", "c");
  }

  @Test
  void itHoldsNoMoreThanItsSize() {
    List<Change<String, String>> puts = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      puts.add(Change.put("k" + i, "v", LONG, LONG));
    }
    store.writeAll(puts, budget);
    assertThat(store.nearSize()).isLessThanOrEqualTo(100);
  }

  @Test
  void closeLeavesNothingBehind() throws Exception {
    fill("a", "1");
    store.close();
    store.close();
    assertThat(shared.isClosed()).isTrue();
    assertThat(timer.cancelled()).isTrue();
    assertThat(store.nearSize()).isZero();
    assertThat(store.nearReadable()).isFalse();
    timer.tick();
    assertThat(shared.comparisonsWaiting()).isZero();
    timer.forgetTask();
    WeakReference<?> gone = new WeakReference<>(store);
    store = null;
    for (int i = 0; i < 100 && gone.get() != null; i++) {
      System.gc();
      Thread.onSpinWait();
    }
    assertThat(gone.get()).isNull();
  }

  @Test
  void anImpossibleSpecIsRefused() {
    assertThatThrownBy(() -> NearSpec.of(0, timer, counters, Log.of("books", LogLevel.DEBUG)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maximumSize is 0 but must be positive");
  }

  private void pass(long millis) {
    server.passMillis(millis);
    clock.passMillis(millis);
  }

  private void remotePut(String key, String value) {
    server.write(Change.put(key, value, LONG, LONG));
  }

  private void fill(String key, String value) {
    remotePut(key, value);
    shared.deliverAll();
    assertThat(get(key).retained()).isTrue();
    assertHit(key, value);
  }

  private Stored<String> get(String key) {
    return store.get(key, Ttl.KEEP, budget);
  }

  private void assertHit(String key, String value) {
    int trips = shared.trips;
    assertThat(get(key).value()).isEqualTo(value);
    assertThat(shared.trips).as("trips for %s", key).isEqualTo(trips);
  }

  private void assertMissed(String key, String value) {
    int trips = shared.trips;
    assertThat(get(key).value()).isEqualTo(value);
    assertThat(shared.trips).as("trips for %s", key).isEqualTo(trips + 1);
  }

  private void assertMissedWithoutStoring(String key, String value) {
    assertMissed(key, value);
    assertMissed(key, value);
  }
}
