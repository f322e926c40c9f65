package io.larder.store.redis;

import io.larder.store.Store;
import io.larder.store.StoreContract;
import io.larder.testing.RedisCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** What every store promises, over a cluster. */
final class ClusterStoreContractTest extends StoreContract {

  private static final long SHORT_MILLIS = 250;

  private static RedisCluster cluster;
  private RedisFixture fixture;

  @BeforeAll
  static void startCluster() {
    cluster = RedisCluster.start();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @AfterEach
  void closeClient() {
    fixture.close();
  }

  @Override
  protected Store<String, String> openStore() {
    fixture = new RedisFixture(cluster);
    return fixture.store();
  }

  @Override
  protected long shortTtl() {
    return SHORT_MILLIS;
  }

  @Override
  protected void letPass(long millis) throws InterruptedException {
    RedisFixture.pass(millis + 5);
  }
}
