package io.larder.codec;

import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;

/** Locales as text without loss, also those that no language tag can say. */
final class Locales {

  private Locales() {}

  /** Language, country and variant, separated by {@code |}, or the tag after {@code #}. */
  static String text(Locale locale) {
    String parts = locale.getLanguage() + '|' + locale.getCountry() + '|' + locale.getVariant();
    if (of(parts).equals(locale)) {
      return parts;
    }
    String tag = '#' + locale.toLanguageTag();
    if (of(tag).equals(locale)) {
      return tag;
    }
    throw new UnstorableException("the locale " + locale + " has no form that can be read back");
  }

  @SuppressWarnings("deprecation")
  static Locale of(String text) {
    if (text.startsWith("#")) {
      try {
        return new Locale.Builder().setLanguageTag(text.substring(1)).build();
      } catch (IllformedLocaleException e) {
        throw new MalformedBytesException("no locale", e);
      }
    }
    List<String> parts = List.of(text.split("\\|", -1));
    if (parts.size() != 3) {
      throw new MalformedBytesException("no locale");
    }
    return new Locale(parts.get(0), parts.get(1), parts.get(2));
  }
}
