package io.larder.examples.quickstart;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The same questions without a cache: the price of each, and a check of what the cache answered.
 *
 * @param priceNanos what computing took the second time, when the code was compiled already
 * @param wrong how many questions the cache answered otherwise
 */
record Baseline(Map<Question, Long> priceNanos, long wrong) {

  static Baseline of(List<Asked> all) {
    Map<Question, Asked> distinct = new HashMap<>();
    all.forEach(asked -> distinct.putIfAbsent(asked.topic().question(), asked));
    distinct.values().forEach(asked -> asked.topic().compute());
    Map<Question, Long> prices = new HashMap<>();
    long wrong = 0;
    for (Map.Entry<Question, Asked> entry : distinct.entrySet()) {
      Asked asked = entry.getValue();
      long start = System.nanoTime();
      Answer answer = asked.topic().compute();
      prices.put(entry.getKey(), System.nanoTime() - start);
      wrong += answer.equals(asked.answer()) ? 0 : 1;
    }
    return new Baseline(prices, wrong);
  }

  /** What all these asks would have taken without a cache. */
  long totalNanos(List<Asked> all) {
    return all.stream()
        .mapToLong(asked -> priceNanos.getOrDefault(asked.topic().question(), 0L))
        .sum();
  }
}
