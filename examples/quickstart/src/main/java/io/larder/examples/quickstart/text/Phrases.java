package io.larder.examples.quickstart.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/** What word sequences say about a text: phrases that come often, passages that come again. */
final class Phrases {

  private static final int LISTED = 6;
  private static final int LONGEST_PHRASE = 5;
  private static final int SHORTEST_PASSAGE = 4;
  private static final int PASSAGES = 3;
  private static final int CANDIDATES = 1000;
  private static final int SHOWN_CHARACTERS = 70;

  private Phrases() {}

  /**
   * Phrases of two to five words within a sentence, by occurrences times words. None begins or ends
   * in a stop word, and none is part of a listed one.
   */
  static List<String> frequent(String text) {
    Words words = Words.ofSentences(Sentences.of(text));
    SuffixArray suffixes = SuffixArray.of(words.ids(), words.vocabulary().size());
    PriorityQueue<Phrase> best = new PriorityQueue<>(Phrase.BY_WEIGHT.reversed());
    for (int length = 2; length <= LONGEST_PHRASE; length++) {
      collect(words, suffixes, length, best);
    }
    List<String> listed = new ArrayList<>();
    List<String> phrases = new ArrayList<>();
    for (Phrase phrase : best.stream().sorted(Phrase.BY_WEIGHT).toList()) {
      boolean within =
          phrases.stream().anyMatch(other -> (" " + other + " ").contains(" " + phrase.text + " "));
      if (!within && listed.size() < LISTED) {
        phrases.add(phrase.text);
        listed.add("\"" + phrase.text + "\" " + phrase.count);
      }
    }
    return listed.isEmpty() ? List.of("no phrase comes twice") : List.of(String.join(", ", listed));
  }

  /** Adds the phrases of one length: each is a run of neighbours with so much in common. */
  private static void collect(
      Words words, SuffixArray suffixes, int length, PriorityQueue<Phrase> best) {
    int n = suffixes.order.length;
    int start = 0;
    for (int i = 1; i <= n; i++) {
      if (i < n && suffixes.common[i] >= length) {
        continue;
      }
      int position = suffixes.order[start];
      if (i - start > 1
          && !StopWords.contains(words.word(position))
          && !StopWords.contains(words.word(position + length - 1))) {
        best.add(new Phrase(words.join(position, length), length, i - start));
        if (best.size() > CANDIDATES) {
          best.poll();
        }
      }
      start = i;
    }
  }

  private record Phrase(String text, int words, int count) {

    /** The best first. */
    static final Comparator<Phrase> BY_WEIGHT = Comparator.<Phrase>comparingInt(
            phrase -> -phrase.count * phrase.words)
        .thenComparing(Phrase::text);
  }

  /** The longest passages that come again later in the text without overlapping themselves. */
  static List<String> longestRepeats(String text) {
    Words words = Words.of(text);
    PriorityQueue<SuffixArray.Repeat> best =
        new PriorityQueue<>(Comparator.comparingInt(SuffixArray.Repeat::lengthApart));
    SuffixArray.of(words.ids(), words.vocabulary().size()).forEachRepeat(repeat -> {
      if (repeat.lengthApart() >= SHORTEST_PASSAGE) {
        best.add(repeat);
      }
      if (best.size() > CANDIDATES) {
        best.poll();
      }
    });
    boolean[] told = new boolean[words.count()];
    List<String> lines = new ArrayList<>();
    List<SuffixArray.Repeat> longestFirst = best.stream()
        .sorted(Comparator.comparingInt(SuffixArray.Repeat::lengthApart)
            .reversed()
            .thenComparingInt(SuffixArray.Repeat::first))
        .toList();
    for (SuffixArray.Repeat repeat : longestFirst) {
      int length = repeat.lengthApart();
      if (lines.size() < PASSAGES && !told[repeat.first()] && !told[repeat.first() + length - 1]) {
        Arrays.fill(told, repeat.first(), repeat.first() + length, true);
        Arrays.fill(told, repeat.last(), repeat.last() + length, true);
        lines.add(String.format(
            Locale.ROOT,
            "%,d words: \"%s\"",
            length,
            shown(words.join(repeat.first(), Math.min(length, 40)))));
      }
    }
    return lines.isEmpty() ? List.of("no passage of four words comes twice") : lines;
  }

  private static String shown(String passage) {
    return passage.length() <= SHOWN_CHARACTERS
        ? passage
        : passage.substring(0, SHOWN_CHARACTERS - 3) + "...";
  }
}
