package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What caches over one Redis are tested for, over a cluster of three masters. */
final class ClusterSpecsTest {

  private static RedisCluster cluster;

  @BeforeAll
  static void start() {
    cluster = RedisCluster.start();
  }

  @AfterAll
  static void stop() {
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

  private static RedisServer insteadOf(RedisServer single) {
    single.close();
    return cluster.asServer();
  }

  @Nested
  final class Parity extends ParityMatrixTest {
    @BeforeAll
    static void overCluster() {
      redis = insteadOf(redis);
    }
  }

  @Nested
  final class Conformance extends ConformanceTest {
    @BeforeAll
    static void overCluster() {
      redis = insteadOf(redis);
    }
  }

  @Nested
  final class Listeners extends ListenerTest {
    @BeforeAll
    static void overCluster() {
      redis = insteadOf(redis);
    }
  }

  @Nested
  final class Engine extends EngineTest {
    @BeforeAll
    static void overCluster() {
      redis = insteadOf(redis);
    }
  }

  @Nested
  final class Loading extends LoadingTest {
    @BeforeAll
    static void overCluster() {
      redis = insteadOf(redis);
    }
  }
}
