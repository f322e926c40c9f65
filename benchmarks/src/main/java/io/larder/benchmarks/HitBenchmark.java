package io.larder.benchmarks;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A read that finds its entry in the process. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls open()
public class HitBenchmark {

  @Param({"STRING", "OBJECT"})
  public Payload payload;

  @Param
  public HitPeer peer;

  @Param("10000")
  public int keyCount;

  private Keys keys;
  private Contender cache;

  /** Fills the cache, and makes sure that it copies if it has to, and only then. */
  @Setup
  public void open() {
    keys = new Keys(keyCount);
    cache = peer.open(payload, RedisAddress.given());
    cache.fill(keys, payload);
    cache.settle(keys);
    if (payload == Payload.OBJECT) {
      requireCopies();
    }
  }

  private void requireCopies() {
    String key = keys.key(0);
    Object first = cache.get(key);
    Object second = cache.get(key);
    if (first == null || !first.equals(payload.value(0)) || !first.equals(second)) {
      throw new IllegalStateException(peer + " answers another value than was put");
    }
    if ((first == second) == peer.byValue()) {
      throw new IllegalStateException(
          peer + (peer.byValue() ? " hands out a shared instance" : " hands out copies"));
    }
  }

  /** One hit. */
  @Benchmark
  public @Nullable Object get(Position position) {
    return cache.get(keys.at(position.next()));
  }

  /** Looks where the answers came from. */
  @TearDown
  public void close() {
    try (Contender closed = cache) {
      closed.verify();
    }
  }
}
