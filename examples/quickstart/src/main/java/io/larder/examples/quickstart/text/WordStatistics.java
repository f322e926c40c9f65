package io.larder.examples.quickstart.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What single words say about a text. */
final class WordStatistics {

  private static final int LISTED = 8;

  /** Words in the sliding window of the moving ratio. */
  static final int WINDOW = 100;

  private WordStatistics() {}

  /** The words that occur most often, stop words left out; equals in alphabetical order. */
  static List<String> frequent(String text) {
    Words words = Words.of(text);
    int[] frequencies = words.frequencies();
    List<String> top = IntStream.range(0, frequencies.length)
        .boxed()
        .filter(id -> !StopWords.contains(words.vocabulary().get(id)))
        .sorted(Comparator.<Integer>comparingInt(id -> -frequencies[id])
            .thenComparing(id -> words.vocabulary().get(id)))
        .limit(LISTED)
        .map(id -> Words.shown(words.vocabulary().get(id)) + " " + frequencies[id])
        .toList();
    return top.isEmpty() ? List.of("no words") : List.of(String.join(", ", top));
  }

  /** How varied the words are. */
  static List<String> richness(String text) {
    Words words = Words.of(text);
    if (words.count() == 0) {
      return List.of("no words");
    }
    long once = IntStream.of(words.frequencies()).filter(count -> count == 1).count();
    int distinct = words.vocabulary().size();
    List<String> lines = new ArrayList<>();
    lines.add(String.format(
        Locale.ROOT,
        "%,d words, %,d different (%.1f %%), %,d of them only once",
        words.count(),
        distinct,
        100.0 * distinct / words.count(),
        once));
    lines.add(String.format(
        Locale.ROOT,
        "%.1f different words in any %d on average",
        movingDistinct(words),
        Math.min(WINDOW, words.count())));
    return lines;
  }

  /**
   * Different words in a window that slides over the text, averaged over its places: unlike the
   * plain ratio it doesn't fall with the length of the text (Covington and McFall 2010).
   */
  static double movingDistinct(Words words) {
    int window = Math.min(WINDOW, words.count());
    int[] inWindow = new int[words.vocabulary().size()];
    int distinct = 0;
    long sum = 0;
    for (int i = 0; i < words.count(); i++) {
      distinct += inWindow[words.ids()[i]]++ == 0 ? 1 : 0;
      if (i >= window) {
        distinct -= --inWindow[words.ids()[i - window]] == 0 ? 1 : 0;
      }
      sum += i >= window - 1 ? distinct : 0;
    }
    return (double) sum / (words.count() - window + 1);
  }
}
