package io.larder.examples.quickstart.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Splits text into sentences.
 *
 * <p>A sentence ends at {@code . ! ?} before white space, unless a small letter follows (so "e.g.
 * this" goes on); at the full-width forms of these; at a blank line; and where a heading, a list
 * item, a quotation or a table row begins. A run without any word is no sentence.
 */
final class Sentences {

  private static final Pattern NEW_BLOCK =
      Pattern.compile("^\\s*(#|[-*+>|](\\s|$)|[|]|\\d{1,3}[.)]\\s|```|={3,}|-{3,}).*");
  private static final Pattern HEADING = Pattern.compile("^\\s*#.*");

  private Sentences() {}

  static List<String> of(String text) {
    List<String> sentences = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    boolean afterHeading = false;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (line.isBlank() || afterHeading || NEW_BLOCK.matcher(line).matches()) {
        split(block.toString(), sentences);
        block.setLength(0);
      }
      afterHeading = HEADING.matcher(line).matches();
      block.append(line).append('\n');
    }
    split(block.toString(), sentences);
    return sentences;
  }

  private static void split(String block, List<String> sentences) {
    int start = 0;
    for (int i = 0; i < block.length(); i++) {
      if (endsSentence(block, i)) {
        add(block.substring(start, i + 1), sentences);
        start = i + 1;
      }
    }
    add(block.substring(start), sentences);
  }

  private static void add(String run, List<String> sentences) {
    if (run.codePoints().anyMatch(Character::isLetterOrDigit)) {
      sentences.add(run.strip());
    }
  }

  private static boolean endsSentence(String block, int position) {
    char c = block.charAt(position);
    if (c == '\u3002' || c == '\uff01' || c == '\uff1f') {
      return true;
    }
    if (c != '.' && c != '!' && c != '?' && c != '\u2026') {
      return false;
    }
    int next = position + 1;
    while (next < block.length() && ")]\"'\u201d\u2019*_`".indexOf(block.charAt(next)) >= 0) {
      next++;
    }
    if (next < block.length() && !Character.isWhitespace(block.charAt(next))) {
      return false;
    }
    while (next < block.length() && Character.isWhitespace(block.charAt(next))) {
      next++;
    }
    return next == block.length() || !Character.isLowerCase(block.codePointAt(next));
  }
}
