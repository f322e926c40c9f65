package io.larder.store;

import com.github.benmanes.caffeine.cache.Ticker;
import io.larder.stats.TierCounters;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The heap keeps the contract of every store. */
final class HeapStoreContractTest extends StoreContract {

  private static final long SHORT_TTL_MILLIS = 1_000;

  private final AtomicLong nanos = new AtomicLong(ThreadLocalRandom.current().nextLong());

  @Override
  protected Store<String, String> openStore() {
    Ticker ticker = nanos::get;
    return new HeapStore<>(
        new HeapStore.Spec(1_000_000, 0, () -> false, () -> {}, true, new TierCounters(), ticker));
  }

  @Override
  protected long shortTtl() {
    return SHORT_TTL_MILLIS;
  }

  @Override
  protected void letPass(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis + 1));
  }
}
