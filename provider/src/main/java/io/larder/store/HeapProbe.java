package io.larder.store;

import com.github.benmanes.caffeine.cache.Ticker;
import io.larder.expiry.Ttl;
import io.larder.stats.TierCounters;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A probe of the heap: the item goes the way of an entry, in a store of its own. */
public final class HeapProbe implements Probe {

  private static final String KEY = "item";

  private final HeapStore<String, byte[]> store = new HeapStore<>(new HeapStore.Spec(
      1, 0, () -> false, () -> {}, false, new TierCounters(), Ticker.systemTicker()));

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public CompletionStage<Void> ping() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void ping(Budget budget) {}

  @Override
  public boolean write(byte[] item, long millis, Budget budget) {
    Change<String, byte[]> creation =
        new Change<>(KEY, item, millis, Ttl.KEEP, Condition.IF_ABSENT, null);
    return store.write(creation, budget) == Outcome.CREATED;
  }

  @Override
  public byte @Nullable [] read(Budget budget) {
    return store.getFresh(KEY, budget).value();
  }

  @Override
  public boolean remove(byte[] item, Budget budget) {
    Stored<byte[]> stored = store.getFresh(KEY, budget);
    return Arrays.equals(item, stored.value())
        && store.write(Change.remove(KEY, stored), budget) == Outcome.REMOVED;
  }

  @Override
  public Map<String, String> information(String section, Budget budget) {
    return Map.of();
  }
}
