package io.larder.examples.quickstart.text;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A question that can be asked about any text. Each answer is a pure function of the text. */
public enum Analysis {
  /** Which words come most often. */
  WORDS(WordStatistics::frequent),

  /** How varied the words are. */
  VOCABULARY(WordStatistics::richness),

  /** How long the sentences are. */
  SENTENCES(Readability::sentenceLengths),

  /** How hard the text is to read. */
  READABILITY(Readability::scores),

  /** Which phrases of two to five words come most often. */
  PHRASES(Phrases::frequent),

  /** Which are the longest passages that come again. */
  REPEATS(Phrases::longestRepeats);

  @SuppressWarnings("ImmutableEnumChecker") // only pure functions are given
  private final Function<String, List<String>> answer;

  Analysis(Function<String, List<String>> answer) {
    this.answer = answer;
  }

  /** The question in one word. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The answer, in lines; takes time, and gives the same lines for the same text every time. */
  public List<String> answer(String text) {
    return List.copyOf(answer.apply(text));
  }
}
