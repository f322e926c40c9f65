package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An iteration during which keys go over to the fallback, or back. */
final class ChangingSidesTest {

  private static final List<String> KEYS =
      IntStream.range(0, 20).mapToObj(i -> "k" + i).toList();

  /** In the heap's table it comes before the others. */
  private static final String APART = "p";

  private final CircuitFixture parts = new CircuitFixture();
  private final ResilientStore<String, String> store = parts.store();

  @BeforeEach
  void begin() {
    KEYS.forEach(key -> put(key, "shared"));
    putApart(APART);
  }

  @AfterEach
  void end() {
    parts.close();
  }

  private void put(String key, String value) {
    store.write(Change.put(key, value, CircuitFixture.LONG, CircuitFixture.LONG), parts.budget);
  }

  /** The write does not reach the shared store, and may until a minute is over. */
  private void putApart(String key) {
    parts.shared.failNextWrite(MemorySharedStore.WriteFault.BEFORE_EFFECT);
    store.write(
        Change.put(key, "apart", CircuitFixture.LONG, CircuitFixture.LONG),
        Budget.each(60_000_000_000L));
  }

  @Test
  void aKeyThatWasListedIsNotListedAgainAsTheFallbackHasIt() {
    Iterator<Map.Entry<String, Stored<String>>> all = store.iterator();
    List<String> listed = new ArrayList<>();
    KEYS.forEach(key -> listed.add(all.next().getKey()));
    assertThat(listed).containsExactlyInAnyOrderElementsOf(KEYS);
    listed.forEach(this::putApart);
    all.forEachRemaining(entry -> listed.add(entry.getKey()));
    assertThat(listed).hasSize(KEYS.size() + 1).contains(APART).doesNotHaveDuplicates();
  }

  @Test
  void aKeyThatGoesOverBeforeItIsReachedIsListedAsTheFallbackHasIt() {
    Iterator<Map.Entry<String, Stored<String>>> all = store.iterator();
    List<String> listed = new ArrayList<>();
    listed.add(all.next().getKey());
    String later = listed.contains("k0") ? "k1" : "k0";
    putApart(later);
    all.forEachRemaining(entry -> {
      listed.add(entry.getKey());
      if (entry.getKey().equals(later)) {
        assertThat(entry.getValue().value()).isEqualTo("apart");
      }
    });
    assertThat(listed).hasSize(KEYS.size() + 1).contains(APART, later).doesNotHaveDuplicates();
  }
}
