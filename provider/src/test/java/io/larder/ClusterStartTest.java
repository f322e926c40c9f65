package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.larder.stats.RedisStatus.Connection;
import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import org.junit.jupiter.api.Test;

/** A cluster that is not there, or not as a whole, when the manager is made. */
final class ClusterStartTest {

  private static final int KEYS = 60;

  @Test
  void arrivesLaterAndThenWithoutOneMaster() {
    try (RedisCluster cluster = RedisCluster.start("--cluster-node-timeout", "1000")) {
      cluster.nodes().forEach(RedisServer::kill);
      try (TestCaches caches = open(cluster)) {
        RedisWatch watch = Outages.watch(caches);
        assertThat(watch.status().connection()).isNotEqualTo(Connection.CONNECTED);
        LarderCache<Integer, String> cache = strings(caches);
        putsAll(cache, "apart");
        assertThat(cache.get(7)).isEqualTo("apart");

        cluster.nodes().forEach(RedisServer::startAgain);
        cluster.awaitWhole();
        Outages.await(watch, Connection.CONNECTED);
        assertThat(cache.get(7)).isNull();
        putsAll(cache, "back");
      }

      RedisServer lost = cluster.masters().get(0);
      lost.kill();
      try (TestCaches caches = open(cluster);
          TestCaches peer = caches.peer()) {
        LarderCache<Integer, String> cache = strings(caches);
        LarderCache<Integer, String> other = strings(peer);
        putsAll(cache, "whatever");
        cluster.awaitFailedOver(lost);
        Outages.await(Outages.watch(caches), Connection.CONNECTED);
        Outages.await(() -> Outages.watch(caches).status().journalledKeys() == 0, "the replay");
        for (int i = 0; i < KEYS; i++) {
          int key = i;
          Outages.await(
              () -> {
                cache.put(key, "after");
                return "after".equals(other.get(key));
              },
              key + " is read");
        }
      }
    }
  }

  private static TestCaches open(RedisCluster cluster) {
    return TestCaches.in(
        Mode.REDIS, RedisServer.at(cluster.url()), Outages.settings("memory", 2000));
  }

  private static LarderCache<Integer, String> strings(TestCaches caches) {
    return caches.cache(caches.configuration(Integer.class, String.class));
  }

  private static void putsAll(LarderCache<Integer, String> cache, String value) {
    for (int key = 0; key < KEYS; key++) {
      int each = key;
      assertThat(catchThrowable(() -> cache.put(each, value))).isNull();
    }
  }
}
