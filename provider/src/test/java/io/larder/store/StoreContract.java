package io.larder.store;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.expiry.Ttl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Store} does. Subclass it, make an empty store without a grace period, and say
 * how a short time to live passes.
 */
public abstract class StoreContract extends ClaimContract {

  private static final long LONG = 600_000;

  private Store<String, String> store;
  private final Budget budget = Budget.each(TimeUnit.SECONDS.toNanos(5));

  /** An empty store of its own for each test, without a grace period. The kit closes it. */
  protected abstract Store<String, String> openStore();

  /** A time to live that can pass within a test, in milliseconds. */
  protected abstract long shortTtl();

  /** Returns when a time to live of so many milliseconds given before this call has passed. */
  protected abstract void letPass(long millis) throws Exception;

  private void letShortTtlPass() throws Exception {
    letPass(shortTtl());
  }

  /** One that can pass, but not while a busy machine makes a few calls. */
  private long bearableTtl() {
    return 20 * shortTtl();
  }

  @Override
  final Store<String, String> store() {
    return store;
  }

  @BeforeEach
  void open() {
    store = openStore();
  }

  @AfterEach
  void close() {
    store.close();
    store.close();
  }

  // --- put, get, remove without conditions

  @Test
  void whatWasNeverWrittenIsAbsent() {
    Stored<String> found = read("a");
    assertThat(found.value()).isNull();
    assertThat(found.expired()).isFalse();
    assertThat(store.containsKey("a", budget)).isFalse();
    assertThat(store.getFresh("a", budget).value()).isNull();
  }

  @Test
  void putCreatesThenUpdates() {
    assertThat(put("a", "1")).isEqualTo(Outcome.CREATED);
    assertThat(value("a")).isEqualTo("1");
    assertThat(store.containsKey("a", budget)).isTrue();
    assertThat(put("a", "2")).isEqualTo(Outcome.UPDATED);
    assertThat(value("a")).isEqualTo("2");
    assertThat(store.getFresh("a", budget).value()).isEqualTo("2");
    assertThat(read("a").expired()).isFalse();
  }

  @Test
  void removeTellsWhetherSomethingWent() {
    put("a", "1");
    assertThat(write(Change.remove("a"))).isEqualTo(Outcome.REMOVED);
    assertThat(value("a")).isNull();
    assertThat(store.containsKey("a", budget)).isFalse();
    assertThat(write(Change.remove("a"))).isEqualTo(Outcome.NOTHING);
    assertThat(put("a", "2")).isEqualTo(Outcome.CREATED);
  }

  @Test
  void keysAreApart() {
    put("a", "1");
    put("b", "2");
    put("", "3");
    write(Change.remove("a"));
    assertThat(value("a")).isNull();
    assertThat(value("b")).isEqualTo("2");
    assertThat(value("")).isEqualTo("3");
  }

  // --- times to live

  @Test
  void creationOfZeroStoresNothing() {
    assertThat(write(Change.put("a", "1", Ttl.ZERO, LONG))).isEqualTo(Outcome.NOTHING);
    assertThat(value("a")).isNull();
  }

  @Test
  void updateOfZeroRemoves() {
    put("a", "1");
    assertThat(write(Change.put("a", "2", LONG, Ttl.ZERO))).isEqualTo(Outcome.REMOVED);
    assertThat(value("a")).isNull();
  }

  @Test
  void onlyTheTtlOfTheOutcomeCounts() {
    assertThat(write(Change.put("a", "1", LONG, Ttl.ZERO))).isEqualTo(Outcome.CREATED);
    assertThat(write(Change.put("a", "2", Ttl.ZERO, LONG))).isEqualTo(Outcome.UPDATED);
    assertThat(value("a")).isEqualTo("2");
  }

  @Test
  void anEntryEndsAtItsDeadline() throws Exception {
    write(Change.put("a", "1", shortTtl(), shortTtl()));
    put("b", "1");
    letShortTtlPass();
    assertThat(value("a")).isNull();
    assertThat(read("a").expired()).isFalse();
    assertThat(store.containsKey("a", budget)).isFalse();
    assertThat(store.getFresh("a", budget).value()).isNull();
    assertThat(store.getAll(Set.of("a"), Ttl.KEEP, budget).get("a").value()).isNull();
    assertThat(contents()).containsOnly(entry("b", "1"));
  }

  @Test
  void anExpiredEntryIsCreatedAnew() throws Exception {
    write(Change.put("a", "1", shortTtl(), shortTtl()));
    letShortTtlPass();
    assertThat(write(Change.put("a", "2", LONG, Ttl.ZERO))).isEqualTo(Outcome.CREATED);
    assertThat(value("a")).isEqualTo("2");
  }

  @Test
  void anExpiredEntryIsNotRemovedAgain() throws Exception {
    write(Change.put("a", "1", shortTtl(), shortTtl()));
    letShortTtlPass();
    assertThat(write(Change.remove("a"))).isEqualTo(Outcome.NOTHING);
  }

  @Test
  void keepLeavesTheDeadline() throws Exception {
    write(Change.put("a", "1", shortTtl(), shortTtl()));
    write(Change.put("a", "2", Ttl.ZERO, Ttl.KEEP));
    put("b", "1");
    write(Change.put("b", "2", Ttl.ZERO, Ttl.KEEP));
    write(Change.put("c", "1", Ttl.ETERNAL, Ttl.ETERNAL));
    write(Change.put("c", "2", Ttl.ZERO, Ttl.KEEP));
    letShortTtlPass();
    assertThat(value("a")).isNull();
    assertThat(value("b")).isEqualTo("2");
    assertThat(value("c")).isEqualTo("2");
  }

  @Test
  void anUpdateMayShortenAndLengthen() throws Exception {
    put("a", "1");
    write(Change.put("a", "2", shortTtl(), shortTtl()));
    write(Change.put("b", "1", shortTtl(), shortTtl()));
    put("b", "2");
    write(Change.put("c", "1", shortTtl(), shortTtl()));
    write(Change.put("c", "2", Ttl.ETERNAL, Ttl.ETERNAL));
    write(Change.put("d", "1", Ttl.ETERNAL, Ttl.ETERNAL));
    write(Change.put("d", "2", shortTtl(), shortTtl()));
    letShortTtlPass();
    assertThat(contents()).containsOnly(entry("b", "2"), entry("c", "2"));
    assertThat(value("a")).isNull();
    assertThat(value("b")).isEqualTo("2");
    assertThat(value("c")).isEqualTo("2");
    assertThat(value("d")).isNull();
  }

  @Test
  void anAccessMovesTheDeadline() throws Exception {
    long ttl = bearableTtl();
    put("a", "1");
    write(Change.put("b", "1", ttl, ttl));
    put("c", "1");
    put("d", "1");
    Stored<String> before = store.getFresh("b", budget);
    assertThat(store.get("a", ttl, budget).value()).isEqualTo("1");
    store.get("b", LONG, budget);
    assertThat(store.getAll(Set.of("c", "x"), ttl, budget).get("c").value()).isEqualTo("1");
    assertThat(store.get("d", Ttl.ZERO, budget).value()).isEqualTo("1");
    assertThat(value("d")).isNull();
    assertThat(store.get("x", LONG, budget).value()).isNull();
    letPass(ttl);
    assertThat(value("a")).isNull();
    assertThat(value("b")).isEqualTo("1");
    assertThat(value("c")).isNull();
    assertThat(before.sameVersion(store.getFresh("b", budget))).isTrue();
  }

  // --- conditions

  @Test
  void ifAbsent() throws Exception {
    assertThat(write(given("a", "1", Condition.IF_ABSENT))).isEqualTo(Outcome.CREATED);
    assertThat(write(given("a", "2", Condition.IF_ABSENT))).isEqualTo(Outcome.REFUSED);
    assertThat(value("a")).isEqualTo("1");
    write(Change.remove("a"));
    assertThat(write(given("a", "3", Condition.IF_ABSENT))).isEqualTo(Outcome.CREATED);
    write(Change.put("a", "4", shortTtl(), shortTtl()));
    letShortTtlPass();
    assertThat(write(given("a", "5", Condition.IF_ABSENT))).isEqualTo(Outcome.CREATED);
    assertThat(value("a")).isEqualTo("5");
  }

  @Test
  void ifAbsentWithTtlZeroStoresNothing() {
    assertThat(write(new Change<>("a", "1", Ttl.ZERO, LONG, Condition.IF_ABSENT, null)))
        .isEqualTo(Outcome.NOTHING);
    assertThat(value("a")).isNull();
  }

  @Test
  void ifPresent() throws Exception {
    assertThat(write(given("a", "1", Condition.IF_PRESENT))).isEqualTo(Outcome.REFUSED);
    assertThat(value("a")).isNull();
    put("a", "1");
    assertThat(write(given("a", "2", Condition.IF_PRESENT))).isEqualTo(Outcome.UPDATED);
    assertThat(value("a")).isEqualTo("2");
    write(Change.put("a", "3", shortTtl(), shortTtl()));
    letShortTtlPass();
    assertThat(write(given("a", "4", Condition.IF_PRESENT))).isEqualTo(Outcome.REFUSED);
    assertThat(value("a")).isNull();
  }

  @Test
  void ifPresentRemoves() {
    Change<String, String> removal =
        new Change<>("a", null, Ttl.ZERO, Ttl.ZERO, Condition.IF_PRESENT, null);
    assertThat(write(removal)).isEqualTo(Outcome.REFUSED);
    put("a", "1");
    assertThat(write(removal)).isEqualTo(Outcome.REMOVED);
    assertThat(value("a")).isNull();
  }

  @Test
  void ifSameOfAPresentEntry() throws Exception {
    put("a", "1");
    Stored<String> first = read("a");
    assertThat(write(Change.replace("a", first, "2", LONG))).isEqualTo(Outcome.UPDATED);
    assertThat(write(Change.replace("a", first, "3", LONG))).isEqualTo(Outcome.REFUSED);
    assertThat(write(Change.remove("a", first))).isEqualTo(Outcome.REFUSED);
    assertThat(value("a")).isEqualTo("2");

    Stored<String> second = read("a");
    assertThat(write(Change.replace("a", second, "3", Ttl.ZERO))).isEqualTo(Outcome.REMOVED);
    assertThat(write(Change.replace("a", second, "3", LONG))).isEqualTo(Outcome.REFUSED);

    put("a", "4");
    Stored<String> third = read("a");
    store.touch("a", third, shortTtl(), budget);
    letShortTtlPass();
    assertThat(write(Change.replace("a", third, "5", LONG))).isEqualTo(Outcome.REFUSED);
    assertThat(write(Change.remove("a", third))).isEqualTo(Outcome.REFUSED);
    assertThat(value("a")).isNull();
  }

  @Test
  void ifSameIsAboutVersionsNotValues() {
    put("a", "1");
    Stored<String> first = read("a");
    put("a", "1");
    assertThat(write(Change.replace("a", first, "2", LONG))).isEqualTo(Outcome.REFUSED);
    Stored<String> second = read("a");
    write(Change.remove("a"));
    put("a", "1");
    assertThat(write(Change.replace("a", second, "2", LONG))).isEqualTo(Outcome.REFUSED);
    assertThat(write(Change.remove("a", second))).isEqualTo(Outcome.REFUSED);
    Stored<String> third = read("a");
    store.clear(budget);
    put("a", "1");
    assertThat(write(Change.remove("a", third))).isEqualTo(Outcome.REFUSED);
    assertThat(write(Change.remove("a", read("a")))).isEqualTo(Outcome.REMOVED);
    assertThat(value("a")).isNull();
  }

  @Test
  void ifSameOfAnAbsentEntry() {
    Stored<String> miss = read("a");
    assertThat(write(Change.replace("a", miss, "1", LONG))).isEqualTo(Outcome.CREATED);
    assertThat(write(Change.replace("a", miss, "2", LONG))).isEqualTo(Outcome.REFUSED);
    assertThat(value("a")).isEqualTo("1");
    write(Change.remove("a"));
    assertThat(write(Change.replace("a", miss, "3", LONG))).isEqualTo(Outcome.CREATED);
    assertThat(value("a")).isEqualTo("3");
  }

  @Test
  void ifUntouchedFillsAfterAMiss() {
    assertThat(write(Change.fill("a", read("a"), "1", LONG))).isEqualTo(Outcome.CREATED);
    assertThat(value("a")).isEqualTo("1");
    write(Change.remove("a"));
    assertThat(write(Change.fill("a", read("a"), "2", LONG))).isEqualTo(Outcome.CREATED);
    assertThat(value("a")).isEqualTo("2");
    assertThat(write(Change.fill("b", read("b"), "1", Ttl.ZERO))).isEqualTo(Outcome.NOTHING);
    assertThat(value("b")).isNull();
  }

  @Test
  void ifUntouchedRefusesAfterAnyChangeOfTheKey() {
    Stored<String> miss = read("a");
    put("a", "1");
    assertThat(write(Change.fill("a", miss, "2", LONG))).isEqualTo(Outcome.REFUSED);
    assertThat(value("a")).isEqualTo("1");
    write(Change.remove("a"));
    assertThat(write(Change.fill("a", miss, "2", LONG))).isEqualTo(Outcome.REFUSED);
    Stored<String> again = read("a");
    write(Change.remove("a"));
    assertThat(write(Change.fill("a", again, "2", LONG))).isEqualTo(Outcome.REFUSED);
    Stored<String> beforeClear = read("a");
    store.clear(budget);
    assertThat(write(Change.fill("a", beforeClear, "2", LONG))).isEqualTo(Outcome.REFUSED);
    assertThat(value("a")).isNull();
  }

  @Test
  void aPriorIsNeededExactlyWhereItIsCompared() {
    Stored<String> miss = read("a");
    assertThatThrownBy(() -> new Change<>("a", "1", LONG, LONG, Condition.IF_SAME, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Change<>("a", "1", LONG, LONG, Condition.ALWAYS, miss))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sameVersion() {
    Stored<String> miss = read("a");
    assertThat(miss.sameVersion(read("a"))).isTrue();
    put("a", "1");
    Stored<String> first = read("a");
    assertThat(first.sameVersion(store.getFresh("a", budget))).isTrue();
    assertThat(first.sameVersion(store.getAll(Set.of("a"), Ttl.KEEP, budget).get("a")))
        .isTrue();
    assertThat(first.sameVersion(miss)).isFalse();
    assertThat(miss.sameVersion(first)).isFalse();
    put("a", "1");
    assertThat(first.sameVersion(read("a"))).isFalse();
  }

  // --- many keys

  @Test
  void getAllAnswersEachKey() {
    put("a", "1");
    put("b", "2");
    Map<String, Stored<String>> found = store.getAll(Set.of("a", "b", "c"), Ttl.KEEP, budget);
    assertThat(found).containsOnlyKeys("a", "b", "c");
    assertThat(found.get("a").value()).isEqualTo("1");
    assertThat(found.get("b").value()).isEqualTo("2");
    assertThat(found.get("c").value()).isNull();
    assertThat(store.getAll(Set.of(), Ttl.KEEP, budget)).isEmpty();
  }

  @Test
  void writeAllKeepsTheOrderPerKey() {
    put("d", "0");
    List<Outcome> outcomes = store.writeAll(
        List.of(
            Change.put("a", "1", LONG, LONG),
            Change.put("b", "1", LONG, LONG),
            Change.put("a", "2", LONG, LONG),
            Change.remove("c"),
            Change.remove("b"),
            Change.put("c", "3", LONG, LONG),
            Change.remove("d"),
            given("c", "4", Condition.IF_ABSENT),
            Change.put("d", "5", Ttl.ZERO, LONG)),
        budget);
    assertThat(outcomes)
        .containsExactly(
            Outcome.CREATED,
            Outcome.CREATED,
            Outcome.UPDATED,
            Outcome.NOTHING,
            Outcome.REMOVED,
            Outcome.CREATED,
            Outcome.REMOVED,
            Outcome.REFUSED,
            Outcome.NOTHING);
    assertThat(value("a")).isEqualTo("2");
    assertThat(value("b")).isNull();
    assertThat(value("c")).isEqualTo("3");
    assertThat(value("d")).isNull();
    assertThat(store.writeAll(List.of(), budget)).isEmpty();
  }

  @Test
  void manyKeys() {
    List<Change<String, String>> puts = IntStream.range(0, 300)
        .mapToObj(i -> Change.put("k" + i, "v" + i, LONG, LONG))
        .toList();
    assertThat(store.writeAll(puts, budget)).hasSize(300).containsOnly(Outcome.CREATED);
    Set<String> keys = new HashSet<>();
    puts.forEach(change -> keys.add(change.key()));
    Map<String, Stored<String>> found = store.getAll(keys, Ttl.KEEP, budget);
    assertThat(found).hasSize(300);
    found.forEach((key, stored) -> assertThat(stored.value()).isEqualTo("v" + key.substring(1)));
    assertThat(store.removeAll(keys, budget)).hasSize(300).containsOnly(Outcome.REMOVED);
    assertThat(contents()).isEmpty();
  }

  @Test
  void theIteratorAnswersNoKeyTwice() {
    assertThat(contents()).isEmpty();
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      put("k" + i, "v" + i);
      expected.put("k" + i, "v" + i);
    }
    put("k0", "again");
    expected.put("k0", "again");
    write(Change.remove("k1"));
    expected.remove("k1");
    assertThat(contents()).isEqualTo(expected);
  }

  @Test
  void theIteratorBearsChanges() {
    for (int i = 0; i < 50; i++) {
      put("k" + i, "1");
    }
    Set<String> seen = new HashSet<>();
    Iterator<Map.Entry<String, Stored<String>>> entries = store.iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Stored<String>> next = entries.next();
      assertThat(seen.add(next.getKey())).isTrue();
      assertThat(write(Change.remove(next.getKey(), next.getValue()))).isEqualTo(Outcome.REMOVED);
    }
    assertThat(seen).hasSize(50);
    assertThat(contents()).isEmpty();
  }

  @Test
  void clearRemovesAll() {
    for (int i = 0; i < 100; i++) {
      put("k" + i, "1");
    }
    read("k0");
    store.clear(budget);
    assertThat(value("k0")).isNull();
    assertThat(contents()).isEmpty();
    assertThat(store.containsKey("k1", budget)).isFalse();
    assertThat(put("k0", "2")).isEqualTo(Outcome.CREATED);
    assertThat(contents()).containsOnly(entry("k0", "2"));
    store.clear(budget);
    store.clear(budget);
    assertThat(value("k0")).isNull();
  }

  // --- touch

  @Test
  void touchMovesTheDeadlineOfTheSameVersion() throws Exception {
    long ttl = bearableTtl();
    write(Change.put("a", "1", ttl, ttl));
    Stored<String> read = store.getFresh("a", budget);
    store.touch("a", read, LONG, budget);
    put("b", "1");
    store.touch("b", read("b"), ttl, budget);
    put("c", "1");
    store.touch("c", read("c"), Ttl.KEEP, budget);
    write(Change.put("d", "1", ttl, ttl));
    store.touch("d", read("d"), Ttl.ETERNAL, budget);
    letPass(ttl);
    assertThat(value("a")).isEqualTo("1");
    assertThat(value("b")).isNull();
    assertThat(value("c")).isEqualTo("1");
    assertThat(value("d")).isEqualTo("1");
    assertThat(write(Change.replace("a", read, "2", LONG))).isEqualTo(Outcome.UPDATED);
  }

  @Test
  void touchOfZeroRemoves() {
    put("a", "1");
    store.touch("a", read("a"), Ttl.ZERO, budget);
    assertThat(value("a")).isNull();
    assertThat(store.getFresh("a", budget).value()).isNull();
  }

  @Test
  void touchLeavesAnotherVersionAlone() {
    put("a", "1");
    Stored<String> old = read("a");
    put("a", "2");
    store.touch("a", old, Ttl.ZERO, budget);
    assertThat(value("a")).isEqualTo("2");
    store.touch("x", old, Ttl.ZERO, budget);
    assertThat(value("x")).isNull();
  }

  // --- several threads

  @Test
  void theLeaseIsHeldByOne() throws Exception {
    Lease lease = store.lease("a", budget);
    store.lease("b", budget).close();
    assertThatThrownBy(() ->
            onAnotherThread(() -> store.lease("a", Budget.each(TimeUnit.MILLISECONDS.toNanos(20)))))
        .isInstanceOf(CacheException.class);
    CompletableFuture<Lease> waiting = CompletableFuture.supplyAsync(
        () -> store.lease("a", Budget.startingNow(TimeUnit.SECONDS.toNanos(20))),
        task -> new Thread(task).start());
    lease.close();
    waiting.get(30, TimeUnit.SECONDS).close();
    lease.close();
    store.lease("a", budget).close();
  }

  @Test
  void comparedIncrementsAreNotLost() throws Exception {
    int threads = 4;
    int each = incrementsPerThread();
    put("n", "0");
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        all.add(pool.submit(() -> increment(each)));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(store.getFresh("n", budget).value()).isEqualTo(String.valueOf(threads * each));
    assertThat(value("n")).isEqualTo(String.valueOf(threads * each));
  }

  /** How often each of four threads increments a counter; fewer where a trip is slow. */
  protected int incrementsPerThread() {
    return 250;
  }

  private void increment(int times) {
    for (int i = 0; i < times; i++) {
      Stored<String> prior = read("n");
      while (write(Change.replace("n", prior, plusOne(prior), LONG)) == Outcome.REFUSED) {
        prior = store.getFresh("n", budget);
      }
    }
  }

  private static String plusOne(Stored<String> prior) {
    return String.valueOf(Integer.parseInt(prior.value()) + 1);
  }

  private static void onAnotherThread(java.util.function.Supplier<Lease> action) throws Throwable {
    try {
      CompletableFuture.supplyAsync(action, task -> new Thread(task).start())
          .get(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause();
    }
  }

  private Outcome put(String key, String value) {
    return write(Change.put(key, value, LONG, LONG));
  }

  private static Change<String, String> given(String key, String value, Condition condition) {
    return new Change<>(key, value, LONG, LONG, condition, null);
  }

  private Outcome write(Change<String, String> change) {
    return store.write(change, budget);
  }

  private Stored<String> read(String key) {
    return store.get(key, Ttl.KEEP, budget);
  }

  private String value(String key) {
    return read(key).value();
  }

  private Map<String, String> contents() {
    Map<String, String> contents = new HashMap<>();
    store
        .iterator()
        .forEachRemaining(
            entry -> assertThat(contents.put(entry.getKey(), entry.getValue().value()))
                .as("%s for the first time", entry.getKey())
                .isNull());
    return contents;
  }
}
