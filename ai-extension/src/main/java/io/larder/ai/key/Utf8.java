package io.larder.ai.key;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text as bytes, without loss. Well-formed text is UTF-8; half a surrogate pair, which UTF-8 does
 * not have, is written as the three bytes that its number would take, so that no two texts share
 * their bytes.
 */
final class Utf8 {

  private Utf8() {}

  static byte[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return isWhole(text, bytes) ? bytes : withHalves(text);
  }

  /**
   * Whether there is no half of a pair, for which the JDK writes '?'. As many bytes as characters:
   * ASCII, or halves; the way back, which is quick for ASCII, tells.
   */
  private static boolean isWhole(String text, byte[] bytes) {
    if (bytes.length == text.length()) {
      return new String(bytes, StandardCharsets.UTF_8).equals(text);
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static byte[] withHalves(String text) {
    byte[] bytes = new byte[Math.multiplyExact(text.length(), 3)];
    int n = 0;
    int i = 0;
    while (i < text.length()) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        bytes[n++] = (byte) (0xE0 | point >> 12);
        bytes[n++] = (byte) (0x80 | point >> 6 & 0x3F);
        bytes[n++] = (byte) (0x80 | point & 0x3F);
      } else {
        byte[] one = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(one, 0, bytes, n, one.length);
        n += one.length;
      }
    }
    return Arrays.copyOf(bytes, n);
  }
}
