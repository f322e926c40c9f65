package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.stats.RedisStatus.Connection;
import io.larder.testing.LogLines;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import io.larder.testing.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A Redis that goes and comes again and again: no storm, no flood of messages, nothing left. */
final class FlappingTest {

  private static final int FLAPS = Integer.getInteger("larderTest.flaps", 2);
  private static final int OUTAGES = Integer.getInteger("larderTest.outages", 4);
  private static final int THREADS = 4;
  private static final long HALF_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MEMORY_TOLERANCE = 16L << 20;

  private RedisServer redis;
  private TcpProxy link;

  @BeforeEach
  void start() {
    redis = RedisServer.startOwn();
    link = TcpProxy.to(redis);
  }

  @AfterEach
  void stop() {
    link.close();
    redis.close();
  }

  @Test
  @Tag("rounds")
  void upAndDownEachSecond() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (LogLines log = LogLines.listen();
        TestCaches caches = caches()) {
      LarderCache<String, String> cache = strings(caches);
      cache.put("warm", "v");
      long connections = stat("total_connections_received");
      AtomicBoolean working = new AtomicBoolean(true);
      AtomicLong calls = new AtomicLong();
      List<Future<Long>> load = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        String key = "k" + i;
        load.add(threads.submit(() -> readsOwnWrites(cache, key, working, calls)));
      }
      for (int flap = 0; flap < FLAPS; flap++) {
        link.refuse();
        pass(HALF_NANOS);
        link.mend();
        pass(HALF_NANOS);
      }
      working.set(false);
      long longest = 0;
      for (Future<Long> worker : load) {
        longest = Math.max(longest, worker.get());
      }
      connections = stat("total_connections_received") - connections;
      Outages.await(Outages.watch(caches), Connection.CONNECTED);
      Outages.await(() -> Outages.watch(caches).status().journalledKeys() == 0, "the replay");
      long lines = log.text().lines().filter(line -> line.contains(" WARN ")).count();
      System.out.printf(
          "%d flaps: %d calls, longest %d ms, %d connections made, %d warnings%n",
          FLAPS, calls.get(), longest / 1_000_000, connections, lines);
      assertThat(connections).isLessThan(FLAPS * 40L);
      assertThat(lines).isLessThan(FLAPS * 6L);
      cache.put("k0", "last");
      assertThat(cache.get("k0")).isEqualTo("last");
    } finally {
      threads.shutdownNow();
    }
  }

  /** What is found is what this thread wrote last, or nothing. Answers the longest call. */
  private static long readsOwnWrites(
      LarderCache<String, String> cache, String key, AtomicBoolean working, AtomicLong calls) {
    long longest = 0;
    for (int i = 0; working.get(); i++) {
      long start = System.nanoTime();
      String value = String.valueOf(i);
      cache.put(key, value);
      assertThat(cache.get(key)).isIn(value, null);
      longest = Math.max(longest, System.nanoTime() - start);
      calls.addAndGet(2);
      pass(TimeUnit.MILLISECONDS.toNanos(1));
    }
    return longest;
  }

  @Test
  @Tag("rounds")
  void manyOutagesLeaveNothingBehind() throws Exception {
    Set<String> before = threads();
    try (RespConnection connection = redis.connect()) {
      try (TestCaches caches = caches()) {
        LarderCache<String, String> cache = strings(caches);
        RedisWatch watch = Outages.watch(caches);
        int threadsThen = 0;
        long memoryThen = 0;
        int clientsThen = 0;
        for (int outage = 0; outage < OUTAGES; outage++) {
          cache.put("k", "v");
          link.refuse();
          Outages.awaitOpen(watch, () -> cache.get("x" + System.nanoTime()));
          for (int i = 0; i < 1000; i++) {
            cache.put("k" + i, "v");
          }
          link.mend();
          Outages.await(watch, Connection.CONNECTED);
          Outages.await(() -> watch.status().journalledKeys() == 0, "the replay");
          assertThat(cache.get("k7")).isNull();
          if (outage == OUTAGES / 3) {
            threadsThen = threads().size();
            memoryThen = usedMemory();
            clientsThen = clients(connection);
          }
        }
        System.out.printf(
            "%d outages: threads %d -> %d, clients %d -> %d, memory %+d kB%n",
            OUTAGES,
            threadsThen,
            threads().size(),
            clientsThen,
            clients(connection),
            (usedMemory() - memoryThen) / 1024);
        int mostThreads = threadsThen + 2;
        int mostClients = clientsThen + 4;
        long mostMemory = memoryThen + MEMORY_TOLERANCE;
        Outages.await(() -> threads().size() <= mostThreads, "no more threads than before");
        Outages.await(() -> clients(connection) <= mostClients, "no more clients than before");
        Outages.await(() -> usedMemory() < mostMemory, "no more memory than before");
      }
      Outages.await(() -> clients(connection) == 1, "all connections are closed");
    }
    Outages.await(
        () -> threads().stream().allMatch(name -> before.contains(name)), "all threads have ended");
  }

  private TestCaches caches() {
    return TestCaches.in(Mode.NEAR, RedisServer.at(link.url()), Outages.settings("memory", 5000));
  }

  private static LarderCache<String, String> strings(TestCaches caches) {
    Outages.await(Outages.watch(caches), Connection.CONNECTED);
    return caches.cache(caches.configuration(String.class, String.class));
  }

  private long stat(String name) {
    return RespConnection.text(redis.command("INFO", "stats"))
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1).strip()))
        .sum();
  }

  private static int clients(RespConnection connection) {
    return (int) RespConnection.text(connection.command("CLIENT", "LIST"))
        .strip()
        .lines()
        .count();
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(thread -> thread.getName() + " " + thread.getId())
        .filter(name -> name.matches("(larder|redisson|netty|nioEventLoop|pool-).*"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long usedMemory() {
    System.gc();
    return java.lang.management.ManagementFactory.getMemoryMXBean()
        .getHeapMemoryUsage()
        .getUsed();
  }

  private static void pass(long nanos) {
    java.util.concurrent.locks.LockSupport.parkNanos(nanos);
  }
}
