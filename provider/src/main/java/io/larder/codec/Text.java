package io.larder.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strings as bytes without loss: UTF-8, or UTF-16 where a string is not valid Unicode. */
final class Text {

  private static final int SHORT = 128;

  private Text() {}

  /** The UTF-8 bytes, or null if they could not be turned back into the string. */
  static byte @Nullable [] utf8(String text) {
    int length = text.length();
    if (length > SHORT) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return new String(bytes, StandardCharsets.UTF_8).equals(text) ? bytes : null;
    }
    for (int i = 0; i < length; i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new String(bytes, StandardCharsets.UTF_8).equals(text) ? bytes : null;
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The string of these UTF-8 bytes; malformed ones are refused, not replaced. */
  static String fromUtf8(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      CharBuffer strict;
      try {
        strict = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
      } catch (CharacterCodingException e) {
        throw new MalformedBytesException("malformed UTF-8", e);
      }
      return strict.toString();
    }
    return text;
  }

  static byte[] utf16(String text) {
    byte[] bytes = new byte[text.length() * 2];
    ByteBuffer.wrap(bytes).asCharBuffer().put(text);
    return bytes;
  }

  static String fromUtf16(byte[] bytes, int offset, int length) {
    if (length % 2 != 0) {
      throw new MalformedBytesException("odd number of bytes in UTF-16");
    }
    return ByteBuffer.wrap(bytes, offset, length).asCharBuffer().toString();
  }

  /** Writes a length, doubled, with the low bit telling UTF-16, then the bytes; 0 for null. */
  static void write(Output output, @Nullable String text) {
    if (text == null) {
      output.writeVarInt(0, true);
      return;
    }
    byte[] utf8 = utf8(text);
    byte[] bytes = utf8 == null ? utf16(text) : utf8;
    output.writeVarLong(((long) bytes.length << 1 | (utf8 == null ? 1 : 0)) + 1, true);
    output.writeBytes(bytes);
  }

  static @Nullable String readNullable(Input input) {
    long head = input.readVarLong(true);
    if (head == 0) {
      return null;
    }
    long length = (head - 1) >>> 1;
    int remaining = input.limit() - input.position();
    if (length > remaining) {
      throw new MalformedBytesException("a string longer than the bytes");
    }
    int start = input.position();
    input.setPosition(start + (int) length);
    return (head - 1 & 1) == 1
        ? fromUtf16(input.getBuffer(), start, (int) length)
        : fromUtf8(input.getBuffer(), start, (int) length);
  }

  static String read(Input input) {
    String text = readNullable(input);
    if (text == null) {
      throw new MalformedBytesException("a string is missing");
    }
    return text;
  }

  /** A number of elements that take at least {@code bytesEach} of what is left to read. */
  static int readCount(Input input, int bytesEach) {
    int count = input.readVarInt(true);
    if (count < 0 || (long) count * bytesEach > input.limit() - input.position()) {
      throw new MalformedBytesException("a length beyond the bytes");
    }
    ((BudgetInput) input).claim((long) count * bytesEach);
    return count;
  }
}
