package io.larder.examples.quickstart.text;

import java.text.Normalizer;

/**
 * Counts the syllables of an English word by rule.
 *
 * <p>One for each run of the vowels a, e, i, o, u, y (accents dropped); less one for a silent
 * ending: {@code e} not in {@code -le} after a consonant ("care", but "ta-ble"), {@code es} not
 * after a hiss ("times", but "box-es"), {@code ed} not after t or d ("cached", but "need-ed"); at
 * least one. Exact for most words, one off for some ("area", "being").
 */
final class Syllables {

  private Syllables() {}

  static int count(String word) {
    String plain = isAscii(word)
        ? word
        : Normalizer.normalize(word, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
    int runs = 0;
    boolean inRun = false;
    for (int i = 0; i < plain.length(); i++) {
      boolean vowel = isVowel(plain, i);
      runs += vowel && !inRun ? 1 : 0;
      inRun = vowel;
    }
    return Math.max(1, runs - (hasSilentEnding(plain) ? 1 : 0));
  }

  private static boolean hasSilentEnding(String word) {
    int n = word.length();
    if (n < 3) {
      return false;
    }
    String before = word.substring(0, n - 2);
    if (word.endsWith("e")) {
      boolean consonantBeforeLe = word.endsWith("le") && !isVowel(word, n - 3);
      return !isVowel(word, n - 2) && !consonantBeforeLe;
    }
    if (word.endsWith("ed")) {
      return !isVowel(word, n - 3) && !before.endsWith("t") && !before.endsWith("d");
    }
    if (word.endsWith("es")) {
      boolean consonantBeforeLes = n > 3 && word.endsWith("les") && !isVowel(word, n - 4);
      return !isVowel(word, n - 3) && !endsInHiss(before) && !consonantBeforeLes;
    }
    return false;
  }

  private static boolean endsInHiss(String stem) {
    return stem.endsWith("s")
        || stem.endsWith("x")
        || stem.endsWith("z")
        || stem.endsWith("c")
        || stem.endsWith("g")
        || stem.endsWith("ch")
        || stem.endsWith("sh");
  }

  private static boolean isVowel(String word, int index) {
    return "aeiouy".indexOf(word.charAt(index)) >= 0;
  }

  private static boolean isAscii(String word) {
    return word.chars().allMatch(c -> c < 128);
  }
}
