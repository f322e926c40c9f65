package io.larder.examples.quickstart.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How hard a text is to read: sentence lengths and the two Flesch formulas, made for English. */
final class Readability {

  private static final int[] BOUNDS = {10, 20, 30};

  private Readability() {}

  /** Flesch reading ease (1948) and Flesch-Kincaid grade level (1975). */
  static List<String> scores(String text) {
    long sentences = Sentences.of(text).size();
    Words words = Words.of(text);
    if (sentences == 0 || words.count() == 0) {
      return List.of("no sentences");
    }
    int[] frequencies = words.frequencies();
    long syllables = IntStream.range(0, frequencies.length)
        .mapToLong(
            id -> (long) frequencies[id] * Syllables.count(words.vocabulary().get(id)))
        .sum();
    double wordsPerSentence = (double) words.count() / sentences;
    double syllablesPerWord = (double) syllables / words.count();
    double ease = 206.835 - 1.015 * wordsPerSentence - 84.6 * syllablesPerWord;
    double grade = 0.39 * wordsPerSentence + 11.8 * syllablesPerWord - 15.59;
    return List.of(
        String.format(
            Locale.ROOT,
            "Flesch reading ease %.1f (%s), Flesch-Kincaid grade %.1f",
            ease,
            name(ease),
            grade),
        String.format(
            Locale.ROOT,
            "%.1f words a sentence, %.2f syllables a word",
            wordsPerSentence,
            syllablesPerWord));
  }

  /** Flesch's own names for his bands. */
  private static String name(double ease) {
    if (ease >= 90) {
      return "very easy";
    } else if (ease >= 80) {
      return "easy";
    } else if (ease >= 70) {
      return "fairly easy";
    } else if (ease >= 60) {
      return "standard";
    } else if (ease >= 50) {
      return "fairly difficult";
    } else if (ease >= 30) {
      return "difficult";
    }
    return "very difficult";
  }

  /** How the lengths of sentences are distributed, in words. */
  static List<String> sentenceLengths(String text) {
    int[] lengths = Sentences.of(text).stream()
        .mapToInt(sentence -> Words.of(sentence).count())
        .sorted()
        .toArray();
    if (lengths.length == 0) {
      return List.of("no sentences");
    }
    int[] bands = new int[BOUNDS.length + 1];
    for (int length : lengths) {
      bands[(int) Arrays.stream(BOUNDS).filter(bound -> length > bound).count()]++;
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "median %,d words, 90th percentile %,d, longest %,d; sentences: %,d",
            percentile(lengths, 50),
            percentile(lengths, 90),
            lengths[lengths.length - 1],
            lengths.length),
        String.format(
            Locale.ROOT,
            "1-10 words %.0f %%, 11-20 %.0f %%, 21-30 %.0f %%, longer %.0f %%",
            share(bands[0], lengths),
            share(bands[1], lengths),
            share(bands[2], lengths),
            share(bands[3], lengths)));
  }

  private static double share(int part, int[] all) {
    return 100.0 * part / all.length;
  }

  /** The smallest value that at least so many percent of the values don't exceed. */
  private static int percentile(int[] sorted, int percent) {
    return sorted[(sorted.length * percent + 99) / 100 - 1];
  }
}
