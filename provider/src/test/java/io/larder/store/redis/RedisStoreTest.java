package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.larder.expiry.Ttl;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.Condition;
import io.larder.store.LockTimeoutException;
import io.larder.store.Outcome;
import io.larder.store.SharedStored;
import io.larder.store.SharedWrite;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in Redis, which commands are sent, and what becomes of what is foreign. */
final class RedisStoreTest {

  private static final long LONG = 600_000;
  private static final long DAY = 86_400_000;

  private static RedisServer server;
  private final Budget budget = Budget.each(TimeUnit.SECONDS.toNanos(5));
  private RedisFixture fixture;
  private RedisStore<String, String> store;

  @BeforeAll
  static void startServer() {
    server = RedisServer.startOwn();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() {
    server.command("FLUSHALL");
    fixture = new RedisFixture(server);
    store = fixture.store();
    store.open(budget);
  }

  @AfterEach
  void close() {
    store.close();
    fixture.close();
  }

  // --- what stands in Redis

  @Test
  void anEntryIsAFrameUnderAReadableName() {
    long before = serverMicros();
    SharedWrite written = put("Käse", "Brot");
    String name = "larder:{" + fixture.namespace + ":things:%02d}".formatted(bucket("Käse"));
    String frame = text(server.command("GET", name + ":Käse"));
    assertThat(frame).hasSize(69 + 4).startsWith("LDR1").endsWith("Brot");
    assertThat(frame.substring(4, 20)).isEqualTo(digits(written.generation()));
    assertThat(frame.substring(20, 36)).isEqualTo(digits(written.sequence()));
    assertThat(Long.parseLong(frame.substring(36, 52))).isBetween(before, serverMicros());
    assertThat(frame.charAt(52)).isEqualTo('x');
    assertThat(Long.parseLong(frame.substring(53, 69))).isEqualTo(written.deadlineMicros());
    assertThat(written.deadlineMicros())
        .isBetween(before + LONG * 1000 - 1000, serverMicros() + LONG * 1000);
    String head = text(server.command("GET", name));
    assertThat(head)
        .hasSize(48)
        .startsWith(digits(written.generation()) + digits(written.sequence()));
    assertThat(written.sequence()).isBetween(before, serverMicros());
    assertThat(text(server.command("GET", "larder:{" + fixture.namespace + ":things}")))
        .isEqualTo("key-encoding=1 buckets=64");
  }

  @Test
  void namesAreEncoded() {
    Layout layout = new Layout("a:b*", "Grün {1}");
    assertThat(new String(layout.head(7), StandardCharsets.US_ASCII))
        .isEqualTo("larder:{a%3Ab%2A:Gr%C3%BCn%20%7B1%7D:07}");
    assertThat(new Layout("", "\ud800").channel()).isEqualTo("larder:{:%ED%A0%80}");
    assertThat(new Layout("", "😀").channel()).isEqualTo("larder:{:%F0%9F%98%80}");
  }

  @Test
  void bucketsAreThoseOfMurmur3() {
    assertThat(Layout.bucketOf(new byte[0])).isZero();
    assertThat(Layout.bucketOf(bytes("test"))).isEqualTo(0xba6bd213 & 63);
    assertThat(Layout.bucketOf(bytes("Hello, world!"))).isEqualTo(0xc0363e43 & 63);
    assertThat(Layout.bucketOf(bytes("The quick brown fox jumps over the lazy dog")))
        .isEqualTo(0x2e4ff723 & 63);
  }

  @Test
  void redisEndsAnEntryAtItsDeadline() {
    put("a", "1");
    assertThat(pttl("a")).isBetween(LONG - 5000, LONG);
    write(Change.put("a", "2", Ttl.ETERNAL, Ttl.ETERNAL));
    assertThat(pttl("a")).isEqualTo(-1);
    assertThat(store.get("a", Ttl.KEEP, budget).deadlineMicros()).isEqualTo(Long.MAX_VALUE);
    write(Change.put("a", "3", 1, 2 * LONG));
    assertThat(pttl("a")).isBetween(2 * LONG - 5000, 2 * LONG);
    write(Change.put("a", "4", 1, Ttl.KEEP));
    assertThat(pttl("a")).isBetween(2 * LONG - 5000, 2 * LONG);
    store.touch("a", store.get("a", Ttl.KEEP, budget), LONG, budget);
    assertThat(pttl("a")).isBetween(LONG - 5000, LONG);
    store.get("a", 3 * LONG, budget);
    assertThat(pttl("a")).isBetween(3 * LONG - 5000, 3 * LONG);
    store.get("a", Ttl.ETERNAL, budget);
    assertThat(pttl("a")).isEqualTo(-1);
    assertThat(store.get("a", Ttl.KEEP, budget).value()).isEqualTo("4");
  }

  @Test
  void aBoundLimitsEternalEntriesAndAWriteRenewsIt() {
    store = fixture.store(Duration.ofMillis(LONG), Duration.ZERO);
    write(Change.put("a", "1", Ttl.ETERNAL, Ttl.ETERNAL));
    assertThat(pttl("a")).isBetween(LONG - 5000, LONG);
    assertThat(frame("a").charAt(52)).isEqualTo('b');
    server.command("PEXPIRE", fixture.entryName("a"), 5000);
    write(Change.put("a", "2", 1, Ttl.KEEP));
    assertThat(pttl("a")).isBetween(LONG - 5000, LONG);
    store.touch("a", store.get("a", Ttl.KEEP, budget), Ttl.ETERNAL, budget);
    assertThat(frame("a").charAt(52)).isEqualTo('b');
    write(Change.put("b", "1", 5000, 5000));
    write(Change.put("b", "2", 1, Ttl.KEEP));
    assertThat(pttl("b")).isBetween(1L, 5000L);
  }

  @Test
  void headsStayLongerThanEntriesAndVanishWithThem() {
    put("a", "1");
    assertThat(headPttl("a")).isBetween(LONG + DAY, LONG + 2 * DAY + 1000);
    long before = headPttl("a");
    put("a", "2");
    assertThat(headPttl("a")).isBetween(LONG + DAY, before);
    write(Change.put("a", "3", 1, 10 * DAY));
    assertThat(headPttl("a")).isGreaterThan(11 * DAY - 5000);
    store.touch("a", store.get("a", Ttl.KEEP, budget), 20 * DAY, budget);
    assertThat(headPttl("a")).isGreaterThan(21 * DAY - 5000);
    write(Change.put("a", "4", 1, Ttl.ETERNAL));
    assertThat(headPttl("a")).isEqualTo(-1);
    put("a", "5");
    assertThat(headPttl("a")).isEqualTo(-1);
    store.clear(budget);
    assertThat(headPttl("a")).isBetween(DAY, 2 * DAY);
  }

  @Test
  void graceKeepsExpiredEntries() throws Exception {
    store = fixture.store(Duration.ZERO, Duration.ofMillis(LONG));
    write(Change.put("a", "1", 50, 50));
    assertThat(pttl("a")).isBetween(LONG - 60_000, LONG + 50);
    RedisFixture.pass(60);
    SharedStored<String> expired = store.get("a", Ttl.KEEP, budget);
    assertThat(expired.expired()).isTrue();
    assertThat(expired.value()).isEqualTo("1");
    assertThat(store.get("a", LONG, budget).expired()).isTrue();
    assertThat(store.getAllShared(Set.of("a"), Ttl.KEEP, budget).get("a").expired())
        .isTrue();
    assertThat(store.iterator().next().getValue().expired()).isTrue();
    assertThat(store.containsKey("a", budget)).isFalse();
    assertThat(write(given("a", "2", Condition.IF_PRESENT))).isEqualTo(Outcome.REFUSED);
    store.touch("a", expired, LONG, budget);
    assertThat(store.get("a", Ttl.KEEP, budget).expired()).isTrue();
    assertThat(write(Change.remove("a", expired))).isEqualTo(Outcome.REMOVED);
    assertThat(write(Change.remove("a", expired))).isEqualTo(Outcome.REFUSED);
    put("a", "3");
    SharedStored<String> live = store.get("a", Ttl.KEEP, budget);
    store.touch("a", live, 50, budget);
    RedisFixture.pass(60);
    assertThat(write(Change.replace("a", live, "4", LONG))).isEqualTo(Outcome.REFUSED);
    assertThat(write(given("a", "5", Condition.IF_ABSENT))).isEqualTo(Outcome.CREATED);
  }

  // --- generations

  @Test
  void aLostHeadMakesItsBucketEmpty() {
    SharedWrite first = put("a", "1");
    SharedStored<String> read = store.get("a", Ttl.KEEP, budget);
    server.command("DEL", fixture.headName("a"));
    SharedStored<String> found = store.get("a", Ttl.KEEP, budget);
    assertThat(found.value()).isNull();
    assertThat(found.headSequence()).isZero();
    assertThat(found.generation()).isZero();
    assertThat(store.containsKey("a", budget)).isFalse();
    assertThat(store.iterator().hasNext()).isFalse();
    assertThat(write(Change.replace("a", read, "2", LONG))).isEqualTo(Outcome.REFUSED);
    assertThat(write(Change.fill("a", found, "3", LONG))).isEqualTo(Outcome.CREATED);
    SharedStored<String> again = store.get("a", Ttl.KEEP, budget);
    assertThat(again.generation()).isGreaterThan(first.sequence()).isEqualTo(again.sequence());
  }

  @Test
  void sequencesRiseThoughTheClockStands() {
    SharedWrite first = put("a", "1");
    long future = serverMicros() + 60_000_000;
    server.command(
        "SET", fixture.headName("a"), digits(first.generation()) + digits(future) + digits(0));
    SharedWrite second = put("a", "2");
    assertThat(second.sequence()).isEqualTo(future + 1);
    assertThat(second.generation()).isEqualTo(first.generation());
    assertThat(store.get("a", Ttl.KEEP, budget).value()).isEqualTo("2");
  }

  @Test
  void clearMakesAGenerationAndSweepsTheOld() throws Exception {
    for (int i = 0; i < 200; i++) {
      put("k" + i, "1");
    }
    long[] sequences = store.clearShared(budget);
    put("k0", "2");
    assertThat(store.get("k0", Ttl.KEEP, budget).generation()).isEqualTo(sequences[bucket("k0")]);
    assertThat(store.get("k1", Ttl.KEEP, budget).value()).isNull();
    awaitSwept();
    assertThat(entryNames()).hasSize(1);
    assertThat(store.get("k0", Ttl.KEEP, budget).value()).isEqualTo("2");
  }

  @Test
  void whoOpensTheCacheNextSweepsWhatIsLeft() throws Exception {
    put("a", "1");
    byte[] left = (byte[]) server.command("GET", fixture.entryName("a"));
    store.clear(budget);
    awaitSwept();
    server.command("SET", fixture.entryName("a"), left);
    server.command("SET", fixture.layout().unswept(), "a process that ended");
    fixture.store().open(budget);
    awaitSwept();
    assertThat(entryNames()).isEmpty();
  }

  // --- which commands

  @Test
  void commandsPerOperation() {
    put("a", "1");
    SharedStored<String> read = store.get("a", Ttl.KEEP, budget);
    assertThat(commands(() -> store.get("a", Ttl.KEEP, budget))).isEqualTo(Map.of("mget", 1L));
    assertThat(commands(() -> store.getFresh("x", budget))).isEqualTo(Map.of("mget", 1L));
    assertThat(commands(() -> put("a", "2")))
        .containsEntry("evalsha", 1L)
        .containsEntry("publish", 1L);
    assertThat(commands(() -> write(Change.remove("a")))).containsEntry("evalsha", 1L);
    assertThat(commands(() -> write(Change.replace("a", read, "3", LONG))))
        .containsEntry("evalsha", 1L)
        .doesNotContainKeys("publish", "set", "unlink");
    assertThat(commands(() -> store.containsKey("a", budget)))
        .containsEntry("evalsha", 1L)
        .containsEntry("get", 1L)
        .containsEntry("getrange", 1L);
    assertThat(commands(() -> store.get("a", LONG, budget))).containsEntry("evalsha", 1L);
    assertThat(commands(() -> store.heads().toCompletableFuture().join()))
        .isEqualTo(Map.of("mget", 1L, "time", 1L));
    assertThat(commands(() -> store.clear(budget))).containsEntry("publish", 64L);
  }

  @Test
  void bulkOperationsAreOneTripEach() {
    List<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i).toList();
    Set<Integer> buckets = new HashSet<>();
    keys.forEach(key -> buckets.add(bucket(key)));
    List<Change<String, String>> puts =
        keys.stream().map(key -> Change.put(key, "1", LONG, LONG)).toList();
    assertThat(commands(() -> store.writeAll(puts, budget)))
        .containsEntry("evalsha", (long) buckets.size())
        .containsEntry("publish", (long) buckets.size());
    assertThat(commands(() -> store.getAll(Set.copyOf(keys), Ttl.KEEP, budget)))
        .isEqualTo(Map.of("mget", 1L));
    assertThat(commands(() -> store.getAll(Set.copyOf(keys), LONG, budget)))
        .containsEntry("evalsha", (long) buckets.size());
  }

  @Test
  void noCommandBlocksRedis() throws Exception {
    put("a", "1");
    store.iterator().next();
    store.clear(budget);
    awaitSwept();
    assertThat(server.commandStats()).doesNotContainKeys("keys").containsKeys("scan");
  }

  @Test
  void aValueIsNotTransferredByContainsKey() {
    put("a", "v".repeat(1_000_000));
    long before = outputBytes();
    store.containsKey("a", budget);
    assertThat(outputBytes() - before).isLessThan(100_000);
  }

  @Test
  void forgottenScriptsAreLoadedAgain() {
    put("a", "1");
    server.command("SCRIPT", "FLUSH");
    assertThat(put("a", "2").outcome()).isEqualTo(Outcome.UPDATED);
    server.command("SCRIPT", "FLUSH");
    store.clear(budget);
    assertThat(store.get("a", Ttl.KEEP, budget).value()).isNull();
    server.command("SCRIPT", "FLUSH");
    assertThat(store.get("a", LONG, budget).value()).isNull();
  }

  @Test
  void moreThanAThousandChangesToABucketKeepTheirOrder() {
    List<Change<String, String>> changes = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      changes.add(Change.put("a", "v" + i, LONG, LONG));
    }
    List<SharedWrite> written = store.writeAllShared(changes, budget);
    assertThat(written).hasSize(2500);
    assertThat(written.get(0).outcome()).isEqualTo(Outcome.CREATED);
    assertThat(written.subList(1, 2500)).allMatch(w -> w.outcome() == Outcome.UPDATED);
    assertThat(store.get("a", Ttl.KEEP, budget).value()).isEqualTo("v2499");
  }

  @Test
  void manyFillsAfterOneReadAreAllMade() {
    Set<String> keys = new HashSet<>();
    IntStream.range(0, 200).forEach(i -> keys.add("k" + i));
    List<Change<String, String>> fills = new ArrayList<>();
    store
        .getAllShared(keys, Ttl.KEEP, budget)
        .forEach((key, miss) -> fills.add(Change.fill(key, miss, "1", LONG)));
    assertThat(store.writeAll(fills, budget)).containsOnly(Outcome.CREATED);
    assertThat(store.writeAll(fills, budget)).containsOnly(Outcome.REFUSED);
  }

  @Test
  void aRefusalTellsTheSequenceAsItIs() {
    SharedWrite first = put("a", "1");
    SharedWrite refused = store.writeShared(given("a", "2", Condition.IF_ABSENT), budget);
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.sequence()).isEqualTo(first.sequence());
    assertThat(store.heads().toCompletableFuture().join()[bucket("a")]).isEqualTo(first.sequence());
  }

  // --- what is foreign

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "LDR1",
        "LDR2%s",
        "XXX1%s",
        "LDR1%s!",
        "LDR1%sunknown value",
        "\0\1\2",
      })
  void foreignBytesAreAMissAndMayBeReplaced(String form) {
    SharedWrite first = put("a", "1");
    String fields =
        digits(first.generation()) + digits(first.sequence()) + digits(1) + "n" + digits(0);
    String frame = form.contains("!") ? "LDR1" + "z".repeat(65) : form.formatted(fields);
    server.command("SET", fixture.entryName("a"), bytes(frame));
    long before = fixture.counters.undecodables();
    SharedStored<String> found = store.get("a", Ttl.KEEP, budget);
    assertThat(found.value()).isNull();
    assertThat(fixture.counters.undecodables()).isEqualTo(before + 1);
    assertThat(store.getAll(Set.of("a"), Ttl.KEEP, budget).get("a").value()).isNull();
    assertThat(store.iterator().hasNext()).isFalse();
    assertThat(write(given("a", "2", Condition.IF_ABSENT))).isEqualTo(Outcome.CREATED);

    server.command("SET", fixture.entryName("a"), bytes(frame));
    found = store.get("a", Ttl.KEEP, budget);
    assertThat(write(Change.replace("a", found, "3", LONG))).isEqualTo(Outcome.CREATED);
    server.command("SET", fixture.entryName("a"), bytes(frame));
    assertThat(write(Change.fill("a", store.get("a", Ttl.KEEP, budget), "4", LONG)))
        .isEqualTo(Outcome.CREATED);
    server.command("SET", fixture.entryName("a"), bytes(frame));
    put("a", "5");
    assertThat(store.get("a", Ttl.KEEP, budget).value()).isEqualTo("5");
  }

  @Test
  void everyTruncationIsAMiss() {
    put("a", "value");
    byte[] whole = (byte[]) server.command("GET", fixture.entryName("a"));
    for (int length = 0; length < 69; length++) {
      server.command("SET", fixture.entryName("a"), Arrays.copyOf(whole, length));
      assertThat(store.get("a", Ttl.KEEP, budget).value()).isNull();
      assertThat(store.containsKey("a", budget)).isFalse();
      assertThat(write(Change.put("a", "1", Ttl.ZERO, LONG))).isEqualTo(Outcome.NOTHING);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "999999999999999999999999999999999999999999999999"})
  void aForeignHeadIsNone(String head) {
    put("a", "1");
    server.command("SET", fixture.headName("a"), head);
    assertThat(store.get("a", Ttl.KEEP, budget).headSequence()).isZero();
    assertThat(put("a", "2").outcome()).isEqualTo(Outcome.CREATED);
    assertThat(store.get("a", Ttl.KEEP, budget).value()).isEqualTo("2");
  }

  @Test
  void foreignTypesAreAMissAndMayBeReplaced() {
    put("a", "1");
    for (byte[] name : List.of(fixture.entryName("a"), fixture.headName("a"))) {
      server.command("DEL", name);
      server.command("HSET", name, "field", "value");
      assertThat(store.get("a", Ttl.KEEP, budget).value()).isNull();
      assertThat(store.get("a", LONG, budget).value()).isNull();
      assertThat(store.containsKey("a", budget)).isFalse();
      assertThat(put("a", "2").outcome()).isEqualTo(Outcome.CREATED);
      assertThat(store.get("a", Ttl.KEEP, budget).value()).isEqualTo("2");
    }
  }

  @Test
  void keysThatAreUnknownOrElsewhereAreLeftOut() {
    put("a", "1");
    put("unknown", "1");
    byte[] encoded = bytes("a");
    int other = (Layout.bucketOf(encoded) + 1) % Layout.BUCKETS;
    byte[] frame = (byte[]) server.command("GET", fixture.entryName("a"));
    server.command("SET", fixture.layout().entry(other, encoded), frame);
    server.command("SET", fixture.layout().lease(other, bytes("x}:y")), frame);
    List<String> found = new ArrayList<>();
    store.iterator().forEachRemaining(entry -> found.add(entry.getKey()));
    assertThat(found).containsExactly("a");
  }

  @Test
  void anotherLayoutIsRefused() {
    server.command("SET", fixture.layout().descriptor(), "key-encoding=9 buckets=64");
    RedisStore<String, String> other = fixture.store();
    assertThatThrownBy(() -> other.get("a", Ttl.KEEP, budget))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("things")
        .hasMessageContaining("key-encoding=9");
  }

  // --- two processes

  @Test
  void incrementsOverTwoClientsAreExact() throws Exception {
    try (RedisClients others = new RedisClients()) {
      RedisClient second = others.acquire(RedisFixture.settings(server, RedisFixture.TIMEOUT));
      List<RedisStore<String, String>> stores =
          List.of(store, fixture.store(second, Duration.ZERO, Duration.ZERO));
      put("n", "0");
      ExecutorService pool = Executors.newFixedThreadPool(4);
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        RedisStore<String, String> mine = stores.get(t % 2);
        all.add(pool.submit(() -> increment(mine, 200)));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
      pool.shutdown();
    }
    assertThat(store.get("n", Ttl.KEEP, budget).value()).isEqualTo("800");
  }

  private void increment(RedisStore<String, String> over, int times) {
    for (int i = 0; i < times; i++) {
      Outcome outcome = Outcome.REFUSED;
      while (outcome == Outcome.REFUSED) {
        SharedStored<String> prior = over.getFresh("n", budget);
        String next = String.valueOf(Integer.parseInt(prior.value()) + 1);
        outcome = over.write(Change.replace("n", prior, next, LONG), budget);
      }
    }
  }

  @Test
  void leasesAreHeldByOneClientAndEnd() {
    RedisStore<String, String> other = fixture.store();
    byte[] name = fixture.layout().lease(bucket("a"), bytes("a"));
    try (var lease = store.lease("a", budget)) {
      assertThat((Long) server.command("PTTL", name)).isBetween(50_000L, 60_000L);
      assertThat(refusal(other))
          .isInstanceOf(LockTimeoutException.class)
          .hasMessageContaining("things");
      server.command("SET", name, "someone else's");
    }
    assertThat(text(server.command("GET", name))).isEqualTo("someone else's");
  }

  /** Of a lease that is held; where a machine is busy, the answer may come too late at first. */
  private static Throwable refusal(RedisStore<String, String> store) {
    Budget some = Budget.each(TimeUnit.SECONDS.toNanos(2));
    Throwable refusal = catchThrowable(() -> store.lease("a", some));
    for (int i = 1; i < 5 && refusal instanceof RedisTimedOutException; i++) {
      refusal = catchThrowable(() -> store.lease("a", some));
    }
    return refusal;
  }

  @Test
  void theClockIsKnownWithinARoundTrip() {
    long second = TimeUnit.SECONDS.toNanos(1);
    long error = TimeUnit.MILLISECONDS.toNanos(100);
    long end = System.nanoTime() + 20 * second;
    while (true) {
      long before = System.nanoTime();
      long nanos = store.localNanosBefore(serverMicros() + 1_000_000);
      assertThat(nanos - System.nanoTime()).isLessThanOrEqualTo(second);
      if (nanos - before > second - error) {
        return;
      }
      // A machine that was busy just then has seen long round trips only.
      assertThat(System.nanoTime() - end).as("known too badly").isNegative();
      store.heads().toCompletableFuture().join();
    }
  }

  private SharedWrite put(String key, String value) {
    return store.writeShared(Change.put(key, value, LONG, LONG), budget);
  }

  private Outcome write(Change<String, String> change) {
    return store.write(change, budget);
  }

  private static Change<String, String> given(String key, String value, Condition condition) {
    return new Change<>(key, value, LONG, LONG, condition, null);
  }

  /** What Redis executed meanwhile, without this test's own look. */
  private static Map<String, Long> commands(Runnable action) {
    TreeMap<String, Long> before = server.commandStats();
    action.run();
    TreeMap<String, Long> after = server.commandStats();
    before.forEach((name, calls) -> after.merge(name, -calls, Long::sum));
    after.values().removeIf(calls -> calls == 0);
    after.keySet().removeAll(Set.of("info", "ping"));
    return after;
  }

  private void awaitSwept() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      if (server.command("GET", fixture.layout().unswept()) == null
          && server.command("GET", fixture.layout().sweepLease()) == null) {
        return;
      }
      RedisFixture.pass(10);
    }
    throw new AssertionError("not swept");
  }

  private List<?> entryNames() {
    Object reply =
        server.command("SCAN", 0, "MATCH", fixture.layout().entryPattern(), "COUNT", 100_000);
    return (List<?>) ((List<?>) reply).get(1);
  }

  private static long outputBytes() {
    String stats = text(server.command("INFO", "stats"));
    int at = stats.indexOf("total_net_output_bytes:") + "total_net_output_bytes:".length();
    return Long.parseLong(stats.substring(at, stats.indexOf('\r', at)));
  }

  private long pttl(String key) {
    return (Long) server.command("PTTL", fixture.entryName(key));
  }

  private long headPttl(String key) {
    return (Long) server.command("PTTL", fixture.headName(key));
  }

  private String frame(String key) {
    return text(server.command("GET", fixture.entryName(key)));
  }

  private static int bucket(String key) {
    return Layout.bucketOf(bytes(key));
  }

  private static long serverMicros() {
    List<?> time = (List<?>) server.command("TIME");
    return Long.parseLong(text(time.get(0))) * 1_000_000 + Long.parseLong(text(time.get(1)));
  }

  private static String digits(long number) {
    return "%016d".formatted(number);
  }

  private static String text(Object reply) {
    return RespConnection.text(reply);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
