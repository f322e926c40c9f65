package io.larder.examples.quickstart.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each expectation is worked out by hand; the sums stand beside it. */
final class AnalysisTest {

  @Test
  void wordsAreCountedWithoutStopWordsAndEqualsInAlphabeticalOrder() {
    assertThat(Analysis.WORDS.answer("The fox and the Dog. A fox, a cat; the dog: fox!"))
        .containsExactly("fox 3, dog 2, cat 1");
  }

  @Test
  void numbersAndSingleLettersAreNotListedAndIdeographsAre() {
    assertThat(Analysis.WORDS.answer("1,000 x 42 port 42 \u6771 \u6771"))
        .containsExactly("\u6771 2, port 1");
  }

  @Test
  void vocabularyCountsDifferentWordsAndThoseThatComeOnce() {
    // to be or not to be: 6 words, 4 different, "or" and "not" once
    assertThat(Analysis.VOCABULARY.answer("to be or not to be"))
        .containsExactly(
            "6 words, 4 different (66.7 %), 2 of them only once",
            "4.0 different words in any 6 on average");
  }

  @Test
  void theMovingWindowSlidesOverTheText() {
    // 100 times "a", then "b": windows 1-100 hold {a}, 2-101 hold {a, b}: (1 + 2) / 2
    assertThat(WordStatistics.movingDistinct(Words.of("a ".repeat(100) + "b")))
        .isCloseTo(1.5, within(1e-9));
  }

  @Test
  void readabilityFollowsTheTwoFormulas() {
    // 9 words, 2 sentences, 10 syllables (run-ning has two):
    // ease 206.835 - 1.015 * 4.5 - 84.6 * 10/9 = 108.2675; grade 0.39 * 4.5 + 11.8 * 10/9 - 15.59 =
    // -0.7239
    assertThat(Analysis.READABILITY.answer("The cat sat on the mat. The dog running."))
        .containsExactly(
            "Flesch reading ease 108.3 (very easy), Flesch-Kincaid grade -0.7",
            "4.5 words a sentence, 1.11 syllables a word");
  }

  @Test
  void sentenceLengthsAreDistributed() {
    // lengths 1, 2, 12, 35: the median is the 2nd of 4, the 90th percentile the 4th (3.6 rounded
    // up)
    String text = "One. Two words. W " + "w ".repeat(11) + ". " + "W ".repeat(35) + ".";
    assertThat(Analysis.SENTENCES.answer(text))
        .containsExactly(
            "median 2 words, 90th percentile 35, longest 35; sentences: 4",
            "1-10 words 50 %, 11-20 25 %, 21-30 0 %, longer 25 %");
  }

  @Test
  void phrasesAreWeighedByOccurrencesTimesWordsAndHaveNoParts() {
    // "near cache hit" 2 x 3 = 6 beats "near cache" 2 x 2 and takes it in; "red fox" 3 x 2 = 6
    // comes
    // second by its letters; "of redis" begins in a stop word
    String text = "Near cache hit. Red fox. A near cache hit of Redis! Red fox of Redis. Red fox.";
    assertThat(Analysis.PHRASES.answer(text))
        .containsExactly("\"near cache hit\" 2, \"red fox\" 3");
  }

  @Test
  void repeatsAreTheLongestPassagesThatComeAgain() {
    assertThat(Analysis.REPEATS.answer(
            "one two three four five. X. Seven eight nine ten! One, two three four FIVE y"
                + " seven eight nine ten."))
        .containsExactly(
            "5 words: \"one two three four five\"", "4 words: \"seven eight nine ten\"");
  }

  @Test
  void aRepeatDoesNotOverlapItself() {
    // 11 times the same word: the two halves that don't overlap have 5 words each
    assertThat(Analysis.REPEATS.answer("so ".repeat(11)))
        .first()
        .isEqualTo("5 words: \"so so so so so\"");
  }

  @ParameterizedTest
  @EnumSource
  void everyAnalysisAnswersEmptyAndOddText(Analysis analysis) {
    assertThat(analysis.answer("")).hasSize(1).first().asString().startsWith("no ");
    assertThat(analysis.answer(" \n\n\t...\u0000\ud83d\n"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("no ");
    assertThat(analysis.answer("one")).isNotEmpty();
    assertThat(analysis.answer("\u6771\u4eac\u3002\u6771\u4eac\u3002")).isNotEmpty();
    String longWord = "x".repeat(100_000);
    assertThat(analysis.answer((longWord + " b " + longWord + " b ").repeat(2)))
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(300));
  }
}
