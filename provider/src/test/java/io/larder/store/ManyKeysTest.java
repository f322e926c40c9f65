package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.LogLevel;
import io.larder.expiry.Ttl;
import io.larder.log.Log;
import io.larder.store.MemorySharedStore.WriteFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Calls on many keys, one of which stands apart: it goes to the fallback, and the others do not.
 */
final class ManyKeysTest {

  private static final String APART = "apart";
  private static final StoreUnavailableException AWAY = new StoreUnavailableException("away", null);
  private static final Budget MINUTE = Budget.each(TimeUnit.MINUTES.toNanos(1));

  private final CircuitFixture parts = new CircuitFixture();
  private final ResilientStore<String, String> store = parts.store();

  @BeforeEach
  void begin() {
    for (String key : List.of(APART, "a", "b")) {
      store.write(put(key, "old"), parts.budget);
    }
  }

  @AfterEach
  void end() {
    parts.close();
  }

  private static Change<String, String> put(String key, String value) {
    return Change.put(key, value, CircuitFixture.LONG, CircuitFixture.LONG);
  }

  /** Its connection was lost, so that it may still land until the minute is over. */
  private void loseAWrite(ResilientStore<String, String> over) {
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    over.write(put(APART, "written apart"), MINUTE);
    assertThat(parts.circuit.status().journalledKeys()).isEqualTo(1);
  }

  private Map<String, String> read(String... keys) {
    Map<String, String> values = new LinkedHashMap<>();
    store
        .getAll(Set.of(keys), Ttl.KEEP, parts.budget)
        .forEach((key, stored) -> values.put(key, stored.value()));
    return values;
  }

  private Map<String, String> inRedis() {
    Map<String, String> values = new LinkedHashMap<>();
    parts.memory.contents().forEach((key, stored) -> values.put(key, stored.value()));
    return values;
  }

  @Test
  void aReadAsksForTheOthers() {
    loseAWrite(store);
    assertThat(read(APART, "a", "none"))
        .hasSize(3)
        .containsEntry(APART, "written apart")
        .containsEntry("a", "old")
        .containsEntry("none", null);
    Map<String, Stored<String>> found = store.getAll(Set.of(APART, "a"), Ttl.KEEP, parts.budget);
    assertThat(found.get(APART)).isNotInstanceOf(SharedStored.class);
    assertThat(found.get("a")).isInstanceOf(SharedStored.class);
  }

  /** Another process' later write of it is not seen before the removal, or it could come back. */
  @Test
  void aReadDoesNotAskForTheOneThatStandsApart() {
    loseAWrite(store);
    parts.shared.write(put(APART, "another's"), parts.budget);
    assertThat(read(APART, "a")).containsEntry(APART, "written apart").containsEntry("a", "old");
    store.write(Change.remove(APART), parts.budget);
    assertThat(read(APART, "a")).containsEntry(APART, null).containsEntry("a", "old");
  }

  @Test
  void aWriteMakesTheOthersInTheSharedStoreInTheirOrder() {
    loseAWrite(store);
    List<SharedWrite> written = store.writeAllShared(
        List.of(put("new", "1"), put(APART, "2"), Change.remove("a"), put("b", "3")), parts.budget);
    assertThat(written)
        .extracting(SharedWrite::outcome)
        .containsExactly(Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED, Outcome.UPDATED);
    assertThat(written).extracting(SharedWrite::isShared).containsExactly(true, false, true, true);
    assertThat(inRedis())
        .containsOnly(Map.entry("new", "1"), Map.entry(APART, "old"), Map.entry("b", "3"));
    assertThat(parts.circuit.status().journalledKeys()).isEqualTo(1);
    assertThat(read(APART, "new")).containsEntry(APART, "2").containsEntry("new", "1");
  }

  /** In Redis it is what it was, for all that is known. */
  @Test
  void aChangeDecidedOnTheSharedEntryBeforeIsRefusedAndTheOthersAreMade() {
    Map<String, Stored<String>> seen = store.getAll(Set.of(APART, "a"), Ttl.KEEP, parts.budget);
    loseAWrite(store);
    List<Outcome> outcomes = store.writeAll(
        List.of(
            Change.replace(APART, seen.get(APART), "late", CircuitFixture.LONG),
            Change.replace("a", seen.get("a"), "new", CircuitFixture.LONG)),
        parts.budget);
    assertThat(outcomes).containsExactly(Outcome.REFUSED, Outcome.UPDATED);
    assertThat(read(APART, "a")).containsEntry(APART, "written apart").containsEntry("a", "new");
  }

  /** What was decided on an answer of the fallback goes there, each change by itself. */
  @Test
  void eachChangeGoesWhereItsPriorCameFrom() {
    loseAWrite(store);
    Map<String, Stored<String>> seen = store.getAll(Set.of(APART, "a"), Ttl.KEEP, parts.budget);
    List<SharedWrite> written = store.writeAllShared(
        List.of(
            Change.replace("a", seen.get("a"), "new", CircuitFixture.LONG),
            Change.replace(APART, seen.get(APART), "newer", CircuitFixture.LONG)),
        parts.budget);
    assertThat(written).extracting(SharedWrite::isShared).containsExactly(true, false);
    assertThat(written)
        .extracting(SharedWrite::outcome)
        .containsExactly(Outcome.UPDATED, Outcome.UPDATED);
    assertThat(inRedis()).containsEntry("a", "new").containsEntry(APART, "old");
    assertThat(read(APART, "a")).containsEntry(APART, "newer").containsEntry("a", "new");
  }

  /** Then all are answered by the fallback, and all are journalled. */
  @Test
  void othersThatAreNotAnsweredGoToTheFallbackToo() {
    loseAWrite(store);
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    List<SharedWrite> written =
        store.writeAllShared(List.of(put("a", "1"), put(APART, "2"), Change.remove("b")), MINUTE);
    assertThat(written).extracting(SharedWrite::isShared).containsOnly(false);
    assertThat(parts.circuit.status().journalledKeys()).isEqualTo(3);
    assertThat(read("a", "b", APART))
        .containsEntry("a", "1")
        .containsEntry("b", null)
        .containsEntry(APART, "2");
  }

  /** What the server refuses of one key, it does not refuse of the others. */
  @Test
  void aReadAsksForTheOthersWhereTheRemovalIsRefused() {
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    store.write(Change.remove(APART), Budget.each(0));
    for (CacheException refusal : List.of(new CacheException("no right"), new ReadOnly())) {
      parts.shared.beforeNextReply(() -> {
        throw refusal;
      });
      assertThat(read(APART, "a")).containsEntry(APART, null).containsEntry("a", "old");
      assertThat(parts.circuit.status().journalledKeys()).isEqualTo(1);
    }
  }

  private static final class ReadOnly extends StoreUnavailableException {

    private static final long serialVersionUID = 1L;

    ReadOnly() {
      super("read-only", null);
    }

    @Override
    public boolean refusesChanges() {
      return true;
    }
  }

  /** A server that does not answer is not asked twice. */
  @Test
  void nothingIsAskedForWhereTheRemovalIsNotAnswered() {
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    store.write(Change.remove(APART), Budget.each(0));
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    int trips = parts.shared.trips;
    assertThat(read(APART, "a")).containsEntry("a", null).containsEntry(APART, null);
    assertThat(parts.shared.trips).isEqualTo(trips + 1);
  }

  /** What is due is removed first, and the call goes on with all of them. */
  @Test
  void whatIsDueIsRemovedThoughAnotherHasToWait() {
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    store.write(put("b", "due"), Budget.each(0));
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    store.write(put(APART, "written apart"), MINUTE);
    assertThat(read(APART, "a", "b"))
        .containsEntry(APART, "written apart")
        .containsEntry("a", "old")
        .containsEntry("b", null);
    assertThat(inRedis()).containsOnlyKeys("a", APART);
    assertThat(parts.circuit.status().journalledKeys()).isEqualTo(1);
  }

  @Test
  void withoutAFallbackTheCallThrowsAndNothingIsSent() {
    ResilientStore<String, String> throwing = parts.store(parts.shared, null);
    assertThatThrownBy(() -> loseAWrite(throwing)).isInstanceOf(StoreUnavailableException.class);
    int trips = parts.shared.trips;
    assertThatThrownBy(() -> throwing.getAll(Set.of(APART, "a"), Ttl.KEEP, parts.budget))
        .isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(
            () -> throwing.writeAll(List.of(put("a", "1"), put(APART, "2")), parts.budget))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(parts.shared.trips).isEqualTo(trips);
    assertThat(inRedis()).containsEntry("a", "old");
    assertThat(throwing.getAll(Set.of("a", "b"), Ttl.KEEP, parts.budget)).hasSize(2);
    assertThat(throwing.writeAll(List.of(put("a", "1"), put("b", "2")), parts.budget))
        .containsExactly(Outcome.UPDATED, Outcome.UPDATED);
  }

  @Test
  void aCallOnNoKeysAsksNobodyAndSaysNothingOfTheServer() {
    for (int i = 0; i < 2; i++) {
      parts.circuit.failed(AWAY, CircuitFixture.call(CircuitFixture.TIMEOUT_NANOS));
    }
    int trips = parts.shared.trips;
    assertThat(store.getAll(Set.of(), Ttl.KEEP, parts.budget)).isEmpty();
    assertThat(store.writeAllShared(List.of(), parts.budget)).isEmpty();
    assertThat(parts.shared.trips).isEqualTo(trips);
    parts.circuit.failed(AWAY, CircuitFixture.call(CircuitFixture.TIMEOUT_NANOS));
    assertThat(parts.circuit.isOpen()).isTrue();
    assertThat(store.getAll(Set.of(), Ttl.KEEP, parts.budget)).isEmpty();
    assertThat(parts.shared.trips).isEqualTo(trips);
  }

  /** What came between the decision and this write is gone from the journal, but was seen. */
  @Test
  void aDecisionIsRefusedThoughTheKeyIsStruckOffWhileItIsDiverted() {
    AtomicReference<Runnable> beforeMark = new AtomicReference<>(() -> {});
    ResilientStore<String, String> hooked = new ResilientStore<>(
        parts.shared,
        new ResilientSpec<>(
            Log.of("hooked", LogLevel.DEBUG),
            parts.circuit,
            CircuitFixture.heap(),
            100,
            key -> {
              beforeMark.getAndSet(() -> {}).run();
              return key;
            },
            UnaryOperator.identity()));
    for (boolean many : new boolean[] {false, true}) {
      hooked.write(put("k", "seen"), parts.budget);
      Stored<String> seen = hooked.get("k", Ttl.KEEP, parts.budget);
      assertThat(seen).isInstanceOf(SharedStored.class);
      parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
      hooked.write(put("k", "later"), Budget.each(TimeUnit.MILLISECONDS.toNanos(200)));
      beforeMark.set(parts::awaitNothingJournalled);
      Change<String, String> decided = Change.remove("k", seen);
      Outcome outcome = many
          ? hooked.writeAll(List.of(decided), parts.budget).get(0)
          : hooked.write(decided, parts.budget);
      assertThat(outcome).isEqualTo(Outcome.REFUSED);
    }
  }
}
