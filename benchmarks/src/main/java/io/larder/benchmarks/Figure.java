package io.larder.benchmarks;

import java.util.Optional;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * One measured figure.
 *
 * @param subject what is done to what, by how many threads
 * @param peer the name of the cache that it was done to
 * @param score time an operation, in {@code unit}
 * @param error half the width of the 99.9 % interval; NaN if there are too few iterations
 * @param bytes allocated an operation; NaN if it was not measured
 */
record Figure(Subject subject, String peer, double score, double error, String unit, double bytes) {

  private static final String ALLOCATION = "gc.alloc.rate.norm";

  /**
   * What is measured, the same for all peers.
   *
   * @param payload empty where the group has but one
   */
  record Subject(String operation, String payload, int threads) {

    @Override
    public String toString() {
      return operation + (payload.isEmpty() ? "" : " " + payload) + ", "
          + (threads == 1 ? "1 thread" : threads + " threads");
    }
  }

  static Figure of(RunResult result) {
    BenchmarkParams params = result.getParams();
    String benchmark = params.getBenchmark();
    Result<?> primary = result.getPrimaryResult();
    Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
    return new Figure(
        new Subject(
            benchmark.substring(benchmark.lastIndexOf('.') + 1),
            Optional.ofNullable(params.getParam("payload")).orElse(""),
            params.getThreads()),
        params.getParam("peer"),
        primary.getScore(),
        primary.getScoreError(),
        primary.getScoreUnit(),
        allocation == null ? Double.NaN : allocation.getScore());
  }
}
