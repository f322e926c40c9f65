package io.larder.store;

import io.larder.config.LogLevel;
import io.larder.log.Log;
import io.larder.stats.TierCounters;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;

/** The near tier over a shared store keeps the contract of a store. */
final class NearStoreContractTest extends StoreContract {

  private final MemoryServer<String, String> server = new MemoryServer<>(4);
  private final ManualClock clock = new ManualClock();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @Override
  protected Store<String, String> openStore() {
    return new NearStore<>(
        MemorySharedStore.immediate(server, clock),
        NearSpec.of(1000, timer, new TierCounters(), Log.of("contract", LogLevel.DEBUG)),
        clock);
  }

  @AfterEach
  void stopTimer() {
    timer.shutdownNow();
  }

  @Override
  protected long shortTtl() {
    return 1_500;
  }

  @Override
  protected void letPass(long millis) {
    server.passMillis(millis);
    clock.passMillis(millis);
  }
}
