package io.larder;

import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

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
