package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.store.Budget;
import io.larder.store.LockTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class KeyLocksTest {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final Budget SHORT = Budget.each(TimeUnit.MILLISECONDS.toNanos(20));

  @Test
  void whoeverComesTooLateFails() {
    KeyLocks locks = new KeyLocks("things", PATIENCE_NANOS, () -> false);
    try (KeyLocks.Held held = locks.lock("k", SHORT)) {
      assertThatThrownBy(() -> inAnotherThread(locks))
          .hasRootCauseInstanceOf(LockTimeoutException.class);
    }
    inAnotherThread(locks);
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

  private static void inAnotherThread(KeyLocks locks) {
    CompletableFuture.runAsync(() -> inThisThread(locks)).join();
  }

  private static void inThisThread(KeyLocks locks) {
    locks.lock("k", SHORT).close();
  }
}
