package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.larder.expiry.Ttl;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that come while "k" is being removed in the shared store, which has no end. */
final class ReplayWaitTest {

  private final CircuitFixture parts = new CircuitFixture();
  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private final CountDownLatch end = new CountDownLatch(1);
  private Future<?> replay;

  /** The budget of a call of many steps. */
  private static final class Steps implements Budget {

    private final Budget step;
    private int unanswered;

    Steps(long millis) {
      step = Budget.startingNow(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Override
    public long remainingNanos() {
      return step.remainingNanos();
    }

    @Override
    public void unanswered() {
      unanswered++;
    }
  }

  private ResilientStore<String, String> replaying(ResilientStore<String, String> store) {
    parts.shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
    var unused = catchThrowable(() -> store.write(Change.remove("k"), Budget.each(1)));
    assertThat(parts.circuit.status().journalledKeys()).isEqualTo(1);
    CountDownLatch replaying = new CountDownLatch(1);
    parts.shared.beforeNextReply(() -> {
      replaying.countDown();
      awaitQuietly(end);
    });
    replay = threads.submit(parts.timer::runAll);
    awaitQuietly(replaying);
    return store;
  }

  @AfterEach
  void stop() throws Exception {
    end.countDown();
    replay.get();
    threads.shutdown();
    parts.close();
  }

  @Test
  void aStepThatWaitsForItInVainIsTheLastOfItsCall() {
    ResilientStore<String, String> store = replaying(parts.store());
    Steps budget = new Steps(900);
    assertThat(store.get("k", Ttl.KEEP, budget).value()).isNull();
    assertThat(budget.remainingNanos()).isLessThan(TimeUnit.MILLISECONDS.toNanos(450));
    assertThat(budget.unanswered).isEqualTo(1);
  }

  @Test
  void aStepThatCameLateLeavesTheOthersTheirTime() {
    ResilientStore<String, String> store = replaying(parts.store());
    Steps budget = new Steps(20);
    assertThat(store.get("k", Ttl.KEEP, budget).value()).isNull();
    assertThat(budget.unanswered).isZero();
  }

  @Test
  void aListingHasWhatTheFallbackAnswers() {
    ResilientStore<String, String> store = replaying(parts.store());
    assertThat(store.iterator().hasNext()).isFalse();
  }

  /** Without a fallback nothing answers for "k". */
  @Test
  void aListingWithoutAFallbackThrows() {
    ResilientStore<String, String> store = replaying(parts.store(parts.shared, null));
    assertThatThrownBy(store::iterator)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("cache: what changed without Redis is still being removed there");
  }

  @Test
  void aStepOnOtherKeysDoesNotWait() {
    ResilientStore<String, String> store = replaying(parts.store());
    Steps budget = new Steps(10_000);
    store.write(Change.put("other", "v", CircuitFixture.LONG, CircuitFixture.LONG), budget);
    assertThat(store.get("other", Ttl.KEEP, budget).value()).isEqualTo("v");
    assertThat(budget.unanswered).isZero();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
