package io.larder.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.expiry.Ttl;
import io.larder.stats.TierCounters;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.LincheckAssertionError;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.jetbrains.kotlinx.lincheck.strategy.stress.StressOptions;
import org.junit.jupiter.api.Test;

/** To the threads of one process that alone writes, the near tier is not there. */
final class NearStoreLincheckTest {

  @Test
  void theNearStoreIsLinearizable() {
    LinChecker.check(Near.class, options().iterations(30).invocationsPerIteration(1_000));
  }

  /** The check can fail: a near cache that stores whatever it has read. */
  @Test
  void aNearCacheThatFillsWithoutAGuardIsNot() {
    assertThatThrownBy(() -> LinChecker.check(
            Unguarded.class, options().iterations(200).invocationsPerIteration(2_000)))
        .isInstanceOf(LincheckAssertionError.class);
  }

  private static StressOptions options() {
    return new StressOptions()
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(2)
        .minimizeFailedScenario(false)
        .sequentialSpecification(Sequential.class);
  }

  /** What the operations mean. */
  public static final class Sequential {

    private final Map<Integer, Integer> map = new HashMap<>();

    public Integer get(int key) {
      return map.get(key);
    }

    public boolean contains(int key) {
      return map.containsKey(key);
    }

    public Outcome put(int key, int value) {
      return map.put(key, value) == null ? Outcome.CREATED : Outcome.UPDATED;
    }

    public Outcome remove(int key) {
      return map.remove(key) == null ? Outcome.NOTHING : Outcome.REMOVED;
    }

    public void clear() {
      map.clear();
    }

    public void deliver() {}

    public void compare() {}
  }

  /** The near store, with messages and comparisons that come at any time. */
  @Param(name = "key", gen = IntGen.class, conf = "0:1")
  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  public static final class Near {

    private final ManualClock clock = new ManualClock();
    private final ManualTimer timer = new ManualTimer();
    private final MemorySharedStore<Integer, Integer> shared =
        MemorySharedStore.stepped(new MemoryServer<>(1), clock);
    private final NearStore<Integer, Integer> store =
        new NearStore<>(shared, NearSpec.of(100, timer, new TierCounters(), "lincheck"), clock);
    private final Budget budget = Budget.each(1_000_000_000);

    public Near() {
      put(2, 0);
      shared.up();
      shared.answerComparison();
    }

    @Operation
    public Integer get(@Param(name = "key") int key) {
      return store.get(key, Ttl.KEEP, budget).value();
    }

    @Operation
    public boolean contains(@Param(name = "key") int key) {
      return store.containsKey(key, budget);
    }

    @Operation
    public Outcome put(@Param(name = "key") int key, @Param(name = "value") int value) {
      return store.write(Change.put(key, value, Ttl.ETERNAL, Ttl.ETERNAL), budget);
    }

    @Operation
    public Outcome remove(@Param(name = "key") int key) {
      return store.write(Change.remove(key), budget);
    }

    @Operation
    public void clear() {
      store.clear(budget);
    }

    @Operation
    public void deliver() {
      shared.deliver();
    }

    @Operation
    public void compare() {
      timer.tick();
      shared.answerComparison();
    }
  }

  /** A near cache as it is often written. */
  @Param(name = "key", gen = IntGen.class, conf = "0:1")
  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  public static final class Unguarded {

    private final Map<Integer, Integer> server = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> near = new ConcurrentHashMap<>();

    @Operation
    public Integer get(@Param(name = "key") int key) {
      Integer value = near.get(key);
      if (value == null) {
        value = server.get(key);
        if (value != null) {
          near.put(key, value);
        }
      }
      return value;
    }

    @Operation
    public Outcome put(@Param(name = "key") int key, @Param(name = "value") int value) {
      Outcome outcome = server.put(key, value) == null ? Outcome.CREATED : Outcome.UPDATED;
      near.remove(key);
      return outcome;
    }

    @Operation
    public Outcome remove(@Param(name = "key") int key) {
      Outcome outcome = server.remove(key) == null ? Outcome.NOTHING : Outcome.REMOVED;
      near.remove(key);
      return outcome;
    }
  }
}
