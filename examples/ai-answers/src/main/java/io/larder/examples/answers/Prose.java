package io.larder.examples.answers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The sentences of a text and the weights of its words: what the stand-in for a model works with.
 *
 * <p>Headings, tables, list marks and blocks of code are no prose. A word's weight is how often it
 * occurs; the small words that every text has weigh nothing. Nothing depends on locale or chance.
 */
final class Prose {

  private static final int LONGEST_SENTENCE = 60;
  private static final Pattern FENCED = Pattern.compile("(?ms)^ {0,3}```.*?(^ {0,3}```|\\z)");
  private static final Pattern NO_PROSE = Pattern.compile("(?m)^\\s*([#|<]|[-=*_]{3,}).*$");
  private static final Pattern LIST_MARK = Pattern.compile("(?m)^\\s*([-*+>]|\\d{1,3}[.)])\\s+");
  private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern END = Pattern.compile("(?<=[.!?])\\s+(?=[\\p{Lu}\\d`\"(])");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{Nd}]+");
  private static final Set<String> SMALL = Set.of(
      ("a about after all also an and any are as at be been before but by can could do does each"
              + " for from had has have he her his how i if in into is it its may more most must"
              + " no not of on one only or other our out over she should so some such than that"
              + " the their them then there these they this those through to under until up was"
              + " we were what when where which while who why will with would you your")
          .split(" "));

  private final List<String> sentences;
  private final Map<String, Integer> weights = new HashMap<>();

  private Prose(List<String> sentences) {
    this.sentences = sentences;
    sentences.forEach(
        sentence -> words(sentence).forEach(word -> weights.merge(word, 1, Integer::sum)));
  }

  static Prose of(String text) {
    String prose = FENCED.matcher(text).replaceAll("\n\n");
    prose = NO_PROSE.matcher(prose).replaceAll("\n");
    prose = LINK.matcher(prose).replaceAll("$1");
    prose = LIST_MARK.matcher(prose).replaceAll("\n");
    List<String> sentences = new ArrayList<>();
    for (String block : prose.split("\\n\\s*\\n")) {
      for (String sentence : END.split(block.strip().replaceAll("\\s+", " "))) {
        int words = words(sentence).size();
        if (words >= 3 && words <= LONGEST_SENTENCE) {
          sentences.add(sentence);
        }
      }
    }
    return new Prose(sentences);
  }

  /** The words of a sentence that mean something, in lower case, in order. */
  static List<String> words(String sentence) {
    return NO_WORD
        .splitAsStream(sentence.toLowerCase(Locale.ROOT))
        .filter(word -> word.length() > 1 && !SMALL.contains(word))
        .toList();
  }

  /** How many words a text has, all of them: about its tokens. */
  static int length(String text) {
    return (int) NO_WORD.splitAsStream(text).filter(word -> !word.isEmpty()).count();
  }

  /** The sentences whose words are the weightiest on average, in the text's order. */
  List<String> weightiest(int count) {
    Set<String> best = sentences.stream()
        .distinct()
        .sorted(Comparator.comparingDouble(this::weight).reversed())
        .limit(count)
        .collect(Collectors.toSet());
    return sentences.stream().filter(best::remove).toList();
  }

  /** The words that occur most often; of equal ones the first in the alphabet. */
  List<String> themes(int count) {
    return weights.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue()
            .reversed()
            .thenComparing(Map.Entry.comparingByKey()))
        .limit(count)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The first sentence that holds a word. */
  String about(String word) {
    return sentences.stream()
        .filter(sentence -> words(sentence).contains(word))
        .findFirst()
        .orElse("");
  }

  /**
   * The sentence that shares most with a question, rare words counting more; empty if none does.
   */
  String bestMatch(String question) {
    Set<String> asked = new HashSet<>(words(question));
    String best = "";
    double bestScore = 0;
    for (String sentence : sentences) {
      List<String> words = words(sentence);
      double score = words.stream()
          .distinct()
          .filter(asked::contains)
          .mapToDouble(word -> 1.0 / weights.getOrDefault(word, 1))
          .sum();
      score /= Math.sqrt(words.size());
      if (score > bestScore) {
        best = sentence;
        bestScore = score;
      }
    }
    return best;
  }

  /** How often words of one list occur. */
  int count(Set<String> list) {
    return list.stream().mapToInt(word -> weights.getOrDefault(word, 0)).sum();
  }

  private double weight(String sentence) {
    return words(sentence).stream()
        .mapToInt(word -> weights.getOrDefault(word, 0))
        .average()
        .orElse(0);
  }
}
