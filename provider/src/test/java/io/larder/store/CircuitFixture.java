package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LogLevel;
import io.larder.log.Log;
import io.larder.stats.TierCounters;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A circuit that opens after three failures, a store behind it, and a timer that obeys. */
final class CircuitFixture implements AutoCloseable {

  static final long LONG = 600_000;
  static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

  final HandTimer timer = new HandTimer();
  final HandServer server = new HandServer();
  final MemoryServer<String, String> memory = new MemoryServer<>(4);
  final ManualClock clock = new ManualClock();
  final MemorySharedStore<String, String> shared = MemorySharedStore.immediate(memory, clock);
  final Budget budget = Budget.each(TimeUnit.SECONDS.toNanos(5));
  final Circuit circuit = new Circuit(
      server,
      new CircuitSpec(
          Log.of("circuit", LogLevel.DEBUG),
          3,
          Duration.ofMinutes(1),
          Duration.ofNanos(TIMEOUT_NANOS),
          timer,
          Runnable::run,
          status -> {}));

  /** A call that begins now, and may take so long. */
  static Allowance call(long nanos) {
    return Allowance.of(Budget.each(nanos));
  }

  /** Over the shared store, with a heap as its fallback. */
  ResilientStore<String, String> store() {
    return store(shared, heap());
  }

  ResilientStore<String, String> store(
      SharedStore<String, String> over, @Nullable Store<String, String> fallback) {
    return new ResilientStore<>(over, spec(fallback));
  }

  ResilientSpec<String, String> spec(@Nullable Store<String, String> fallback) {
    return spec(fallback, 100);
  }

  ResilientSpec<String, String> spec(@Nullable Store<String, String> fallback, int journalSize) {
    return new ResilientSpec<>(
        Log.of("cache", LogLevel.DEBUG),
        circuit,
        fallback,
        journalSize,
        UnaryOperator.identity(),
        UnaryOperator.identity());
  }

  /** Until what may still land cannot any more, which is by the system's clock, and is removed. */
  void awaitNothingJournalled() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (circuit.status().journalledKeys() > 0) {
      assertThat(System.nanoTime() - end).as("waited in vain").isNegative();
      timer.runAll();
      LockSupport.parkNanos(1_000_000);
    }
  }

  static HeapStore<String, String> heap() {
    return new HeapStore<>(new HeapStore.Spec(
        100,
        0,
        () -> false,
        () -> {},
        true,
        new TierCounters(),
        com.github.benmanes.caffeine.cache.Ticker.systemTicker()));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
