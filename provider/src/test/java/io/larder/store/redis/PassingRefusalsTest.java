package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.larder.expiry.Ttl;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.Lease;
import io.larder.store.StoreUnavailableException;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Redis refuses for a while only is told as a store that is away, not as a refusal. */
final class PassingRefusalsTest {

  private static final long LONG = 600_000;

  private final Budget budget = Budget.each(TimeUnit.SECONDS.toNanos(2));

  /** Where an answer is expected, from a machine that may be busy. */
  private final Budget patient = Budget.each(TimeUnit.SECONDS.toNanos(10));

  private RedisServer server;
  private RedisFixture fixture;
  private RedisStore<String, String> store;

  @BeforeEach
  void open() {
    server = RedisServer.startOwn();
    fixture = new RedisFixture(server);
    store = fixture.store();
    store.write(Change.put("k", "v", LONG, LONG), patient);
  }

  @AfterEach
  void close() {
    store.close();
    fixture.close();
    server.close();
  }

  /** Whether an operation reads only. */
  private record Operation(String name, boolean reads, Runnable call) {}

  private List<Operation> operations(Budget budget) {
    return List.of(
        new Operation("get", true, () -> store.get("k", Ttl.KEEP, budget)),
        new Operation("getAll", true, () -> store.getAll(Set.of("k", "l"), Ttl.KEEP, budget)),
        new Operation("containsKey", true, () -> store.containsKey("k", budget)),
        new Operation("iterator", true, () -> store.iterator().forEachRemaining(entry -> {})),
        new Operation("put", false, () -> put("k", budget)),
        new Operation(
            "putAll",
            false,
            () -> store.writeAll(
                List.of(Change.put("a", "1", LONG, LONG), Change.put("b", "1", LONG, LONG)),
                budget)),
        new Operation("remove", false, () -> store.write(Change.remove("k"), budget)),
        new Operation("clear", false, () -> store.clearShared(budget)),
        new Operation("get that moves", false, () -> store.get("k", LONG / 2, budget)),
        new Operation("claim", false, () -> store.claim("c", "1".repeat(32), budget)),
        new Operation("lease", false, () -> {
          try (Lease lease = store.lease("k", budget)) {
            assertThat(lease).isNotNull();
          }
        }));
  }

  private void put(String key, Budget budget) {
    store.write(Change.put(key, "v", LONG, LONG), budget);
  }

  private Map<String, Throwable> failures(boolean reads, boolean writes) {
    return failures(reads, writes, budget);
  }

  private Map<String, Throwable> failures(boolean reads, boolean writes, Budget budget) {
    Map<String, Throwable> failures = new TreeMap<>();
    for (Operation operation : operations(budget)) {
      if (operation.reads() ? reads : writes) {
        failures.put(operation.name(), catchThrowable(operation.call()::run));
      }
    }
    return failures;
  }

  private void assertWorksSoon() throws Exception {
    await(() -> catchThrowable(
            () -> operations(patient).forEach(operation -> operation.call().run()))
        == null);
  }

  private static void await(BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      RedisFixture.pass(20);
    }
  }

  private void assertAway(Map<String, Throwable> failures) {
    failures.forEach((name, thrown) ->
        assertThat(thrown).as(name).isInstanceOf(StoreUnavailableException.class));
  }

  @Test
  void tooFewReplicas() throws Exception {
    server.command("CONFIG", "SET", "min-replicas-to-write", 1);
    assertAway(failures(false, true));
    assertThat(failures(true, false, patient).values()).containsOnlyNulls();
    server.command("CONFIG", "SET", "min-replicas-to-write", 0);
    assertWorksSoon();
  }

  @Test
  void readOnly() throws Exception {
    try (RedisServer master = RedisServer.startOwn()) {
      server.command("REPLICAOF", master.host(), master.port());
      assertAway(failures(false, true));
      server.command("REPLICAOF", "NO", "ONE");
      assertWorksSoon();
    }
  }

  @Test
  void masterOfAReplicaIsDown() throws Exception {
    server.command("CONFIG", "SET", "replica-serve-stale-data", "no");
    server.command("REPLICAOF", "127.0.0.1", RedisServer.freePort());
    assertAway(failures(true, true));
    server.command("REPLICAOF", "NO", "ONE");
    assertWorksSoon();
  }

  @Test
  void busyScript() throws Exception {
    server.command("CONFIG", "SET", "lua-time-limit", 20);
    Thread script = new Thread(() -> {
      Throwable killed = catchThrowable(() -> server.command("EVAL", "while true do end", 0));
      assertThat(killed).isNotNull();
    });
    script.start();
    await(() -> {
      Throwable busy = catchThrowable(() -> server.command("PING"));
      return busy != null && String.valueOf(busy.getMessage()).startsWith("BUSY");
    });
    assertAway(failures(true, true));
    server.command("SCRIPT", "KILL");
    script.join();
    assertWorksSoon();
  }

  @Test
  void tooManyClients() throws Exception {
    server.command("CONFIG", "SET", "maxclients", 12);
    List<RespConnection> others = new ArrayList<>();
    try (RespConnection admin = server.connect()) {
      Set<String> ours = new HashSet<>(Set.of(id(admin)));
      await(() -> {
        fill(others, ours);
        return onlyOurs(admin, ours);
      });
      assertAway(failures(true, true));
    }
    others.forEach(RespConnection::close);
    assertWorksSoon();
  }

  private static String id(RespConnection connection) {
    return RespConnection.text(connection.command("CLIENT", "ID"));
  }

  /** Connects until nobody else is let in. */
  private void fill(List<RespConnection> others, Set<String> ours) {
    Throwable full = null;
    for (int i = 0; i < 20 && full == null; i++) {
      full = catchThrowable(() -> {
        RespConnection other = server.connect();
        others.add(other);
        ours.add(id(other));
      });
    }
    assertThat(full).isNotNull();
  }

  /** Whether the store's client has no connection; one that it has, or has made again, is ended. */
  private static boolean onlyOurs(RespConnection admin, Set<String> ours) {
    List<String> foreign = RespConnection.text(admin.command("CLIENT", "LIST"))
        .lines()
        .map(line -> line.substring(3, line.indexOf(' ')))
        .filter(id -> !ours.contains(id))
        .toList();
    foreign.forEach(id -> admin.command("CLIENT", "KILL", "ID", id));
    return foreign.isEmpty();
  }

  @Test
  void saveFails() throws Exception {
    String dir = RespConnection.text(((List<?>) server.command("CONFIG", "GET", "dir")).get(1));
    server.command("CONFIG", "SET", "save", "3600 1");
    Path inTheWay = Path.of(dir, "dump.rdb");
    Files.createDirectories(inTheWay.resolve("folder"));
    server.command("BGSAVE");
    await(() ->
        RespConnection.text(server.command("INFO", "persistence")).contains("bgsave_status:err"));
    assertAway(failures(false, true));
    Files.delete(inTheWay.resolve("folder"));
    Files.delete(inTheWay);
    server.command("BGSAVE");
    assertWorksSoon();
  }
}
