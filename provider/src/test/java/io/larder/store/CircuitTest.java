package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.LogLevel;
import io.larder.log.Log;
import io.larder.stats.RedisStatus;
import io.larder.stats.RedisStatus.Connection;
import io.larder.stats.TierCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The circuit and a resilient store over it, with a server and a timer that obey the test. */
final class CircuitTest {

  private static final long LONG = 600_000;
  private static final Log LOG = Log.of("circuit", LogLevel.DEBUG);
  private static final StoreUnavailableException AWAY = new StoreUnavailableException("away", null);
  private static final StoreUnavailableException INTERRUPTED =
      new StoreUnavailableException("away", new InterruptedException());

  private final List<Connection> heard = new ArrayList<>();
  private final HandTimer timer = new HandTimer();
  private final HandServer server = new HandServer();
  private final ManualClock clock = new ManualClock();
  private final MemoryServer<String, String> memory = new MemoryServer<>(4);
  private final MemorySharedStore<String, String> shared =
      MemorySharedStore.immediate(memory, clock);
  private final Budget budget = Budget.each(TimeUnit.SECONDS.toNanos(5));
  private Circuit circuit = circuit(Duration.ofMinutes(1));

  private Circuit circuit(Duration open) {
    return new Circuit(
        server,
        new CircuitSpec(
            LOG,
            3,
            open,
            Duration.ofSeconds(1),
            timer,
            Runnable::run,
            (RedisStatus status) -> heard.add(status.connection())));
  }

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  @Test
  void opensAfterThatManyFailuresInARowAndNotBefore() {
    circuit.failed(AWAY, CircuitFixture.call(LONG_NANOS));
    circuit.failed(AWAY, CircuitFixture.call(LONG_NANOS));
    circuit.succeeded();
    circuit.failed(AWAY, CircuitFixture.call(LONG_NANOS));
    circuit.failed(AWAY, CircuitFixture.call(LONG_NANOS));
    assertThat(circuit.isOpen()).isFalse();
    circuit.failed(AWAY, CircuitFixture.call(LONG_NANOS));
    assertThat(circuit.isOpen()).isTrue();
    assertThat(heard).containsExactly(Connection.DEGRADED);
  }

  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

  @Test
  void aCallThatHadNoTimeLeftSaysNothingOfTheServer() {
    for (int i = 0; i < 10; i++) {
      circuit.failed(AWAY, CircuitFixture.call(TimeUnit.MILLISECONDS.toNanos(1)));
      circuit.failed(INTERRUPTED, CircuitFixture.call(LONG_NANOS));
    }
    assertThat(circuit.isOpen()).isFalse();
  }

  @Test
  void opensAgainAfterItHasClosed() {
    circuit.open(AWAY, LOG);
    timer.runAll();
    assertThat(circuit.isOpen()).isFalse();
    for (int i = 0; i < 3; i++) {
      circuit.failed(AWAY, CircuitFixture.call(LONG_NANOS));
    }
    assertThat(circuit.isOpen()).isTrue();
    assertThat(heard)
        .containsExactly(
            Connection.DEGRADED, Connection.REPLAYING, Connection.CONNECTED, Connection.DEGRADED);
  }

  @Test
  void aProbeThatFailsIsFollowedByAnother() {
    server.away = AWAY;
    circuit.open(AWAY, LOG);
    timer.runAll();
    timer.runAll();
    assertThat(circuit.isOpen()).isTrue();
    assertThat(server.pings).isEqualTo(2);
    server.away = null;
    timer.runAll();
    assertThat(circuit.isOpen()).isFalse();
  }

  @Test
  void aUsersCallProbesOnlyWhereNobodyElseDid() throws Exception {
    Duration open = Duration.ofMillis(100);
    circuit = circuit(open);
    long opened = System.nanoTime();
    circuit.open(AWAY, LOG);
    while (!circuit.passes(budget)) {
      assertThat(server.pings).isZero();
      assertThat(System.nanoTime() - opened).isLessThan(TimeUnit.SECONDS.toNanos(20));
      TimeUnit.MILLISECONDS.sleep(5); // the time it is open is the breaker library's own clock
    }
    assertThat(System.nanoTime() - opened).isGreaterThan(open.toNanos());
    assertThat(server.pings).isEqualTo(1);
    assertThat(circuit.isOpen()).isFalse();
  }

  @Test
  void aReplayThatFailsLosesNothingAndLeavesItOpen() {
    ResilientStore<String, String> store = store();
    store.write(Change.put("k", "old", LONG, LONG), budget);
    circuit.open(AWAY, LOG);
    assertThat(store.write(Change.remove("k"), budget)).isEqualTo(Outcome.NOTHING);
    shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
    timer.runAll();
    assertThat(circuit.isOpen()).isTrue();
    assertThat(circuit.status().journalledKeys()).isEqualTo(1);
    assertThat(memory.contents()).containsKey("k");
    timer.runAll();
    assertThat(circuit.isOpen()).isFalse();
    assertThat(circuit.status().journalledKeys()).isZero();
    assertThat(memory.contents()).isEmpty();
  }

  /** The server answers the probe each second, and refuses the replay each second. */
  @Test
  void replaysThatAreRefusedAgainAndAgainAreToldOnce() {
    ResilientStore<String, String> store = store();
    circuit.open(AWAY, LOG);
    store.write(Change.remove("k"), budget);
    for (int i = 0; i < 4; i++) {
      shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
      timer.runAll();
    }
    assertThat(heard)
        .containsExactly(Connection.DEGRADED, Connection.REPLAYING, Connection.DEGRADED);
    timer.runAll();
    assertThat(heard).hasSize(4).endsWith(Connection.CONNECTED);
  }

  @Test
  void aReplayAfterProbesThatFailedIsToldAgain() {
    ResilientStore<String, String> store = store();
    circuit.open(AWAY, LOG);
    store.write(Change.remove("k"), budget);
    shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
    timer.runAll();
    server.away = AWAY;
    timer.runAll();
    server.away = null;
    timer.runAll();
    assertThat(heard)
        .containsExactly(
            Connection.DEGRADED,
            Connection.REPLAYING,
            Connection.DEGRADED,
            Connection.REPLAYING,
            Connection.CONNECTED);
  }

  @Test
  void aReplyUnderWayDuringADivertedRemovalIsNotKeptNear() {
    shared.write(Change.put("k", "old", LONG, LONG), budget);
    try (NearStore<String, String> near = new NearStore<>(
        store(),
        NearSpec.of(100, timer, new TierCounters(), Log.of("near", LogLevel.DEBUG)),
        clock)) {
      assertThat(near.nearReadable()).isTrue();
      shared.beforeNextReply(() -> {
        circuit.open(AWAY, LOG);
        near.write(Change.remove("k"), budget);
      });
      near.getFresh("k", budget);
      assertThat(near.nearSize()).isZero();
      assertThat(near.get("k", -1, budget).value()).isNull();
    }
  }

  @Test
  void aWriteOfUnknownOutcomeIsRemovedBeforeTheKeyIsReadAgain() {
    ResilientStore<String, String> store = store();
    store.write(Change.put("k", "old", LONG, LONG), budget);
    shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
    assertThat(store.write(Change.put("k", "new", LONG, LONG), timedOut()))
        .isEqualTo(Outcome.CREATED);
    assertThat(circuit.isOpen()).isFalse();
    assertThat(store.get("k", -1, budget).value()).isNull();
    assertThat(memory.contents()).isEmpty();
    assertThat(store.write(Change.put("k", "newer", LONG, LONG), budget))
        .isEqualTo(Outcome.CREATED);
    timer.runAll();
    assertThat(store.get("k", -1, budget).value()).isEqualTo("newer");
  }

  /** A budget that is used up when the call that it was given to has failed. */
  private static Budget timedOut() {
    return Budget.each(0);
  }

  @Test
  void aWriteThatMayStillLandIsRemovedOnceItCannot() {
    ResilientStore<String, String> store = store();
    store.write(Change.put("k", "old", LONG, LONG), budget);
    shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
    Budget sent = Budget.each(TimeUnit.SECONDS.toNanos(4));
    store.write(Change.remove("k"), sent);
    timer.runAll();
    // As the write does whose connection was lost, and which Redis still accepts.
    shared.write(Change.put("k", "late", LONG, LONG), budget);
    assertThat(store.get("k", -1, budget).value()).isNull();
    assertThat(memory.contents()).as("not replayed too early").containsKey("k");
    awaitNothingJournalled();
    assertThat(memory.contents()).isEmpty();
    assertThat(store.get("k", -1, budget).value()).isNull();
  }

  private void awaitNothingJournalled() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (circuit.status().journalledKeys() > 0) {
      assertThat(System.nanoTime() - end).as("waited in vain").isNegative();
      timer.runAll();
    }
  }

  @Test
  void clearClearsWhatTheFallbackHolds() {
    ResilientStore<String, String> store = store();
    shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
    store.write(Change.put("k", "v", LONG, LONG), budget);
    store.clear(budget);
    circuit.open(AWAY, LOG);
    assertThat(store.get("k", -1, budget).value()).isNull();
  }

  @Test
  void whatWasDecidedBeforeAChangeWithoutTheServerIsRefused() {
    ResilientStore<String, String> store = store();
    store.write(Change.put("k", "a", LONG, LONG), budget);
    Stored<String> seen = store.get("k", -1, budget);
    Stored<String> missed = store.get("m", -1, budget);
    circuit.open(AWAY, LOG);
    store.write(Change.remove("k"), budget);
    store.write(Change.remove("m"), budget);
    assertThat(store.write(Change.replace("k", seen, "b", LONG), budget))
        .isEqualTo(Outcome.REFUSED);
    assertThat(store.write(Change.fill("m", missed, "loaded before", LONG), budget))
        .isEqualTo(Outcome.REFUSED);
    assertThat(store.get("k", -1, budget).value()).isNull();
    assertThat(store.get("m", -1, budget).value()).isNull();
  }

  @Test
  void aChangeThatAReplayOvertakesIsOfThisOutageOnly() {
    AtomicBoolean overtaken = new AtomicBoolean();
    ResilientStore<String, String> store = store(value -> {
      if (value.equals("overtaken") && overtaken.compareAndSet(false, true)) {
        timer.runAll();
      }
      return value;
    });
    circuit.open(AWAY, LOG);
    store.write(Change.put("k", "overtaken", LONG, LONG), budget);
    assertThat(circuit.isOpen()).isFalse();
    awaitNothingJournalled();
    circuit.open(AWAY, LOG);
    assertThat(store.get("k", -1, budget).value()).isNull();
  }

  @Test
  void whatEndsAfterTheStoreIsClosedIsReplayedAllTheSame() {
    ResilientStore<String, String> store = store();
    store.write(Change.put("k", "old", LONG, LONG), budget);
    store.close();
    shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
    store.write(Change.remove("k"), timedOut());
    ResilientStore<String, String> next = store();
    assertThat(next.get("k", -1, budget).value()).isNull();
    timer.runAll();
    assertThat(memory.contents()).isEmpty();
  }

  @Test
  void whatWasDecidedOnTheSharedEntryStandsWithoutIt() {
    ResilientStore<String, String> store = store();
    store.write(Change.put("k", "old", LONG, LONG), budget);
    Stored<String> seen = store.get("k", -1, budget);
    circuit.open(AWAY, LOG);
    assertThat(store.write(Change.replace("k", seen, "new", LONG), budget))
        .isEqualTo(Outcome.UPDATED);
    Stored<String> apart = store.get("k", -1, budget);
    assertThat(apart.value()).isEqualTo("new");
    assertThat(store.write(Change.replace("k", seen, "lost", LONG), budget))
        .isEqualTo(Outcome.REFUSED);
    timer.runAll();
    assertThat(store.write(Change.replace("k", apart, "stale", LONG), budget))
        .isEqualTo(Outcome.REFUSED);
    assertThat(store.get("k", -1, budget).value()).isNull();
  }

  @Test
  void anIterationWaitsForAnotherThreadsReplayNoLongerThanTheTimeout() throws Exception {
    duringAReplay(store -> {
      List<String> listed = new ArrayList<>();
      store.iterator().forEachRemaining(entry -> listed.add(entry.getKey()));
      assertThat(listed).containsExactly("other");
    });
  }

  @Test
  void anIterationThatWaitsForAReplayIsInterrupted() throws Exception {
    duringAReplay(store -> {
      Thread.currentThread().interrupt();
      assertThatThrownBy(store::iterator)
          .isInstanceOf(StoreUnavailableException.class)
          .hasCauseInstanceOf(InterruptedException.class);
      assertThatThrownBy(() -> store.get("k", -1, budget))
          .isInstanceOf(StoreUnavailableException.class);
      assertThat(Thread.interrupted()).isTrue();
    });
  }

  /** While "k", whose removal did not reach the server, is being removed there, without an end. */
  private void duringAReplay(Consumer<ResilientStore<String, String>> test) throws Exception {
    ResilientStore<String, String> store = store();
    store.write(Change.put("k", "old", LONG, LONG), budget);
    store.write(Change.put("other", "v", LONG, LONG), budget);
    shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
    store.write(Change.remove("k"), timedOut());
    CountDownLatch replaying = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    shared.beforeNextReply(() -> {
      replaying.countDown();
      awaitQuietly(end);
    });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> replay = threads.submit(timer::runAll);
      awaitQuietly(replaying);
      threads.submit(() -> test.accept(store)).get(30, TimeUnit.SECONDS);
      end.countDown();
      replay.get();
    } finally {
      end.countDown();
      threads.shutdown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ResilientStore<String, String> store() {
    return store(UnaryOperator.identity());
  }

  private ResilientStore<String, String> store(UnaryOperator<String> valueCopies) {
    HeapStore<String, String> heap = new HeapStore<>(new HeapStore.Spec(
        100,
        0,
        () -> false,
        () -> {},
        true,
        new TierCounters(),
        com.github.benmanes.caffeine.cache.Ticker.systemTicker()));
    return new ResilientStore<>(
        shared,
        new ResilientSpec<>(
            Log.of("cache", LogLevel.DEBUG),
            circuit,
            heap,
            100,
            UnaryOperator.identity(),
            valueCopies));
  }
}
