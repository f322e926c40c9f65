package io.larder.benchmarks;

/** The kinds of text that are asked about: prompts of 8 KiB of UTF-8. */
public enum Prompt {
  /** One byte a character. */
  ASCII('n'),
  /** Strings that the JVM holds in two bytes a character are hashed on another path. */
  WIDE('\u0144');

  private static final int BYTES = 8192;

  private final char letter;

  Prompt(char letter) {
    this.letter = letter;
  }

  /** The prompt of that number. */
  String text(int number) {
    String words = "All the words of a prompt, again and again. ".replace('n', letter);
    StringBuilder text = new StringBuilder(number + ": ");
    int bytes = text.length();
    for (int i = 0; bytes < BYTES; i++) {
      char next = words.charAt(i % words.length());
      text.append(next);
      bytes += next < 0x80 ? 1 : 2;
    }
    return text.toString();
  }
}
