package io.larder.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The look-up of a model's answer that is in the process, beside hashing its prompt once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls open()
public class AnswerBenchmark {

  private static final int PROMPTS = 64;

  @Param
  public Prompt payload;

  @Param
  public AnswerPeer peer;

  private final String[] prompts = new String[PROMPTS];
  private AnswerPeer.Lookup lookup;

  /** Asks for each answer until it is there, and near. */
  @Setup
  public void open() {
    lookup = peer.open(RedisAddress.given());
    for (int i = 0; i < PROMPTS; i++) {
      prompts[i] = payload.text(i);
    }
    lookup.settle(prompts);
  }

  /** One look-up, or one hash. */
  @Benchmark
  public Object find(Position position) {
    return lookup.find(prompts[position.next() & (PROMPTS - 1)]);
  }

  /** Looks where the answers came from. */
  @TearDown
  public void close() {
    lookup.close();
  }
}
