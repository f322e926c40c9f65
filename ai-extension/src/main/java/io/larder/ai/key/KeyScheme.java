package io.larder.ai.key;

import io.larder.ai.config.AiConfig;
import java.util.Objects;

/**
 * Makes the keys that answers stand under: {@code op:<operation>|txt:<text or
 * hash:...>|opts:<digest>}. Thread-safe.
 *
 * <p>Text of at most {@code text_hash_threshold} code points stands readable, with {@code %},
 * {@code |}, {@code :}, control characters and halves of surrogate pairs escaped; longer text is
 * replaced by its digest, and everything else that makes a request what it is always is. Digests
 * are of full length, and keyed where a secret is set. Different requests have different keys, for
 * nothing is shortened, and what separates the parts does not occur in them.
 */
public final class KeyScheme {

  private final int threshold;
  private final Digests digests;

  /** Keys as those settings want them. */
  public KeyScheme(AiConfig config) {
    Objects.requireNonNull(config, "config");
    this.threshold = config.textHashThreshold();
    this.digests = new Digests(config.hashAlgorithm(), config.keyHmacSecret().orElse(null));
  }

  /**
   * The key of a request.
   *
   * @param codePoints the text's length in code points
   * @param rest everything but operation and text, in canonical form
   */
  public String key(String operation, String text, int codePoints, byte[] rest) {
    String shown = threshold > 0 && codePoints <= threshold
        ? escaped(text)
        : "hash:" + digests.hex(Utf8.bytes(text));
    return "op:" + escaped(operation) + "|txt:" + shown + "|opts:" + digests.hex(rest);
  }

  /** The name of a tag; the value is not readable in it. */
  public String tag(String kind, String value) {
    return kind + ":" + digests.hex(Utf8.bytes(kind + ":" + value));
  }

  static String escaped(String text) {
    int i = 0;
    while (i < text.length() && isPlain(text, i)) {
      i++;
    }
    return i == text.length() ? text : escapedFrom(text, i);
  }

  private static String escapedFrom(String text, int first) {
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(text, i)) {
        escaped.append(c);
      } else if (c < 0x100) {
        escaped.append('%').append(hex(c >> 4)).append(hex(c));
      } else {
        escaped.append("%u").append(hex(c >> 12)).append(hex(c >> 8));
        escaped.append(hex(c >> 4)).append(hex(c));
      }
    }
    return escaped.toString();
  }

  private static boolean isPlain(String text, int i) {
    char c = text.charAt(i);
    if (c < 0x80) {
      return c >= ' ' && c != '%' && c != '|' && c != ':' && c != 0x7F;
    }
    if (Character.isHighSurrogate(c)) {
      return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
    }
    return !Character.isLowSurrogate(c) || (i > 0 && Character.isHighSurrogate(text.charAt(i - 1)));
  }

  private static char hex(int nibble) {
    return "0123456789ABCDEF".charAt(nibble & 0xF);
  }
}
