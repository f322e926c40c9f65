package io.larder.ai.stats;

import java.util.List;
import java.util.Map;

/**
 * What an answer cache has counted so far in this process.
 *
 * @param operations by operation
 * @param cacheFailures how often the cache could not be asked or told; the calls went on
 * @param recommendations what follows from the figures
 */
public record AiStats(
    Map<String, AiOperationStats> operations,
    long cacheFailures,
    List<AiRecommendation> recommendations) {

  /** Copies what it is given. */
  public AiStats {
    operations = Map.copyOf(operations);
    recommendations = List.copyOf(recommendations);
  }
}
