package io.larder.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a cache's data is in Redis: the names of its keys and of its channel, and a key's bucket.
 * {@code docs/storage.md} describes them; they are a storage format.
 */
final class Layout {

  static final int BUCKETS = 64;

  /** What the descriptor must say. */
  static final String DESCRIPTION = "key-encoding=1 buckets=" + BUCKETS;

  private final String tag;
  private final byte[][] heads = new byte[BUCKETS][];

  Layout(String namespace, String cacheName) {
    tag = "larder:{" + encoded(namespace) + ":" + encoded(cacheName);
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      heads[bucket] =
          ascii(tag + ":" + (char) ('0' + bucket / 10) + (char) ('0' + bucket % 10) + "}");
    }
  }

  String channel() {
    return tag + "}";
  }

  byte[] descriptor() {
    return ascii(tag + "}");
  }

  /** Set by a clear, removed when the cleared entries are gone. */
  byte[] unswept() {
    return ascii(tag + "}!unswept");
  }

  /** A key that a probe may set; no walk over entries meets it. */
  byte[] probe(String name) {
    return ascii(tag + "}!probe:" + name);
  }

  byte[] sweepLease() {
    return ascii(tag + "}!sweep");
  }

  /** A glob that entries match, and some leases: {@link #keyOf} tells. */
  String entryPattern() {
    return tag + ":??}:*";
  }

  /** A glob that the entries match whose encoded keys end like that glob, and some more. */
  byte[] entryPattern(byte[] ending) {
    byte[] start = ascii(entryPattern());
    byte[] pattern = Arrays.copyOf(start, start.length + ending.length);
    System.arraycopy(ending, 0, pattern, start.length, ending.length);
    return pattern;
  }

  byte[] head(int bucket) {
    return heads[bucket];
  }

  byte[] entry(int bucket, byte[] key) {
    return joined(heads[bucket], ':', key);
  }

  byte[] lease(int bucket, byte[] key) {
    return joined(heads[bucket], '!', key);
  }

  /** The encoded key in an entry's name, or null if this is not the name of an entry. */
  byte @Nullable [] keyOf(byte[] entry) {
    int start = heads[0].length + 1;
    if (entry.length < start || entry[start - 1] != ':') {
      return null;
    }
    byte[] key = Arrays.copyOfRange(entry, start, entry.length);
    byte[] head = heads[bucketOf(key)];
    return Arrays.equals(head, 0, head.length, entry, 0, head.length) ? key : null;
  }

  /** The bucket of an encoded key: MurmurHash3 (x86, 32 bits, seed 0) mod 64. */
  static int bucketOf(byte[] key) {
    return murmur3(key) & (BUCKETS - 1);
  }

  private static byte[] joined(byte[] head, char separator, byte[] key) {
    byte[] name = Arrays.copyOf(head, head.length + 1 + key.length);
    name[head.length] = (byte) separator;
    System.arraycopy(key, 0, name, head.length + 1, key.length);
    return name;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String encoded(String name) {
    StringBuilder out = new StringBuilder(name.length() + 16);
    name.codePoints().forEach(point -> encode(point, out));
    return out.toString();
  }

  /** A lone surrogate is encoded like any other code point, so that no two names share a form. */
  private static void encode(int point, StringBuilder out) {
    if ((point >= 'A' && point <= 'Z')
        || (point >= 'a' && point <= 'z')
        || (point >= '0' && point <= '9')
        || point == '.'
        || point == '_'
        || point == '-') {
      out.append((char) point);
    } else if (point < 0x80) {
      percent(point, out);
    } else {
      int continuations = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
      int mark = continuations == 1 ? 0xC0 : continuations == 2 ? 0xE0 : 0xF0;
      percent(mark | (point >> (6 * continuations)), out);
      for (int i = continuations - 1; i >= 0; i--) {
        percent(0x80 | ((point >> (6 * i)) & 0x3F), out);
      }
    }
  }

  private static void percent(int octet, StringBuilder out) {
    out.append('%');
    out.append(Character.toUpperCase(Character.forDigit(octet >> 4, 16)));
    out.append(Character.toUpperCase(Character.forDigit(octet & 0xF, 16)));
  }

  private static int murmur3(byte[] key) {
    int hash = 0;
    int tail = key.length & ~3;
    for (int i = 0; i < tail; i += 4) {
      int block =
          (key[i] & 0xFF) | (key[i + 1] & 0xFF) << 8 | (key[i + 2] & 0xFF) << 16 | key[i + 3] << 24;
      hash = Integer.rotateLeft(hash ^ scrambled(block), 13) * 5 + 0xE6546B64;
    }
    int block = 0;
    for (int i = key.length - 1; i >= tail; i--) {
      block = block << 8 | (key[i] & 0xFF);
    }
    hash ^= scrambled(block) ^ key.length;
    hash = (hash ^ hash >>> 16) * 0x85EBCA6B;
    hash = (hash ^ hash >>> 13) * 0xC2B2AE35;
    return hash ^ hash >>> 16;
  }

  private static int scrambled(int block) {
    return Integer.rotateLeft(block * 0xCC9E2D51, 15) * 0x1B873593;
  }
}
