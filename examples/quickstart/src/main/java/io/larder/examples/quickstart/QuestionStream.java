package io.larder.examples.quickstart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A stream of topics, the same in every run, in which few come often and many seldom, as people
 * ask: the chance of the r-th topic is proportional to 1 / r (Zipf's law).
 */
final class QuestionStream {

  private static final long SEED = 20_260_101;

  private QuestionStream() {}

  static Stream<Topic> of(List<Topic> topics, int asks) {
    Random random = new Random(SEED);
    List<Topic> ranked = new ArrayList<>(topics);
    Collections.shuffle(ranked, random);
    double[] upTo = new double[ranked.size()];
    double sum = 0;
    for (int rank = 0; rank < upTo.length; rank++) {
      sum += 1.0 / (rank + 1);
      upTo[rank] = sum;
    }
    double total = sum;
    return Stream.generate(() -> {
          int found = Arrays.binarySearch(upTo, random.nextDouble() * total);
          return ranked.get(Math.min(found < 0 ? -found - 1 : found, upTo.length - 1));
        })
        .limit(asks);
  }
}
