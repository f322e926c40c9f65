package io.larder.benchmarks;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The keys of a cache, and the order in which they are asked for: a Zipf distribution (exponent
 * 0.99), drawn beforehand from a fixed seed, so that all caches are asked for the same keys.
 * Immutable.
 */
final class Keys {

  private static final double EXPONENT = 0.99;
  private static final int ORDER_LENGTH = 1 << 16;

  private final String[] keys;
  private final String[] order = new String[ORDER_LENGTH];

  Keys(int count) {
    keys = new String[count];
    for (int number = 0; number < count; number++) {
      keys[number] = "profile:" + number;
    }
    SplittableRandom random = new SplittableRandom(42);
    String[] byRank = shuffled(random);
    double[] cumulative = cumulative(count);
    for (int i = 0; i < ORDER_LENGTH; i++) {
      int found = Arrays.binarySearch(cumulative, random.nextDouble());
      order[i] = byRank[Math.min(found < 0 ? -found - 1 : found, count - 1)];
    }
  }

  private String[] shuffled(SplittableRandom random) {
    String[] shuffled = keys.clone();
    for (int i = shuffled.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      String key = shuffled[i];
      shuffled[i] = shuffled[other];
      shuffled[other] = key;
    }
    return shuffled;
  }

  private static double[] cumulative(int count) {
    double[] cumulative = new double[count];
    double sum = 0;
    for (int rank = 0; rank < count; rank++) {
      sum += 1 / Math.pow(rank + 1, EXPONENT);
      cumulative[rank] = sum;
    }
    for (int rank = 0; rank < count; rank++) {
      cumulative[rank] /= sum;
    }
    return cumulative;
  }

  int count() {
    return keys.length;
  }

  String key(int number) {
    return keys[number];
  }

  /** The keys of those numbers, the last not included. */
  Set<String> between(int from, int to) {
    return Set.of(Arrays.copyOfRange(keys, from, to));
  }

  /** The key that is asked for at that position; positions go round. */
  String at(int position) {
    return order[position & (ORDER_LENGTH - 1)];
  }
}
