package io.larder.ai.platform;

/**
 * A pattern as Redis has them: {@code *} stands for any characters, {@code ?} for one,
 * {@code [a-c]} for one of a set, {@code [^a]} for one outside it, {@code \} takes the next one's
 * meaning.
 */
final class Glob {

  private final String pattern;

  Glob(String pattern) {
    this.pattern = pattern;
  }

  /** Greedy with one step back: to the last star. */
  boolean matches(String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int from = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = ++p;
        from = t;
        continue;
      }
      int next = p < pattern.length() ? one(p, text.charAt(t)) : -1;
      if (next >= 0) {
        p = next;
        t++;
      } else if (star >= 0) {
        p = star;
        t = ++from;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Where the pattern goes on after taking the character, or -1 if it does not take it. */
  private int one(int p, char c) {
    char kind = pattern.charAt(p);
    if (kind == '[') {
      return oneOf(p + 1, c);
    }
    if (kind == '\\' && p + 1 < pattern.length()) {
      return pattern.charAt(p + 1) == c ? p + 2 : -1;
    }
    return kind == '?' || kind == c ? p + 1 : -1;
  }

  private int oneOf(int start, char c) {
    int p = start;
    boolean not = p < pattern.length() && pattern.charAt(p) == '^';
    if (not) {
      p++;
    }
    boolean found = false;
    while (p < pattern.length() && pattern.charAt(p) != ']') {
      if (pattern.charAt(p) == '\\' && p + 1 < pattern.length()) {
        p++;
      }
      char low = pattern.charAt(p);
      char high = low;
      if (p + 2 < pattern.length() && pattern.charAt(p + 1) == '-') {
        high = pattern.charAt(p + 2);
        p += 2;
      }
      found |= Math.min(low, high) <= c && c <= Math.max(low, high);
      p++;
    }
    return found == not ? -1 : Math.min(p + 1, pattern.length());
  }
}
