package io.larder.examples.quickstart.text;

import java.util.Set;

/** The words that say nothing about what a text is about: small English ones, and numbers. */
final class StopWords {

  private static final Set<String> WORDS = Set.of(
      ("a about after all also am an and any are as at be because been before being both but by can"
              + " could did do does each either else even every few for from had has have he her"
              + " here his how i if in into is it its it's just like many may me more most much my"
              + " no nor not of off on once one only or other our out over own per same she should"
              + " so some such than that the their them then there these they this those through"
              + " to too two until up upon us very was we were what when where which while who"
              + " whose why will with without would you your")
          .split(" "));

  private StopWords() {}

  static boolean contains(String word) {
    return WORDS.contains(word)
        || isOneLetter(word)
        || word.codePoints().noneMatch(Character::isLetter);
  }

  private static boolean isOneLetter(String word) {
    return word.length() == 1 && word.charAt(0) < 128;
  }
}
