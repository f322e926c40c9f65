package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.larder.config.LogLevel;
import io.larder.expiry.Ttl;
import io.larder.log.Log;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.Claim;
import io.larder.store.Outcome;
import io.larder.store.SharedStored;
import io.larder.store.SharedWrite;
import io.larder.store.StoreUnavailableException;
import io.larder.store.Stored;
import io.larder.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.client.protocol.RedisCommand;

/** What happens when Redis is slow, full, gone or wrong about the time. */
final class RedisFaultsTest {

  private static final long LONG = 600_000;

  private final Budget budget = Budget.each(TimeUnit.SECONDS.toNanos(5));
  private RedisServer server;
  private RedisFixture fixture;
  private RedisStore<String, String> store;

  @BeforeEach
  void open() {
    server = RedisServer.startOwn("--maxmemory-policy", "noeviction");
    fixture = new RedisFixture(server);
    store = fixture.store();
    store.open(budget);
  }

  @AfterEach
  void close() {
    store.close();
    fixture.close();
    server.close();
  }

  // --- late writes

  @Test
  void aWriteThatItsCallerGaveUpIsNotMadeLater() throws Exception {
    SharedWrite first = put("a", "1");
    server.pause();
    Change<String, String> change = Change.put("a", "2", LONG, LONG);
    assertThatThrownBy(() -> store.write(change, millis(100)))
        .isInstanceOf(RedisTimedOutException.class)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("things");
    assertThatThrownBy(
            () -> store.writeAll(List.of(change, Change.put("b", "2", LONG, LONG)), millis(100)))
        .isInstanceOf(RedisTimedOutException.class);
    assertThatThrownBy(() -> store.clear(millis(100))).isInstanceOf(RedisTimedOutException.class);
    RedisFixture.pass(50);
    server.resume();
    RedisFixture.pass(200);
    SharedStored<String> found = store.get("a", Ttl.KEEP, budget);
    assertThat(found.value()).isEqualTo("1");
    assertThat(found.headSequence()).isEqualTo(first.sequence());
    assertThat(store.get("b", Ttl.KEEP, budget).value()).isNull();
    assertThat(server.commandStats()).containsKey("evalsha");
  }

  @Test
  void aClaimAndALeaseThatTheirCallersGaveUpAreNotTakenLater() throws Exception {
    put("other", "1");
    TimelyCaller timely = new TimelyCaller(
        fixture.client, new Caller(fixture.client, Log.of("things", LogLevel.DEBUG)));
    byte[] lease = fixture.layout().lease(0, new byte[] {1});
    server.pause();
    assertThatThrownBy(() -> store.claim("k", "1".repeat(32), millis(100)))
        .isInstanceOf(RedisTimedOutException.class);
    assertThatThrownBy(() -> timely.call(Call.take(lease, new byte[] {2}, 60_000), millis(100)))
        .isInstanceOf(RedisTimedOutException.class);
    RedisFixture.pass(50);
    server.resume();
    RedisFixture.pass(200);
    assertThat(server.command("EXISTS", fixture.entryName("k"), lease)).isEqualTo(0L);
    assertThat(server.command("EXISTS", fixture.headName("k"))).isEqualTo(0L);
    Stored<String> others = store.claim("k", "2".repeat(32), budget);
    assertThat(others).isInstanceOf(Claim.class);
    ((Claim<String>) others).close();
  }

  /** In which of its steps the time ends is chance. */
  @Test
  void whatPassesButOutlastsTheBudgetIsAnOutageAndNoRefusal() {
    Call unknown =
        new Call(new RedisCommand<>("EVALSHA"), new byte[] {1}, new Object[] {"0".repeat(40), 0});
    Caller caller = new Caller(fixture.client, Log.of("things", LogLevel.DEBUG));
    assertThatThrownBy(() -> caller.call(unknown, millis(2_000)))
        .isInstanceOf(RedisTimedOutException.class)
        .hasMessageContaining("things");
    assertThatThrownBy(() -> caller.callAll(List.of(unknown, unknown), millis(2_000)))
        .isInstanceOf(RedisTimedOutException.class)
        .hasMessageContaining("things");
  }

  @Test
  void aServerClockThatWasSetCostsASecondTrip() {
    put("a", "1");
    setClockBack();
    assertThat(put("a", "2").outcome()).isEqualTo(Outcome.UPDATED);
    setClockBack();
    assertThat(store.claim("claimed", "1".repeat(32), budget)).isInstanceOf(Claim.class);
    setClockBack();
    List<Change<String, String>> changes = IntStream.range(0, 100)
        .mapToObj(i -> Change.put("k" + i, "1", LONG, LONG))
        .toList();
    assertThat(store.writeAll(changes, budget)).containsOnly(Outcome.CREATED);
  }

  /** What this process believes of the server's clock is a minute behind from now on. */
  private void setClockBack() {
    long now = System.nanoTime();
    long micros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) - 60_000_000;
    fixture.client.clockOf(fixture.headName("a")).learn(now, now, micros);
  }

  @Test
  void withoutTimeLeftNothingIsAwaited() {
    assertThatThrownBy(() -> store.write(Change.put("a", "1", LONG, LONG), () -> -1))
        .isInstanceOf(RedisTimedOutException.class);
    assertThat(store.get("a", Ttl.KEEP, budget).value()).isNull();
  }

  @Test
  void anInterruptedCallerIsToldAndStaysInterrupted() {
    put("a", "1");
    server.pause();
    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(() -> put("a", "2"));
    assertThat(Thread.interrupted()).isTrue();
    server.resume();
    assertThat(thrown).isInstanceOf(CacheException.class);
  }

  // --- a full Redis

  @Test
  void aValueThatDoesNotFitLeavesItsKeyAbsent() {
    SharedWrite first = put("a", "old");
    put("b", "old");
    put("c", "old");
    fill();
    assertThatThrownBy(() -> put("a", "new"))
        .isInstanceOf(RedisRefusedException.class)
        .isNotInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("things")
        .hasMessageContaining("full");
    SharedStored<String> found = store.get("a", Ttl.KEEP, budget);
    assertThat(found.value()).isNull();
    assertThat(found.headSequence()).isGreaterThan(first.sequence());
    assertThatThrownBy(() -> store.writeAll(
            List.of(Change.put("b", "new", LONG, LONG), Change.put("x", "new", LONG, LONG)),
            budget))
        .isInstanceOf(RedisRefusedException.class);
    assertThat(store.get("b", Ttl.KEEP, budget).value()).isNull();
    store.touch("c", store.get("c", Ttl.KEEP, budget), LONG / 2, budget);
    assertThat(store.get("c", LONG / 4, budget).value()).isEqualTo("old");
    assertThat(store.write(Change.remove("c"), budget)).isEqualTo(Outcome.REMOVED);
    server.command("CONFIG", "SET", "maxmemory", 0);
    put("c", "again");
    fill();
    store.clear(budget);
    assertThat(store.get("c", Ttl.KEEP, budget).value()).isNull();
  }

  private void fill() {
    server.command("CONFIG", "SET", "maxmemory", 1);
  }

  // --- a Redis that is gone

  @Test
  void aRestartWithoutDataIsAnEmptyCache() throws Exception {
    SharedWrite before = put("a", "1");
    SharedStored<String> read = store.get("a", Ttl.KEEP, budget);
    server.kill();
    Throwable thrown = catchThrowable(() -> store.get("a", Ttl.KEEP, millis(500)));
    assertThat(thrown).isInstanceOf(StoreUnavailableException.class);
    server.startAgain();
    SharedStored<String> found = null;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (found == null) {
      try {
        found = store.get("a", Ttl.KEEP, budget);
      } catch (StoreUnavailableException e) {
        assertThat(System.nanoTime()).isLessThan(end);
        RedisFixture.pass(20);
      }
    }
    assertThat(found.value()).isNull();
    assertThat(found.headSequence()).isZero();
    assertThat(store.write(Change.replace("a", read, "2", LONG), budget))
        .isEqualTo(Outcome.REFUSED);
    assertThat(put("a", "3").generation()).isGreaterThan(before.sequence());
    assertThat(store.getAll(Set.of("a", "b"), Ttl.KEEP, budget).get("a").value())
        .isEqualTo("3");
  }

  @Test
  void anUnreachableRedisIsNamedWithoutSecrets() throws IOException {
    String address = "redis://127.0.0.1:" + closedPort();
    try (RedisClients clients = new RedisClients()) {
      long start = System.nanoTime();
      assertThatThrownBy(
              () -> clients.acquire(RedisFixture.settings(address, Duration.ofMillis(500))))
          .isInstanceOf(RedisUnavailableException.class)
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("redis://user:***@127.0.0.1")
          .hasCauseInstanceOf(Exception.class);
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
  }

  @Test
  void aServerThatAcceptsAndIsSilentIsUnreachable() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        RedisClients clients = new RedisClients()) {
      String address = "redis://127.0.0.1:" + silent.getLocalPort();
      assertThatThrownBy(
              () -> clients.acquire(RedisFixture.settings(address, Duration.ofMillis(500))))
          .isInstanceOf(RedisUnavailableException.class);
    }
  }

  @Test
  void aLazyClientWaitsNoLongerThanItsCallerAndConnectsLater() throws Exception {
    server.kill();
    try (RedisClients clients = new RedisClients()) {
      RedisClient lazy =
          clients.acquireLazily(RedisFixture.settings(server, Duration.ofMillis(400)));
      RedisStore<String, String> late = fixture.store(lazy, Duration.ZERO, Duration.ZERO);
      assertThatThrownBy(() -> late.get("a", Ttl.KEEP, millis(100)))
          .isInstanceOf(StoreUnavailableException.class);
      server.startAgain();
      SharedStored<String> found = null;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (found == null) {
        try {
          found = late.get("a", Ttl.KEEP, millis(400));
        } catch (StoreUnavailableException e) {
          assertThat(System.nanoTime()).isLessThan(end);
          RedisFixture.pass(20);
        }
      }
      assertThat(found.value()).isNull();
    }
  }

  // --- clients

  @Test
  void equalSettingsShareAClientUntilTheLastCloses() {
    try (RedisClients clients = new RedisClients()) {
      var settings = RedisFixture.settings(server, Duration.ofSeconds(10));
      RedisClient one = clients.acquire(settings);
      RedisClient two = clients.acquire(RedisFixture.settings(server, Duration.ofSeconds(10)));
      RedisClient other = clients.acquire(RedisFixture.settings(server, Duration.ofSeconds(11)));
      assertThat(two).isSameAs(one);
      assertThat(other).isNotSameAs(one);
      one.close();
      RedisStore<String, String> over = fixture.store(two, Duration.ZERO, Duration.ZERO);
      assertThat(over.containsKey("a", budget)).isFalse();
      two.close();
      assertThatThrownBy(() -> over.containsKey("a", budget))
          .isInstanceOf(RedisUnavailableException.class);
      assertThat(clients.acquire(settings)).isNotSameAs(one);
    }
  }

  @Test
  void closingEndsConnectionsAndThreads() throws Exception {
    // This fixture's own client has threads, too, which may begin at any time.
    store.close();
    fixture.close();
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    RedisClients clients = new RedisClients();
    RedisClient client = clients.acquire(RedisFixture.settings(server, Duration.ofSeconds(10)));
    fixture.store(client, Duration.ZERO, Duration.ZERO).clear(budget);
    List<Thread> own = Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .filter(thread -> thread.getName().matches("(larder-)?redis.*"))
        .toList();
    assertThat(own).isNotEmpty().allMatch(Thread::isDaemon);
    clients.close();
    for (Thread thread : own) {
      thread.join(20_000);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
    assertThatThrownBy(() -> clients.acquire(RedisFixture.settings(server, Duration.ofSeconds(10))))
        .isInstanceOf(IllegalStateException.class);
  }

  private SharedWrite put(String key, String value) {
    return store.writeShared(Change.put(key, value, LONG, LONG), budget);
  }

  private static Budget millis(long millis) {
    return Budget.startingNow(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
