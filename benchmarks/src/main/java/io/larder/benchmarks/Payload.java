package io.larder.benchmarks;

import java.util.SplittableRandom;

/** What is cached. */
public enum Payload {
  /** 100 characters. */
  STRING(String.class),
  /** A {@link Profile}. */
  OBJECT(Profile.class),
  /** 1,024 characters of words. */
  TEXT(String.class);

  private static final String[] WORDS =
      ("the of and to in is that for it as was with be by on not he his but at are this have from or had an they which"
              + " one you were all her she there would their we him been has when who will no more if out so up said"
              + " cache entry write reader bucket harbour lantern meadow copper thistle orchard granite velvet")
          .split(" ");

  private final Class<?> type;

  Payload(Class<?> type) {
    this.type = type;
  }

  /** The class of the values. */
  Class<?> type() {
    return type;
  }

  /** The value of that number, a new instance; equal numbers give equal values. */
  Object value(int number) {
    return switch (this) {
      case STRING -> words(number, 100);
      case OBJECT -> Profile.of(number);
      case TEXT -> words(number, 1024);
    };
  }

  private static String words(int number, int length) {
    SplittableRandom random = new SplittableRandom(number);
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    text.setLength(length);
    return text.toString();
  }
}
