package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.expiry.Ttl;
import io.larder.testing.LogLines;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of a server that does part of its work only. */
final class CircuitNewsTest {

  private final CircuitFixture parts = new CircuitFixture();

  @AfterEach
  void end() {
    parts.close();
  }

  /** Reads are answered in between, so it stays closed; the fallback takes the changes. */
  @Test
  void changesThatFailAgainAndAgainAreToldOnce() {
    ResilientStore<String, String> store = parts.store();
    try (LogLines log = LogLines.listen()) {
      parts.shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
      store.write(Change.remove("k"), Budget.each(1));
      for (int replay = 1; replay <= 5; replay++) {
        parts.circuit.succeeded();
        parts.shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
        parts.timer.runAll();
        assertThat(log.with("the server takes no changes; ")).hasSize(replay < 3 ? 0 : 1);
      }
    }
    assertThat(parts.circuit.isOpen()).isFalse();
    parts.timer.runAll();
    assertThat(parts.circuit.status().journalledKeys()).isZero();
  }

  /** As a Redis that was made read-only refuses changes. */
  private static final class Refusal extends StoreUnavailableException {

    private static final long serialVersionUID = 1L;

    Refusal() {
      super("read-only, as the test asked", null);
    }

    @Override
    public boolean refusesChanges() {
      return true;
    }
  }

  private void refuse(AtomicInteger refused) {
    parts.shared.beforeNextReply(() -> {
      refused.incrementAndGet();
      refuse(refused);
      throw new Refusal();
    });
  }

  /** However seldom reads are answered in between: they are once in 1.5 s here. */
  @Test
  void aReplayThatIsRefusedIsTriedAgainEachSecond() {
    AtomicInteger refused = new AtomicInteger();
    ResilientStore<String, String> store = parts.store();
    refuse(refused);
    store.write(Change.remove("k"), Budget.each(1));
    assertThat(refused.getAndSet(0)).isEqualTo(1);
    for (int i = 0; i < 4; i++) {
      parts.circuit.succeeded();
      parts.timer.pass(1_500);
    }
    assertThat(refused).hasValueBetween(4, 7);
    assertThat(parts.circuit.isOpen()).isFalse();
  }

  /** For more than two seconds, and another one during each replay. */
  @Test
  void aReplayIsTriedAgainEachSecondHoweverManyChangesAreRefused() {
    AtomicInteger replays = new AtomicInteger();
    ResilientStore<String, String> store = parts.store();
    for (int i = 0; i < 90; i++) {
      parts.circuit.succeeded();
      parts.shared.beforeNextReply(CircuitNewsTest::refuse);
      store.write(Change.remove("k" + i), Budget.each(1));
      parts.shared.beforeNextReply(() -> {
        parts.shared.beforeNextReply(CircuitNewsTest::refuse);
        store.write(Change.remove("another" + replays.incrementAndGet()), Budget.each(1));
        refuse();
      });
      parts.timer.pass(25);
    }
    assertThat(replays).hasValueBetween(2, 4);
    assertThat(parts.circuit.isOpen()).isFalse();
  }

  private static void refuse() {
    throw new Refusal();
  }

  /** A call on the key had it removed, not the replay that had been refused. */
  @Test
  void theEndOfARefusedReplayIsToldWhoeverBringsIt() {
    ResilientStore<String, String> store = parts.store();
    try (LogLines log = LogLines.listen()) {
      parts.shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
      store.write(Change.remove("k"), Budget.each(1));
      parts.shared.beforeNextReply(() -> {
        throw new CacheException("no right");
      });
      parts.timer.runAll();
      assertThat(log.with("WARN").toString()).contains("cache: Redis refuses to remove");
      assertThat(store.get("k", Ttl.KEEP, parts.budget).value()).isNull();
      assertThat(parts.circuit.status().journalledKeys()).isZero();
      assertThat(log.with("cache: what changed without Redis is removed there now"))
          .isEmpty();
      parts.timer.runAll();
      parts.timer.runAll();
      assertThat(log.with("cache: what changed without Redis is removed there now"))
          .hasSize(1);
    }
  }
}
