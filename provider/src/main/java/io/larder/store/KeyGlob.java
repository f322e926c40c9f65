package io.larder.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern over keys as Redis understands it: {@code *} any bytes, {@code ?} one byte,
 * {@code [a-z]} and {@code [^a-z]} one byte of a set, {@code \} takes the next one literally. It is
 * matched against the UTF-8 bytes of a key, all of them. Immutable.
 *
 * <p>Like Redis, it takes a set that is not closed as closed at the end, and a range whose ends are
 * swapped as meant.
 */
public final class KeyGlob {

  private static final int BYTES = 256;

  private final String pattern;
  private final byte[] bytes;

  /** One set of bytes for each byte to match; null for any number of any. */
  private final List<Element> elements = new ArrayList<>();

  private record Element(boolean star, BitSet allowed) {}

  /** That pattern; every text is one. */
  public KeyGlob(String pattern) {
    this.pattern = pattern;
    this.bytes = utf8(pattern);
    for (int at = 0; at < bytes.length; ) {
      at = parse(at);
    }
  }

  /** The pattern as it was given. */
  public String pattern() {
    return pattern;
  }

  /** Whether a key matches; none does that is no text. */
  public boolean matches(Object key) {
    return key instanceof String text && matches(utf8(text));
  }

  /** Greedy, with one step back: to the last star. */
  private boolean matches(byte[] text) {
    int e = 0;
    int t = 0;
    int star = -1;
    int from = 0;
    while (t < text.length) {
      if (e < elements.size() && elements.get(e).star()) {
        star = e++;
        from = t;
      } else if (e < elements.size() && elements.get(e).allowed().get(text[t] & 0xFF)) {
        e++;
        t++;
      } else if (star >= 0) {
        e = star + 1;
        t = ++from;
      } else {
        return false;
      }
    }
    while (e < elements.size() && elements.get(e).star()) {
      e++;
    }
    return e == elements.size();
  }

  /** Takes one element in; answers where the next one begins. */
  private int parse(int at) {
    BitSet allowed = new BitSet(BYTES);
    byte first = bytes[at];
    if (first == '*') {
      elements.add(new Element(true, allowed));
      return at + 1;
    }
    int next = at + 1;
    if (first == '?') {
      allowed.set(0, BYTES);
    } else if (first == '[') {
      next = parseSet(at + 1, allowed);
    } else if (first == '\\' && next < bytes.length) {
      allowed.set(bytes[next++] & 0xFF);
    } else {
      allowed.set(first & 0xFF);
    }
    elements.add(new Element(false, allowed));
    return next;
  }

  private int parseSet(int start, BitSet allowed) {
    int at = start;
    boolean not = at < bytes.length && bytes[at] == '^';
    if (not) {
      at++;
    }
    while (at < bytes.length && bytes[at] != ']') {
      if (bytes[at] == '\\' && at + 1 < bytes.length) {
        allowed.set(bytes[at + 1] & 0xFF);
        at += 2;
      } else if (at + 2 < bytes.length && bytes[at + 1] == '-') {
        allowRange(bytes[at], bytes[at + 2], allowed);
        at += 3;
      } else {
        allowed.set(bytes[at++] & 0xFF);
      }
    }
    if (not) {
      allowed.flip(0, BYTES);
    }
    return at + 1;
  }

  /** Bytes are compared as the C type char, which has a sign where Redis usually runs. */
  private static void allowRange(byte one, byte other, BitSet allowed) {
    for (int b = Math.min(one, other); b <= Math.max(one, other); b++) {
      allowed.set(b & 0xFF);
    }
  }

  /** UTF-8, where half a surrogate pair has the three bytes it would have, as keys do in Redis. */
  private static byte[] utf8(String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() * 3);
    text.codePoints().forEach(point -> {
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        out.write(0xE0 | point >> 12);
        out.write(0x80 | (point >> 6 & 0x3F));
        out.write(0x80 | (point & 0x3F));
      } else {
        out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
      }
    });
    return out.toByteArray();
  }

  /** The pattern as Redis takes it. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
