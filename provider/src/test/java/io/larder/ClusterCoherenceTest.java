package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What near caches of three processes promise each other over a cluster that is rearranged. */
final class ClusterCoherenceTest {

  private static final AtomicInteger CACHES = new AtomicInteger();
  private static final List<String> KEYS = IntStream.range(0, 12)
      .mapToObj(i -> List.of("one", "two", "here").get(i % 3) + "/" + i)
      .toList();

  private static RedisCluster cluster;
  private static String namespace;
  private static List<Peer> peers;
  private static ExecutorService threads;

  private final String cache = "c" + CACHES.incrementAndGet();

  @BeforeAll
  static void start() {
    cluster = RedisCluster.start();
    namespace = RedisServer.newNamespace();
    peers = List.of(
        Peer.child("one", cluster.asServer(), namespace),
        Peer.child("two", cluster.asServer(), namespace),
        Peer.here(cluster.asServer(), namespace));
    threads = Executors.newFixedThreadPool(peers.size());
  }

  @AfterAll
  static void stop() {
    threads.shutdownNow();
    peers.forEach(Peer::close);
    cluster.close();
  }

  @Test
  void manyEntriesTakeOneTripToEachMaster() {
    try (TestCaches caches = TestCaches.in(Mode.REDIS, cluster.asServer())) {
      LarderCache<String, String> entries =
          caches.cache(caches.configuration(String.class, String.class));
      Map<String, String> many = new LinkedHashMap<>();
      IntStream.range(0, 300).forEach(i -> many.put("key" + i, "v"));
      entries.putAll(many);

      assertOneTrip(() -> entries.putAll(many), "evalsha");
      assertOneTrip(() -> assertThat(entries.getAll(many.keySet())).isEqualTo(many), "mget");
      assertOneTrip(() -> entries.removeAll(many.keySet()), "evalsha");
      assertOneTrip(entries::clear, "evalsha");
    }
  }

  /**
   * A node reads at once what came together; it also reads what others ask, so the fewest of some
   * tries count.
   */
  private static void assertOneTrip(Runnable operation, String command) {
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      List<TreeMap<String, Long>> before = counts();
      operation.run();
      List<TreeMap<String, Long>> after = counts();
      long commands = 0;
      long reads = 0;
      for (int node = 0; node < before.size(); node++) {
        commands += difference(before.get(node), after.get(node), command);
        reads += difference(before.get(node), after.get(node), "reads");
      }
      assertThat(commands).isBetween(60L, 90L);
      fewest = Math.min(fewest, reads);
    }
    assertThat(fewest).isLessThan(30);
  }

  private static long difference(Map<String, Long> before, Map<String, Long> after, String count) {
    return after.getOrDefault(count, 0L) - before.getOrDefault(count, 0L);
  }

  private static List<TreeMap<String, Long>> counts() {
    return cluster.masters().stream()
        .map(master -> {
          TreeMap<String, Long> counts = master.commandStats();
          String stats = RespConnection.text(master.command("INFO", "stats"));
          String reads = stats.replaceAll("(?s).*total_reads_processed:(\\d+).*", "$1");
          counts.put("reads", Long.valueOf(reads));
          return counts;
        })
        .toList();
  }

  @Test
  void readsFollowWritesOfAllProcesses() {
    assertCoherent(2_000, () -> {});
  }

  @Test
  void replicaTakesOverInAgreement() {
    assertCoherent(6_000, () -> {
      for (RedisServer master : cluster.masters()) {
        cluster.failOver(master);
        pass(1_000);
      }
    });
    cluster.awaitWhole();
  }

  @Test
  void slotsMoveWithTheirEntries() {
    assertCoherent(6_000, () -> {
      List<String> heads = new ArrayList<>();
      while (heads.size() < KEYS.size()) {
        heads.clear();
        KEYS.forEach(key -> heads.addAll(headsOf(key)));
      }
      for (String head : heads) {
        RedisServer owner = cluster.masterOf(head);
        RedisServer target = cluster.masters().stream()
            .filter(master -> master != owner)
            .findFirst()
            .orElseThrow();
        cluster.move(cluster.slotOf(head), target, 30);
      }
    });
  }

  /** Processes read and write; meanwhile something happens, and no read is old. */
  private void assertCoherent(long millis, Runnable meanwhile) {
    peers.forEach(peer -> peer.ask("open " + cache));
    String command = "workOn " + cache + " " + millis + " " + String.join(" ", KEYS);
    List<CompletableFuture<String>> working = peers.stream()
        .map(peer -> CompletableFuture.supplyAsync(() -> peer.ask(command), threads))
        .toList();
    pass(300);
    meanwhile.run();
    assertThat(working).as("the load goes on as long").noneMatch(CompletableFuture::isDone);

    History history = new History();
    working.forEach(work -> PeerWork.parse(work.join(), history));
    assertThat(history.violations()).isEmpty();
    assertThat(history.size()).isGreaterThan(500);
    for (String key : KEYS) {
      String left = peers.get(0).ask("get " + cache + " " + key);
      for (Peer peer : peers) {
        await(key + " is " + left, () -> get(peer, key).equals(left));
        await(key + " is near", () -> left.equals("-") || isNear(peer, key));
        assertThat(get(peer, key)).isEqualTo(left);
      }
    }
  }

  private List<String> headsOf(String key) {
    String pattern = "larder:{" + namespace + ":" + cache + ":??}:*" + key;
    return cluster.masters().stream()
        .flatMap(master -> ((List<?>) master.command("KEYS", pattern)).stream())
        .map(name -> RespConnection.text(name).replaceAll("(?s)\\}.*", "}"))
        .toList();
  }

  private String get(Peer peer, String key) {
    return peer.ask("get " + cache + " " + key);
  }

  private boolean isNear(Peer peer, String key) {
    return peer.ask("readable " + cache + " " + key).equals("true");
  }

  private static void pass(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not after 20 s: " + what).isLessThan(end);
      pass(2);
    }
  }
}
