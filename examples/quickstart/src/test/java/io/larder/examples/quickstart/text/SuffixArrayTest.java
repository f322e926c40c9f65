package io.larder.examples.quickstart.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SuffixArrayTest {

  @Test
  void bananaIsInTheTextbookOrder() {
    SuffixArray suffixes = SuffixArray.of(new int[] {1, 0, 2, 0, 2, 0}, 3);
    assertThat(suffixes.order).containsExactly(5, 3, 1, 0, 4, 2);
    assertThat(suffixes.common).containsExactly(0, 1, 3, 0, 0, 2);
    assertThat(repeats(suffixes))
        .containsExactlyInAnyOrder(
            new SuffixArray.Repeat(1, 1, 5, 3), new SuffixArray.Repeat(3, 1, 3, 2));
  }

  @Test
  void emptyAndSingleSequencesHaveNoRepeats() {
    assertThat(repeats(SuffixArray.of(new int[0], 0))).isEmpty();
    assertThat(repeats(SuffixArray.of(new int[] {0}, 1))).isEmpty();
  }

  @Test
  void agreesWithTheDefinitionOnRandomSequences() {
    Random random = new Random(7);
    for (int round = 0; round < 400; round++) {
      int alphabet = 1 + random.nextInt(4);
      int[] sequence = random.ints(random.nextInt(40), 0, alphabet).toArray();
      SuffixArray suffixes = SuffixArray.of(sequence, alphabet);
      assertThat(suffixes.order).containsExactly(sorted(sequence));
      assertThat(new HashSet<>(repeats(suffixes))).isEqualTo(maximalRepeats(sequence));
    }
  }

  @Test
  void oneWordHalfAMillionTimesIsOrderedFromTheEnd() {
    SuffixArray suffixes = SuffixArray.of(new int[500_000], 1);
    assertThat(suffixes.order[0]).isEqualTo(499_999);
    assertThat(suffixes.common[499_999]).isEqualTo(499_999);
  }

  private static List<SuffixArray.Repeat> repeats(SuffixArray suffixes) {
    List<SuffixArray.Repeat> repeats = new ArrayList<>();
    suffixes.forEachRepeat(repeats::add);
    return repeats;
  }

  private static int[] sorted(int[] sequence) {
    return IntStream.range(0, sequence.length)
        .boxed()
        .sorted(Comparator.comparing(
            start -> Arrays.copyOfRange(sequence, start, sequence.length), Arrays::compare))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Every stretch, tried one by one. */
  private static Set<SuffixArray.Repeat> maximalRepeats(int[] s) {
    Set<SuffixArray.Repeat> found = new HashSet<>();
    for (int length = 1; length < s.length; length++) {
      for (int start = 0; start + length <= s.length; start++) {
        int[] stretch = Arrays.copyOfRange(s, start, start + length);
        int size = length;
        int[] at = IntStream.rangeClosed(0, s.length - length)
            .filter(i -> Arrays.equals(stretch, Arrays.copyOfRange(s, i, i + size)))
            .toArray();
        long lefts =
            Arrays.stream(at).map(i -> i == 0 ? -1 : s[i - 1]).distinct().count();
        long rights = Arrays.stream(at)
            .map(i -> i + size == s.length ? -1 : s[i + size])
            .distinct()
            .count();
        boolean atStart = at[0] == 0;
        boolean atEnd = at[at.length - 1] + size == s.length;
        if (at.length > 1 && (lefts > 1 || atStart) && (rights > 1 || atEnd)) {
          found.add(new SuffixArray.Repeat(length, at[0], at[at.length - 1], at.length));
        }
      }
    }
    return found;
  }
}
