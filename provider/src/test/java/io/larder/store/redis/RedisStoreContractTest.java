package io.larder.store.redis;

import io.larder.store.Store;
import io.larder.store.StoreContract;
import io.larder.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

final class RedisStoreContractTest extends StoreContract {

  private static final long SHORT_MILLIS = 250;

  private static RedisServer server;
  private RedisFixture fixture;

  @BeforeAll
  static void startServer() {
    server = RedisServer.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void closeClient() {
    fixture.close();
  }

  @Override
  protected Store<String, String> openStore() {
    fixture = new RedisFixture(server);
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
