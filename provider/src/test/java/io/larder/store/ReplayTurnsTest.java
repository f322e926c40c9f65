package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LogLevel;
import io.larder.expiry.Ttl;
import io.larder.log.Log;
import io.larder.store.MemorySharedStore.WriteFault;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that meet a replay of several pages, and one whose pages are answered when a test says. */
final class ReplayTurnsTest {

  private static final int KEYS = 2500; // three pages
  private static final String LAST = "k" + (KEYS - 1);

  private final CircuitFixture parts = new CircuitFixture();
  private final ResilientStore<String, String> store =
      new ResilientStore<>(parts.shared, parts.spec(CircuitFixture.heap(), 2 * KEYS));
  private final Semaphore waiting = new Semaphore(0);
  private final Semaphore replies = new Semaphore(0);
  private volatile Thread held;

  /** Removals of all keys did not reach the server, which still has them. */
  @BeforeEach
  void begin() {
    store.write(put("other", "v"), parts.budget);
    store.write(put("k0", "old"), parts.budget);
    store.write(put(LAST, "old"), parts.budget);
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    store.writeAll(
        IntStream.range(0, KEYS)
            .mapToObj(i -> Change.<String, String>remove("k" + i))
            .toList(),
        Budget.each(0));
    assertThat(parts.circuit.status().journalledKeys()).isEqualTo(KEYS);
    parts.shared.beforeEachReply(() -> {
      if (Thread.currentThread() == held) {
        waiting.release();
        acquire(replies);
      }
    });
  }

  @AfterEach
  void end() {
    replies.release(KEYS);
    parts.close();
  }

  private static Change<String, String> put(String key, String value) {
    return Change.put(key, value, CircuitFixture.LONG, CircuitFixture.LONG);
  }

  @Test
  void aCallHasItsTurnBeforeTheNextPage() throws Exception {
    FutureTask<?> replay = hold(this::tick);
    Call call = new Call(Budget.startingNow(TimeUnit.SECONDS.toNanos(20)), LAST, "other");
    call.awaitQueued();
    replies.release();
    acquire(waiting); // at the second page
    Map<String, Stored<String>> found = call.answer();
    assertThat(found.get("other")).isInstanceOf(SharedStored.class);
    assertThat(found.get(LAST)).as("removed, and asked for").isInstanceOf(SharedStored.class);
    assertThat(found.get(LAST).value()).isNull();
    assertThat(store.writeShared(put(LAST, "new"), parts.budget).isShared()).isTrue();
    replies.release(KEYS);
    replay.get(60, TimeUnit.SECONDS);
    assertThat(parts.circuit.status().journalledKeys()).isZero();
    assertThat(parts.memory.contents()).containsOnlyKeys("other", LAST);
  }

  @Test
  void aCallWaitsForAPageAndCanStillAskForItsOtherKeys() throws Exception {
    hold(this::tick);
    Call call = new Call(Budget.startingNow(TimeUnit.SECONDS.toNanos(6)), "k0", "other");
    Map<String, Stored<String>> found = call.answer();
    assertThat(found.get("other")).isInstanceOf(SharedStored.class);
    assertThat(found.get("other").value()).isEqualTo("v");
    assertThat(found.get("k0")).as("the fallback's").isNotInstanceOf(SharedStored.class);
    assertThat(found.get("k0").value()).isNull();
    assertThat(parts.memory.contents()).containsKey(LAST);
  }

  /** A call that was let through before the circuit opened keeps the replay from its work. */
  @Test
  void theCircuitDoesNotCloseOnAReplayThatHadNoTurn() throws Exception {
    FutureTask<?> call = hold(() -> store.get("k0", Ttl.KEEP, parts.budget));
    parts.circuit.open(
        new StoreUnavailableException("away", null), Log.of("circuit", LogLevel.DEBUG));
    parts.timer.runAll();
    assertThat(parts.circuit.isOpen()).isTrue();
    assertThat(parts.circuit.status().journalledKeys()).isEqualTo(KEYS);
    replies.release(KEYS);
    call.get(60, TimeUnit.SECONDS);
    parts.timer.runAll();
    assertThat(parts.circuit.isOpen()).isFalse();
    assertThat(parts.circuit.status().journalledKeys()).isZero();
  }

  private Object tick() {
    parts.timer.runAll();
    return "done";
  }

  /** Begins what replays, and returns when it waits for its first reply. */
  private FutureTask<?> hold(Callable<?> work) {
    FutureTask<?> task = new FutureTask<>(work);
    held = new Thread(task, "held");
    held.start();
    acquire(waiting);
    return task;
  }

  private static void acquire(Semaphore semaphore) {
    try {
      assertThat(semaphore.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A call on many keys, in a thread of its own. */
  private final class Call {

    private final FutureTask<Map<String, Stored<String>>> task;
    private final Thread thread;

    Call(Budget budget, String... keys) {
      task = new FutureTask<>(() -> store.getAll(Set.of(keys), Ttl.KEEP, budget));
      thread = new Thread(task, "call");
      thread.start();
    }

    void awaitQueued() {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        assertThat(System.nanoTime() - end).as("waited in vain").isNegative();
        LockSupport.parkNanos(1_000_000);
      }
    }

    Map<String, Stored<String>> answer() throws Exception {
      return task.get(60, TimeUnit.SECONDS);
    }
  }
}
