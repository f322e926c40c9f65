package io.larder.examples.quickstart.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The words of a text in order, as numbers into a vocabulary.
 *
 * <p>A word is a run of letters and digits in lower case, with the apostrophes inside it, and the
 * points and commas between digits. An ideograph is a word by itself.
 *
 * @param ids one number a word
 * @param vocabulary the word of each number, in order of first appearance
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and a list would box every word
record Words(int[] ids, List<String> vocabulary) {

  private static final int SHOWN_CHARACTERS = 40;

  static Words of(String text) {
    Collector collector = new Collector();
    collector.add(text);
    return collector.words();
  }

  /**
   * The words of several sentences, with a number of its own after each sentence, so that nothing
   * repeats across the end of a sentence.
   */
  static Words ofSentences(List<String> sentences) {
    Collector collector = new Collector();
    for (String sentence : sentences) {
      collector.add(sentence);
      collector.separate();
    }
    return collector.words();
  }

  int count() {
    return ids.length;
  }

  /** A word as it is shown: the beginning of one that is longer than any language's. */
  static String shown(String word) {
    return word.length() <= SHOWN_CHARACTERS
        ? word
        : word.substring(0, SHOWN_CHARACTERS - 3) + "...";
  }

  String word(int position) {
    return vocabulary.get(ids[position]);
  }

  /** The words from a position on, as they are shown, joined by spaces. */
  String join(int from, int length) {
    StringBuilder joined = new StringBuilder();
    for (int i = from; i < from + length; i++) {
      joined.append(joined.isEmpty() ? "" : " ").append(shown(word(i)));
    }
    return joined.toString();
  }

  /** How often each word of the vocabulary occurs. */
  int[] frequencies() {
    int[] frequencies = new int[vocabulary.size()];
    for (int id : ids) {
      frequencies[id]++;
    }
    return frequencies;
  }

  private static final class Collector {

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> vocabulary = new ArrayList<>();
    private int[] ids = new int[1024];
    private int size;

    void add(String text) {
      int position = 0;
      while (position < text.length()) {
        int end = endOfWord(text, position);
        if (end > position) {
          String word =
              text.substring(position, end).replace('\u2019', '\'').toLowerCase(Locale.ROOT);
          append(numbers.computeIfAbsent(word, this::number));
          position = end;
        } else {
          position += Character.charCount(text.codePointAt(position));
        }
      }
    }

    void separate() {
      append(number(""));
    }

    Words words() {
      return new Words(Arrays.copyOf(ids, size), vocabulary);
    }

    private int number(String word) {
      vocabulary.add(word);
      return vocabulary.size() - 1;
    }

    private void append(int id) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, size * 2);
      }
      ids[size++] = id;
    }

    /** Where the word that begins at a position ends; the position itself if none begins there. */
    private static int endOfWord(String text, int start) {
      int end = start;
      while (end < text.length()) {
        int c = text.codePointAt(end);
        if (Character.isIdeographic(c)) {
          return end == start ? end + Character.charCount(c) : end;
        }
        if (!isWordPart(c) && !(end > start && joins(text, end))) {
          return end;
        }
        end += Character.charCount(c);
      }
      return end;
    }

    /** An apostrophe before a letter, or a point or comma between digits. */
    private static boolean joins(String text, int position) {
      if (position + 1 >= text.length()) {
        return false;
      }
      int next = text.codePointAt(position + 1);
      return switch (text.charAt(position)) {
        case '\'', '\u2019' -> Character.isLetter(next);
        case '.', ',' -> Character.isDigit(next) && Character.isDigit(text.charAt(position - 1));
        default -> false;
      };
    }

    private static boolean isWordPart(int c) {
      return Character.isLetterOrDigit(c)
          || Character.getType(c) == Character.NON_SPACING_MARK
          || Character.getType(c) == Character.COMBINING_SPACING_MARK;
    }
  }
}
