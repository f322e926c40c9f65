package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LogLevel;
import io.larder.expiry.Ttl;
import io.larder.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that were begun while the server was away, and fail after it is back. */
final class LateFailuresTest {

  private static final StoreUnavailableException AWAY = new StoreUnavailableException("away", null);
  private static final int MORE_THAN_OPEN_IT = 5;

  private final CircuitFixture parts = new CircuitFixture();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdown();
    parts.close();
  }

  private static Allowance call() {
    return CircuitFixture.call(CircuitFixture.TIMEOUT_NANOS);
  }

  private void failAndComeBack() {
    parts.circuit.open(AWAY, Log.of("circuit", LogLevel.DEBUG));
    parts.timer.runAll();
    assertThat(parts.circuit.isOpen()).isFalse();
  }

  @Test
  void theyDoNotOpenTheCircuitAgain() {
    Allowance before = call();
    failAndComeBack();
    for (int i = 0; i < MORE_THAN_OPEN_IT; i++) {
      parts.circuit.failed(AWAY, before);
    }
    assertThat(parts.circuit.isOpen()).isFalse();
    assertThat(parts.circuit.isInDoubt()).as("others may have waited for them").isTrue();
  }

  @Test
  void theyAreNotCountedAmongThoseBegunLater() {
    Allowance before = call();
    failAndComeBack();
    parts.circuit.failed(AWAY, call());
    parts.circuit.failed(AWAY, call());
    parts.circuit.failed(AWAY, before);
    assertThat(parts.circuit.isOpen()).isFalse();
    parts.circuit.failed(AWAY, call());
    assertThat(parts.circuit.isOpen()).isTrue();
  }

  /** Reads and writes that hang since before, each of which ends after the circuit has closed. */
  @Test
  void whatTheyLeaveIsJournalledAndReplayedAllTheSame() throws Exception {
    ResilientStore<String, String> store = parts.store();
    List<Future<?>> calls = new ArrayList<>();
    CountDownLatch back = new CountDownLatch(1);
    for (int i = 0; i < MORE_THAN_OPEN_IT; i++) {
      String key = "k" + i;
      calls.add(hanging(back, budget -> store.write(Change.remove(key), budget)));
      calls.add(hanging(back, budget -> store.get(key + " read", Ttl.KEEP, budget)));
    }
    failAndComeBack();
    for (int i = 0; i < MORE_THAN_OPEN_IT; i++) {
      parts.shared.write(
          Change.put("k" + i, "old", CircuitFixture.LONG, CircuitFixture.LONG), parts.budget);
    }
    back.countDown();
    for (Future<?> call : calls) {
      call.get(60, TimeUnit.SECONDS);
    }
    assertThat(parts.circuit.isOpen()).isFalse();
    assertThat(parts.circuit.status().journalledKeys()).isEqualTo(MORE_THAN_OPEN_IT);
    parts.awaitNothingJournalled();
    assertThat(parts.memory.contents()).isEmpty();
  }

  /** Begins a call, which the server leaves without an answer until then. */
  private Future<?> hanging(CountDownLatch end, Consumer<Budget> call) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    parts.shared.beforeNextReply(() -> {
      begun.countDown();
      await(end);
      throw AWAY;
    });
    Budget budget = Budget.each(CircuitFixture.TIMEOUT_NANOS);
    Future<?> running = threads.submit(() -> call.accept(budget));
    await(begun);
    return running;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
