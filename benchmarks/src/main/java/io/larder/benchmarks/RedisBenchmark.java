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

/** Reads and writes of existing entries of 1 KiB in Redis. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls open()
public class RedisBenchmark {

  private static final int TEXTS = 64;

  @Param
  public RedisPeer peer;

  @Param("10000")
  public int keyCount;

  private final Object[] texts = new Object[TEXTS];
  private Keys keys;
  private Contender cache;

  /** Fills the cache. */
  @Setup
  public void open() {
    keys = new Keys(keyCount);
    for (int i = 0; i < TEXTS; i++) {
      texts[i] = Payload.TEXT.value(i);
    }
    cache = peer.open(RedisAddress.given());
    cache.fill(keys, Payload.TEXT);
    cache.settle(keys);
  }

  /** One read that finds its entry. */
  @Benchmark
  public @Nullable Object get(Position position) {
    return cache.get(keys.at(position.next()));
  }

  /** One write of an entry that exists. */
  @Benchmark
  public void put(Position position) {
    int now = position.next();
    cache.put(keys.at(now), texts[now & (TEXTS - 1)]);
  }

  /** Looks where the answers came from. */
  @TearDown
  public void close() {
    try (Contender closed = cache) {
      closed.verify();
    }
  }
}
