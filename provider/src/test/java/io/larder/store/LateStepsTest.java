package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.store.MemorySharedStore.WriteFault;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A step that came late, for it had waited for something else, says nothing of the server. */
final class LateStepsTest {

  private static final long LATE_MILLIS = 50;
  private static final long WHOLE_MILLIS = 900;

  private final CircuitFixture parts = new CircuitFixture();

  @AfterEach
  void end() {
    parts.close();
  }

  /** The budget of a step, and what it was told. */
  private static final class Step implements Budget {

    private final long nanos;
    private boolean unanswered;

    Step(long millis) {
      nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public long remainingNanos() {
      return nanos;
    }

    @Override
    public void unanswered() {
      unanswered = true;
    }
  }

  private Step failedWrite(long millis) {
    Step step = new Step(millis);
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    parts.store().write(Change.remove("k" + millis), step);
    return step;
  }

  @Test
  void itLeavesTheOthersTheirTime() {
    assertThat(failedWrite(LATE_MILLIS).unanswered).isFalse();
    assertThat(failedWrite(WHOLE_MILLIS).unanswered).isTrue();
  }

  @Test
  void itRaisesNoDoubt() {
    failedWrite(LATE_MILLIS);
    assertThat(parts.circuit.isInDoubt()).isFalse();
    failedWrite(WHOLE_MILLIS);
    assertThat(parts.circuit.isInDoubt()).isTrue();
  }

  /** Nor does what the server itself refuses: it is there. */
  @Test
  void aRefusedChangeRaisesNoDoubtAndEndsNoCall() {
    ResilientStore<String, String> store = parts.store();
    Step step = new Step(WHOLE_MILLIS);
    for (int i = 0; i < 10; i++) {
      parts.shared.beforeNextReply(() -> {
        throw new TakesNoChanges();
      });
      store.write(Change.remove("k" + i), step);
    }
    assertThat(step.unanswered).isFalse();
    assertThat(parts.circuit.isInDoubt()).isFalse();
    assertThat(parts.circuit.isOpen()).isFalse();
    assertThat(parts.circuit.status().journalledKeys()).isEqualTo(10);
  }

  /** What the fallback cannot answer for is thrown, and not left out. */
  @Test
  void aListingWithoutAFallbackThrowsWhatItCannotHave() {
    ResilientStore<String, String> store = parts.store(parts.shared, null);
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    assertThatThrownBy(() -> store.write(Change.remove("k"), Budget.each(0)))
        .isInstanceOf(StoreUnavailableException.class);
    for (CacheException refusal :
        new CacheException[] {new CacheException("no right"), new TakesNoChanges()}) {
      parts.shared.beforeNextReply(() -> {
        throw refusal;
      });
      assertThatThrownBy(store::iterator).isSameAs(refusal);
    }
    assertThat(store.iterator().hasNext()).isFalse();
  }

  private static final class TakesNoChanges extends StoreUnavailableException {

    private static final long serialVersionUID = 1L;

    TakesNoChanges() {
      super("takes no changes", null);
    }

    @Override
    public boolean tellsOfOutage() {
      return false;
    }

    @Override
    public boolean isOfChangesOnly() {
      return true;
    }
  }
}
