package io.larder.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may be shown of a value in a message. */
final class Masks {

  private static final int LONGEST = 100;
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");
  private static final Pattern HOSTS = Pattern.compile("[A-Za-z0-9.,:_\\[\\]/-]*");

  private static final Pattern QUERY = Pattern.compile("\\?|%3[Ff]");

  private Masks() {}

  /** A value of a known key that is no secret. */
  static String value(Object raw) {
    if (raw instanceof Map) {
      return "an object";
    }
    if (raw instanceof List) {
      return "an array";
    }
    if (isPlain(raw)) {
      return shorten(raw.toString());
    }
    return raw instanceof String text
        ? "'" + text(text) + "'"
        : "an object of " + raw.getClass().getName();
  }

  /** A value whose key says nothing about it: text could be anything, a secret too. */
  static String unknown(Object raw) {
    return raw instanceof String ? Secret.MASK : value(raw);
  }

  /** A URL that is not known to be well formed: no user, no password, no options. */
  static String url(String url) {
    int scheme = url.indexOf("://");
    if (scheme < 0 || !ADDRESS.matcher(url).matches()) {
      return Secret.MASK;
    }
    String head = shorten(url.substring(0, scheme + 3));
    String rest = url.substring(scheme + 3);
    int at = rest.lastIndexOf('@');
    String hosts = rest.substring(at + 1);
    int end = hosts.indexOf('?');
    String shown = end < 0 ? hosts : hosts.substring(0, end);
    return head
        + (at < 0 ? "" : Secret.MASK + "@")
        + (HOSTS.matcher(shown).matches() ? shorten(shown) : Secret.MASK)
        + (end < 0 ? "" : "?" + Secret.MASK);
  }

  /**
   * Text as it may stand in one line of a log, without what an address has before an @ or after a
   * question mark.
   */
  static String text(String text) {
    if (text.indexOf('{') >= 0 || text.indexOf('"') >= 0 || text.contains("-----BEGIN")) {
      // JSON in the wrong place: any of its values could be a secret. A key in place of its file.
      return Secret.MASK;
    }
    int at = text.lastIndexOf('@');
    Matcher option = QUERY.matcher(text);
    int query = option.find() ? option.start() : -1;
    if (at < 0) {
      return query < 0 ? shorten(text) : shorten(text.substring(0, query)) + "?" + Secret.MASK;
    }
    int scheme = text.indexOf("://");
    String head = scheme < 0 || scheme > at ? "" : shorten(text.substring(0, scheme + 3));
    if (query < 0) {
      return head + Secret.MASK + shorten(text.substring(at));
    }
    // An option may have an @ and a password a question mark: which it is cannot be told.
    return query < at
        ? head + Secret.MASK
        : head + Secret.MASK + shorten(text.substring(at, query)) + "?" + Secret.MASK;
  }

  private static String shorten(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    if (text.codePointCount(0, text.length()) > LONGEST) {
      shown.append("...");
    }
    return shown.toString();
  }

  private static boolean isPlain(Object raw) {
    return raw == JsonText.NULL || raw instanceof Number || raw instanceof Boolean;
  }
}
