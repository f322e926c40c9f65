package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.larder.store.Budget;
import io.larder.store.LockTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyLocksTest {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final Budget LONG = Budget.each(PATIENCE_NANOS);
  private static final Budget SHORT = Budget.each(TimeUnit.MILLISECONDS.toNanos(20));

  @Test
  void whoeverComesTooLateFails() {
    KeyLocks locks = new KeyLocks("things", TimeUnit.MILLISECONDS.toNanos(20), () -> false);
    OperationBudget budget = new OperationBudget(TimeUnit.MILLISECONDS.toNanos(20));
    try (KeyLocks.Held held = locks.lock("k", budget)) {
      Throwable refused = budget.notCounting(() -> catchThrowable(() -> inAnotherThread(locks)));
      assertThat(refused).hasRootCauseInstanceOf(LockTimeoutException.class);
    }
    inAnotherThread(locks);
  }

  /** They are about to tell that they waited for the server in vain. */
  @Test
  void thoseAheadMayBeLate() {
    KeyLocks locks = new KeyLocks("things", PATIENCE_NANOS, () -> false);
    CompletableFuture<Void> other;
    try (KeyLocks.Held held = locks.lock("k", SHORT)) {
      other = CompletableFuture.runAsync(() -> inThisThread(locks));
      assertThatThrownBy(() -> other.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }
    other.join();
    assertThat(other).isCompleted();
  }

  /** Those ahead waited for the server until their own time was over, which is just over. */
  @Test
  void whileTheServerIsAwayThoseAheadAreWaitedFor() {
    KeyLocks locks = new KeyLocks("things", PATIENCE_NANOS, () -> true);
    CompletableFuture<Void> other;
    try (KeyLocks.Held held = locks.lock("k", SHORT)) {
      other = CompletableFuture.runAsync(() -> inThisThread(locks));
      assertThatThrownBy(() -> other.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }
    other.join();
    assertThat(other).isCompleted();
  }

  /** It began later than who waits for it, or is late: it has not told yet what it waits for. */
  @Test
  void whoeverHoldsItWithoutTheApplicationsCodeIsWaitedFor() {
    long timeout = TimeUnit.SECONDS.toNanos(6);
    KeyLocks locks = new KeyLocks("things", timeout, () -> false);
    CompletableFuture<Void> other;
    try (KeyLocks.Held held = locks.lock("k", new OperationBudget(timeout))) {
      other = CompletableFuture.runAsync(() -> inThisThread(locks));
      assertThatThrownBy(() -> other.get(2500, TimeUnit.MILLISECONDS))
          .as("a quarter of the timeout is over, and all of it is not")
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }
    other.join();
    assertThat(other).isCompleted();
  }

  /**
   * On a machine that stands still for longer than a short timeout, or loads code all that time.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoeverIsHeldUpForLongerThanTheTimeoutIsWaitedFor(boolean away) {
    long timeout = TimeUnit.MILLISECONDS.toNanos(200);
    KeyLocks locks = new KeyLocks("things", timeout, () -> away);
    CompletableFuture<Void> other;
    try (KeyLocks.Held held = locks.lock("k", new OperationBudget(timeout))) {
      other = CompletableFuture.runAsync(() -> inThisThread(locks));
      assertThatThrownBy(() -> other.get(900, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }
    other.join();
    assertThat(other).isCompleted();
  }

  @Test
  void theApplicationsCodeIsNotWaitedForSoLong() {
    long timeout = TimeUnit.SECONDS.toNanos(8);
    KeyLocks locks = new KeyLocks("things", timeout, () -> false);
    OperationBudget budget = new OperationBudget(timeout);
    try (KeyLocks.Held held = locks.lock("k", budget)) {
      locks.lock("k", SHORT).close(); // as by a processor that uses its own key
      CompletableFuture<Void> other = budget.notCounting(() -> {
        CompletableFuture<Void> begun = CompletableFuture.runAsync(() -> inThisThread(locks));
        assertThatThrownBy(() -> begun.get(7, TimeUnit.SECONDS))
            .as("a quarter of the timeout is over, and all of it is not")
            .hasCauseInstanceOf(LockTimeoutException.class);
        return begun;
      });
      assertThat(other).isCompletedExceptionally();
      assertThat(budget.isPaused()).isFalse();
    }
  }

  /** Who has failed begins its next call at once, long before the other one has woken up. */
  @Test
  void whileTheServerIsAwayWhoWaitsHasItsTurn() throws Exception {
    KeyLocks locks = new KeyLocks("things", PATIENCE_NANOS, () -> true);
    for (int round = 0; round < 20; round++) {
      AtomicBoolean hadItsTurn = new AtomicBoolean();
      KeyLocks.Held first = locks.lock("k", SHORT);
      Thread other = new Thread(() -> {
        try (KeyLocks.Held held = locks.lock("k", LONG)) {
          hadItsTurn.set(true);
        }
      });
      other.start();
      while (other.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      first.close();
      try (KeyLocks.Held second = locks.lock("k", LONG)) {
        assertThat(hadItsTurn).isTrue();
      }
      other.join();
    }
  }

  /** Each is let go just before it would be given up; together that takes many timeouts. */
  @Test
  void thoseAheadAreWaitedForOnceForAllKeys() throws Exception {
    long timeout = TimeUnit.MILLISECONDS.toNanos(500);
    KeyLocks locks = new KeyLocks("things", timeout, () -> true);
    List<Integer> keys = IntStream.range(0, 20).boxed().toList();
    List<KeyLocks.Held> held = new ArrayList<>();
    keys.forEach(key -> held.add(locks.lock(key, SHORT)));
    CompletableFuture<Void> refused = CompletableFuture.runAsync(
        () -> {
          assertThatThrownBy(() -> locks.lockAll(keys, new OperationBudget(timeout)))
              .isInstanceOf(LockTimeoutException.class);
        },
        task -> new Thread(task).start());
    for (KeyLocks.Held each : held) {
      pass(held.indexOf(each) == 0 ? 700 : 300, refused);
      each.close();
    }
    refused.get();
  }

  /** Returns after so long, or when it is done. */
  private static void pass(long millis, CompletableFuture<?> until) throws Exception {
    try {
      until.get(millis, TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      return; // not done yet, or just now
    }
  }

  private static void inAnotherThread(KeyLocks locks) {
    CompletableFuture.runAsync(() -> inThisThread(locks)).join();
  }

  private static void inThisThread(KeyLocks locks) {
    locks.lock("k", SHORT).close();
  }
}
