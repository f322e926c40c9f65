package io.larder.benchmarks;

import io.larder.benchmarks.Figure.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

/** Benchmarks that are run together and read in one report. */
enum Group {
  /** Hits in the process, beside Caffeine and its JCache. */
  HIT(HitBenchmark.class, HitPeer.CAFFEINE, List.of(1)) {
    @Override
    List<Aim> aims(Figures figures) {
      List<Aim> aims = new ArrayList<>();
      Subject string = new Subject("get", "STRING", 1);
      Subject object = new Subject("get", "OBJECT", 1);
      for (HitPeer larder :
          List.of(HitPeer.LARDER_HEAP_STATISTICS, HitPeer.LARDER_NEAR_STATISTICS)) {
        for (HitPeer caffeine : List.of(HitPeer.CAFFEINE, HitPeer.CAFFEINE_STATISTICS)) {
          aims.add(Aim.atMost(
              "String: time of " + larder + " / " + caffeine,
              figures.ratio(string, larder, caffeine),
              1.3));
        }
        // What the profiler itself allocates shows as a small fraction of a byte.
        aims.add(Aim.atMost(
            "String: bytes allocated by " + larder, figures.of(string, larder).bytes(), 0.5));
        aims.add(Aim.atLeast(
            "object: time of CAFFEINE_JCACHE_STATISTICS / " + larder,
            figures.ratio(object, HitPeer.CAFFEINE_JCACHE_STATISTICS, larder),
            20));
      }
      return aims;
    }
  },
  /** Answers of models that are in the process, beside hashing their prompts once. */
  ANSWER(AnswerBenchmark.class, AnswerPeer.HASH, List.of(1)) {
    @Override
    List<Aim> aims(Figures figures) {
      List<Aim> aims = new ArrayList<>();
      for (Prompt prompt : Prompt.values()) {
        Subject find = new Subject("find", prompt.name(), 1);
        aims.add(Aim.atMost(
            prompt + ": time of LARDER_NEAR / HASH",
            figures.ratio(find, AnswerPeer.LARDER_NEAR, AnswerPeer.HASH),
            3));
      }
      return aims;
    }
  },
  /** Reads and writes over Redis, beside Redisson. */
  REDIS(RedisBenchmark.class, RedisPeer.RBUCKET, List.of(1, 2, 16)) {
    @Override
    List<Aim> aims(Figures figures) {
      List<Aim> aims = new ArrayList<>();
      for (int threads : List.of(1, 2)) {
        Subject get = new Subject("get", "", threads);
        Subject put = new Subject("put", "", threads);
        aims.add(Aim.atMost(
            get + ": time of LARDER / RBUCKET",
            figures.ratio(get, RedisPeer.LARDER, RedisPeer.RBUCKET),
            1.1));
        aims.add(Aim.atLeast(
            put + ": speed of LARDER / RBUCKET",
            figures.ratio(put, RedisPeer.RBUCKET, RedisPeer.LARDER),
            0.8));
      }
      return aims;
    }
  };

  private final Class<?> benchmark;
  private final Enum<?> baseline;
  private final List<Integer> threads;

  Group(Class<?> benchmark, Enum<?> baseline, List<Integer> threads) {
    this.benchmark = benchmark;
    this.baseline = baseline;
    this.threads = threads;
  }

  /** What the figures are to be, and are. */
  abstract List<Aim> aims(Figures figures);

  /** The peer that others are compared with. */
  Enum<?> baseline() {
    return baseline;
  }

  /** Runs every benchmark of this group. */
  List<RunResult> run(Length length, String redisUrl) throws RunnerException {
    System.setProperty(RedisAddress.PROPERTY, redisUrl); // for those that run in this process
    Collection<RunResult> results = new ArrayList<>();
    for (int count : threads) {
      results.addAll(new Runner(length
              .options()
              .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
              .threads(count)
              .addProfiler(GCProfiler.class)
              .jvmArgsAppend("-Xms1g", "-Xmx1g", "-D" + RedisAddress.PROPERTY + "=" + redisUrl)
              .build())
          .run());
    }
    return List.copyOf(results);
  }
}
