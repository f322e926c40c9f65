package io.larder.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.LogLevel;
import io.larder.expiry.Ttl;
import io.larder.log.Log;
import io.larder.stats.TierCounters;
import java.lang.reflect.Method;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentMap;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** To the threads of one process that alone writes, the near tier is not there. */
final class NearStoreLincheckTest {

  @Test
  void theNearStoreIsLinearizable() {
    options(new StressOptions(), 3).iterations(8).invocationsPerIteration(300).check(Near.class);
  }

  @Test
  void aBucketIsLinearizable() {
    options(new ModelCheckingOptions(), 2)
        .iterations(5)
        .invocationsPerIteration(50)
        .check(Bucket.class);
  }

  /**
   * The check can fail: a near cache that stores whatever it has read. Operations by chance may
   * miss it, so these are the ones that it takes: only their interleaving has to be found.
   */
  @Test
  void aNearCacheThatFillsWithoutAGuardIsNot() throws NoSuchMethodException {
    Method get = Unguarded.class.getMethod("get", int.class);
    Method put = Unguarded.class.getMethod("put", int.class, int.class);
    ExecutionScenario scenario = new ExecutionScenario(
        List.of(new Actor(put, List.of(0, 1))),
        List.of(List.of(new Actor(get, List.of(0))), List.of(new Actor(put, List.of(0, 2)))),
        List.of(new Actor(get, List.of(0))),
        null);
    assertThatThrownBy(() -> options(new ModelCheckingOptions(), 2)
            .addCustomScenario(scenario)
            .iterations(0)
            .invocationsPerIteration(1_000)
            .check(Unguarded.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  private static <O extends Options<O, ?>> O options(O options, int threads) {
    return options
        .threads(threads)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(1)
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
    private final NearStore<Integer, Integer> store = new NearStore<>(
        shared,
        NearSpec.of(100, timer, new TierCounters(), Log.of("lincheck", LogLevel.DEBUG)),
        clock);
    private final Budget budget = Budget.each(1_000_000_000);

    public Near() {
      remove(2);
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

  /** One bucket without what Caffeine does beside it, so that every interleaving can be tried. */
  @Param(name = "key", gen = IntGen.class, conf = "0:1")
  @Param(name = "value", gen = IntGen.class, conf = "1:9")
  public static final class Bucket {

    private static final long NEVER = Long.MAX_VALUE / 2;

    private final MemoryServer<Integer, Integer> server = new MemoryServer<>(1);
    private final Deque<MemoryServer.Message<Integer>> messages = new ConcurrentLinkedDeque<>();
    private final ConcurrentMap<Integer, NearEntry<Integer>> entries = new ConcurrentHashMap<>();
    private final NearBucket<Integer, Integer> bucket = new NearBucket<>(entries);

    public Bucket() {
      server.write(Change.remove(2));
      server.subscribe(messages::add);
      compare();
    }

    @Operation
    public Integer get(@Param(name = "key") int key) {
      NearEntry<Integer> entry = entries.get(key);
      if (entry != null && entry.readable(0)) {
        return entry.stored.value();
      }
      SharedStored<Integer> reply = server.get(key, Ttl.KEEP);
      NearCandidate<Integer> candidate =
          reply.value() == null ? null : new NearCandidate<>(reply, NEVER);
      bucket.replied(key, reply.headSequence(), candidate);
      return reply.value();
    }

    @Operation
    public Outcome put(@Param(name = "key") int key, @Param(name = "value") int value) {
      SharedWrite written = server.write(Change.put(key, value, Ttl.ETERNAL, Ttl.ETERNAL));
      long sequence = written.sequence();
      SharedStored<Integer> stored =
          new SharedStored<>(value, 1, sequence, sequence, NEVER, false, true, true);
      bucket.wrote(key, sequence, new NearCandidate<>(stored, NEVER));
      return written.outcome();
    }

    @Operation
    public Outcome remove(@Param(name = "key") int key) {
      SharedWrite written = server.write(Change.remove(key));
      bucket.wrote(key, written.sequence(), null);
      return written.outcome();
    }

    @Operation(nonParallelGroup = "messages")
    public void deliver() {
      MemoryServer.Message<Integer> message = messages.poll();
      if (message != null) {
        bucket.changed(message.previous(), message.sequence(), message.keys());
      }
    }

    @Operation(nonParallelGroup = "messages")
    public void compare() {
      bucket.note();
      bucket.compared(server.heads()[0]);
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
