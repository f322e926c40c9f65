package io.larder.config;

import java.util.Comparator;

/**
 * A pattern over names of caches, in which {@code *} stands for any characters, also none.
 *
 * <p>Most specific first: more characters that are no star, then a longer start without a star,
 * then the alphabet.
 */
record Glob(String pattern) {

  static final Comparator<Glob> MOST_SPECIFIC_FIRST = Comparator.comparingInt(
          (Glob glob) -> -glob.literals())
      .thenComparingInt(glob -> -glob.pattern.indexOf('*'))
      .thenComparing(Glob::pattern);

  static boolean isGlob(String name) {
    return name.indexOf('*') >= 0;
  }

  /** Greedy with one step back: to the last star. */
  boolean matches(String name) {
    int p = 0;
    int star = -1;
    int from = 0;
    int n = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        from = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++from;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  private int literals() {
    return (int) pattern.chars().filter(c -> c != '*').count();
  }
}
