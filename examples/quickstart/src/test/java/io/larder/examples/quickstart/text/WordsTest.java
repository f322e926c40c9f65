package io.larder.examples.quickstart.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordsTest {

  @Test
  void wordsAreRunsOfLettersAndDigitsInLowerCase() {
    assertThat(words("Don\u2019t 'quote' MD5-sums, na\u00efve_x."))
        .containsExactly("don't", "quote", "md5", "sums", "na\u00efve", "x");
  }

  @Test
  void numbersKeepTheirPointsAndCommas() {
    assertThat(words("1,000.5 a.b 3. 4, x2.0 'tis it's'"))
        .containsExactly("1,000.5", "a", "b", "3", "4", "x2.0", "tis", "it's");
  }

  @Test
  void eachIdeographIsAWord() {
    assertThat(words("\u6771\u4eac Tokyo\u6771"))
        .containsExactly("\u6771", "\u4eac", "tokyo", "\u6771");
  }

  @Test
  void numbersFollowFirstAppearance() {
    Words words = Words.of("to be or not to be");
    assertThat(words.ids()).containsExactly(0, 1, 2, 3, 0, 1);
    assertThat(words.vocabulary()).containsExactly("to", "be", "or", "not");
    assertThat(words.frequencies()).containsExactly(2, 2, 1, 1);
  }

  @Test
  void nothingRepeatsAcrossASentenceEnd() {
    Words words = Words.ofSentences(List.of("red fox", "red fox"));
    assertThat(words.ids()).containsExactly(0, 1, 2, 0, 1, 3);
  }

  @Test
  void aSurrogateWithoutItsHalfIsNoWord() {
    assertThat(words("a \ud83d b \ud83d\ude00 c")).containsExactly("a", "b", "c");
  }

  @Test
  void sentencesEndAtStopsBlankLinesAndBlocks() {
    assertThat(Sentences.of(
            "# Title\nOne two, e.g. three. \"Four!\" Five\nsix\n\n- item\n- item 2.5 ends?\n...\n"))
        .containsExactly(
            "# Title",
            "One two, e.g. three.",
            "\"Four!",
            "\" Five\nsix",
            "- item",
            "- item 2.5 ends?");
  }

  @ParameterizedTest
  @CsvSource({
    "cat, 1",
    "cache, 1",
    "table, 2",
    "tables, 2",
    "times, 1",
    "boxes, 2",
    "cached, 1",
    "needed, 2",
    "the, 1",
    "computation, 4",
    "readability, 5",
    "rhythm, 1",
    "na\u00efve, 1",
    "300, 1",
    "agree, 2",
    "provider, 3"
  })
  void syllablesFollowTheRule(String word, int syllables) {
    assertThat(Syllables.count(word)).isEqualTo(syllables);
  }

  private static List<String> words(String text) {
    Words words = Words.of(text);
    return Arrays.stream(words.ids()).mapToObj(words.vocabulary()::get).toList();
  }
}
