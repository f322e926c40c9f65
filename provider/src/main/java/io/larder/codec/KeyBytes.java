package io.larder.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a key under construction. */
final class KeyBytes {

  private byte[] bytes = new byte[64];
  private int length;

  KeyBytes tag(char tag) {
    room(1);
    bytes[length++] = (byte) tag;
    return this;
  }

  KeyBytes raw(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  KeyBytes ascii(String text) {
    return raw(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A length, then the bytes, so that what follows can be told apart. */
  KeyBytes part(byte[] part) {
    room(5);
    int rest = part.length;
    while (rest > 0x7f) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return raw(part);
  }

  byte[] done() {
    return Arrays.copyOf(bytes, length);
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  /**
   * UTF-8, where a surrogate without its other half, which UTF-8 has no form for, is written as the
   * three bytes it would have.
   */
  static byte[] text(String text) {
    byte[] utf8 = Text.utf8(text);
    if (utf8 != null) {
      return utf8;
    }
    ByteBuffer out = ByteBuffer.allocate(text.length() * 3);
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        out.put((byte) (0xe0 | point >> 12));
        out.put((byte) (0x80 | (point >> 6 & 0x3f)));
        out.put((byte) (0x80 | (point & 0x3f)));
      } else {
        out.put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /** What {@link #text} wrote. */
  static String fromText(byte[] bytes, int offset, int length) {
    boolean lone = false;
    for (int i = offset; i + 1 < offset + length && !lone; i++) {
      lone = bytes[i] == (byte) 0xed && (bytes[i + 1] & 0xff) >= 0xa0;
    }
    if (!lone) {
      return Text.fromUtf8(bytes, offset, length);
    }
    StringBuilder text = new StringBuilder();
    int start = offset;
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == (byte) 0xed && i + 2 < offset + length && (bytes[i + 1] & 0xff) >= 0xa0) {
        text.append(Text.fromUtf8(bytes, start, i - start));
        text.append((char) (0xd000 | (bytes[i + 1] & 0x3f) << 6 | (bytes[i + 2] & 0x3f)));
        i += 2;
        start = i + 1;
      }
    }
    return text.append(Text.fromUtf8(bytes, start, offset + length - start)).toString();
  }
}
