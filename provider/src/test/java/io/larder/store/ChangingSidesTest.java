package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.expiry.Ttl;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    putApart(APART);
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
    putApart(APART);
    goOverBeforeItIsReached(1);
  }

  /** Nothing was journalled when it began. */
  @Test
  void theFirstKeyThatGoesOverIsListedAsTheFallbackHasIt() {
    goOverBeforeItIsReached(0);
  }

  private void goOverBeforeItIsReached(int apart) {
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
    assertThat(listed).hasSize(KEYS.size() + apart).contains(later).doesNotHaveDuplicates();
  }

  /** With an empty journal only the latest are remembered, but always the last. */
  @ParameterizedTest
  @ValueSource(ints = {1, 999, 1000, 1001, 2001, 2520})
  void theFirstKeyThatGoesOverAfterItWasListedIsNotListedAgain(int before) {
    for (int more = 0; more < 2_500; more++) {
      put("more" + more, "shared");
    }
    Iterator<Map.Entry<String, Stored<String>>> all = store.iterator();
    List<String> listed = new ArrayList<>();
    for (int i = 0; i < before; i++) {
      listed.add(all.next().getKey());
    }
    putApart(listed.get(before - 1));
    all.forEachRemaining(entry -> listed.add(entry.getKey()));
    assertThat(listed).hasSize(KEYS.size() + 2_500).doesNotHaveDuplicates();
  }

  /** The application may change the key that it was given. */
  @Test
  void theKeyThatIsRememberedIsNotTheOneThatWasHandedOut() {
    Stored<String> value = store.get(KEYS.get(0), Ttl.KEEP, parts.budget);
    List<String> first = new ArrayList<>(List.of("a"));
    Iterator<Map.Entry<List<String>, Stored<String>>> all = new BothEntries<>(
        List.of(Map.entry(first, value)).iterator(),
        () -> List.of(Map.entry(List.of("a"), value)).iterator(),
        () -> true,
        List::copyOf);
    all.next().getKey().add("b");
    assertThat(all.hasNext()).isFalse();
  }
}
