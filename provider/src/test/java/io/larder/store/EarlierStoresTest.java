package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.LogLevel;
import io.larder.expiry.Ttl;
import io.larder.log.Log;
import io.larder.stats.TierCounters;
import io.larder.store.MemorySharedStore.WriteFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store of a cache whose closed ones have left writes that may still land for a time. */
final class EarlierStoresTest {

  private static final long LANDS_FOR_MILLIS = 300;
  private static final long MINUTE_MILLIS = 60_000;

  private final CircuitFixture parts = new CircuitFixture();

  @AfterEach
  void end() {
    parts.close();
  }

  private static Change<String, String> put(String key, String value) {
    return Change.put(key, value, CircuitFixture.LONG, CircuitFixture.LONG);
  }

  /** Closes a store of which the connection was lost while that key was being removed. */
  private void leave(String key, long landsForMillis) {
    ResilientStore<String, String> closed = parts.store();
    lose(closed, key, landsForMillis);
    closed.close();
  }

  private void lose(ResilientStore<String, String> store, String key, long landsForMillis) {
    store.write(put(key, "old"), parts.budget);
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    store.write(Change.remove(key), millis(landsForMillis));
  }

  private static Budget millis(long millis) {
    return Budget.each(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private @Nullable String read(ResilientStore<String, String> store, String key) {
    return store.get(key, Ttl.KEEP, parts.budget).value();
  }

  @Test
  void otherKeysAreAskedForAtOnce() {
    leave("k", MINUTE_MILLIS);
    ResilientStore<String, String> store = parts.store();
    assertThat(store.writeShared(put("other", "v"), parts.budget).isShared()).isTrue();
    assertThat(store.get("other", Ttl.KEEP, parts.budget)).isInstanceOf(SharedStored.class);
    assertThat(store.getAll(Set.of("k", "other"), Ttl.KEEP, parts.budget))
        .hasEntrySatisfying("k", found -> assertThat(found.value()).isNull())
        .hasEntrySatisfying("other", found -> assertThat(found.value()).isEqualTo("v"));
    assertThat(parts.circuit.status().journalledKeys()).isEqualTo(1);
  }

  @Test
  void theKeyIsNotAskedForBeforeItIsRemoved() {
    leave("k", LANDS_FOR_MILLIS);
    ResilientStore<String, String> store = parts.store();
    assertThat(store.settled("k")).isFalse();
    assertThat(read(store, "k")).isNull();
    parts.awaitNothingJournalled();
    assertThat(parts.memory.contents()).isEmpty();
    assertThat(store.settled("k")).isTrue();
    assertThat(store.writeShared(put("k", "new"), parts.budget).isShared()).isTrue();
    assertThat(read(store, "k")).isEqualTo("new");
  }

  @Test
  void nothingOfSeveralEarlierStoresIsReadBeforeItIsRemoved() {
    List<String> keys = List.of("k", "l", "m");
    List<ResilientStore<String, String>> closed =
        keys.stream().map(key -> parts.store()).toList();
    for (int i = 0; i < keys.size(); i++) {
      lose(closed.get(i), keys.get(i), MINUTE_MILLIS);
    }
    closed.forEach(ResilientStore::close);
    ResilientStore<String, String> store = parts.store();
    for (String key : keys) {
      assertThat(read(store, key)).isNull();
    }
    assertThat(parts.memory.contents()).containsOnlyKeys("k", "l", "m");
  }

  /** A replay of what was written now, before the end of that, would only drop it. */
  @Test
  void whatIsWrittenMeanwhileIsReadUntilTheKeyIsRemoved() {
    leave("k", MINUTE_MILLIS);
    ResilientStore<String, String> store = parts.store();
    assertThat(store.writeShared(put("k", "new"), parts.budget).isShared()).isFalse();
    parts.timer.runAll();
    assertThat(read(store, "k")).isEqualTo("new");
    assertThat(parts.memory.contents()).containsKey("k");
  }

  @Test
  void withoutAFallbackTheKeyIsWaitedForAndOthersAreNot() {
    leave("k", LANDS_FOR_MILLIS);
    ResilientStore<String, String> store = parts.store(parts.shared, null);
    store.write(put("other", "v"), parts.budget);
    assertThat(read(store, "k")).isNull();
    assertThat(parts.memory.contents()).containsOnlyKeys("other");
    leave("k", MINUTE_MILLIS);
    ResilientStore<String, String> next = parts.store(parts.shared, null);
    assertThat(read(next, "other")).isEqualTo("v");
    assertThatThrownBy(() -> read(next, "k")).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void aListingWithoutAFallbackWaits() {
    leave("k", LANDS_FOR_MILLIS);
    ResilientStore<String, String> store = parts.store(parts.shared, null);
    store.write(put("other", "v"), parts.budget);
    assertThat(listed(store)).containsExactly("other");
    leave("k", MINUTE_MILLIS);
    ResilientStore<String, String> next = parts.store(parts.shared, null);
    assertThatThrownBy(next::iterator).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void aListingWithAFallbackIsWhole() {
    leave("k", MINUTE_MILLIS);
    ResilientStore<String, String> store = parts.store();
    store.write(put("other", "v"), parts.budget);
    assertThat(listed(store)).containsExactly("other");
    store.write(put("k", "new"), parts.budget);
    assertThat(listed(store)).containsExactlyInAnyOrder("k", "other");
    assertThat(Partial.is(store.iterator())).isFalse();
  }

  /** A cache's name is free a moment before its store is closed. */
  @Test
  void aStoreThatIsAboutToBeClosedCountsAsWell() {
    ResilientStore<String, String> closing = parts.store();
    ResilientStore<String, String> store = parts.store();
    lose(closing, "k", MINUTE_MILLIS);
    closing.close();
    assertThat(read(store, "k")).isNull();
    assertThat(parts.memory.contents()).containsOnlyKeys("k");
  }

  /** As a call that hangs while its cache is closed and made again, and fails then. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAClosedStoreJournalsLateIsMindedAtOnce(boolean madeBeforeTheEnd) {
    ResilientStore<String, String> closed = parts.store();
    closed.write(put("k", "old"), parts.budget);
    ResilientStore<String, String> early = parts.store();
    closed.close();
    ResilientStore<String, String> store = madeBeforeTheEnd ? early : parts.store();
    assertThat(read(store, "k")).as("nothing is journalled yet").isEqualTo("old");
    loseRemoval(closed);
    assertThat(store.settled("k")).isFalse();
    assertThat(read(store, "k")).isNull();
    assertThat(parts.memory.contents()).as("not replayed yet").containsKey("k");
  }

  @Test
  void whatIsNearIsNotReadAfterALateMark() {
    ResilientStore<String, String> closed = parts.store();
    closed.write(put("k", "old"), parts.budget);
    closed.close();
    try (NearStore<String, String> near = new NearStore<>(
        parts.store(),
        NearSpec.of(100, parts.timer, new TierCounters(), Log.of("near", LogLevel.DEBUG)),
        parts.clock)) {
      assertThat(near.get("k", Ttl.KEEP, parts.budget).value()).isEqualTo("old");
      assertThat(near.nearSize()).isEqualTo(1);
      loseRemoval(closed);
      assertThat(near.get("k", Ttl.KEEP, parts.budget).value()).isNull();
    }
  }

  private void loseRemoval(ResilientStore<String, String> closed) {
    parts.shared.failNextWrite(WriteFault.BEFORE_EFFECT);
    closed.write(Change.remove("k"), millis(MINUTE_MILLIS));
  }

  private static List<String> listed(ResilientStore<String, String> store) {
    List<String> keys = new ArrayList<>();
    store.iterator().forEachRemaining(entry -> keys.add(entry.getKey()));
    return keys;
  }
}
