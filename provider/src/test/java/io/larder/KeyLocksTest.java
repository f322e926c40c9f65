package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.store.Budget;
import io.larder.store.LockTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KeyLocksTest {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final Budget SHORT = Budget.each(TimeUnit.MILLISECONDS.toNanos(20));

  @Test
  void whoeverComesTooLateFails() {
    KeyLocks locks = new KeyLocks("things", TimeUnit.MILLISECONDS.toNanos(20), () -> false);
    try (KeyLocks.Held held = locks.lock("k", SHORT)) {
      assertThatThrownBy(() -> inAnotherThread(locks))
          .hasRootCauseInstanceOf(LockTimeoutException.class);
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
