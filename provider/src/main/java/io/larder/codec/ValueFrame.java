package io.larder.codec;

/**
 * The head of a value's bytes and its payload.
 *
 * <pre>
 * byte 0    0x10 (format version 1) + how the payload is written
 * byte 1    how the payload is compressed; the upper bits are reserved and 0
 * varint    the payload's length, uncompressed
 * the rest  the payload
 * </pre>
 *
 * <p>A message authentication code belongs here: a flag among the upper bits of byte 1, the code
 * between the length and the payload, over everything else.
 */
final class ValueFrame {

  static final byte KRYO = 1;
  static final byte JSON = 2;
  static final byte TEXT_UTF8 = 3;
  static final byte BYTES = 4;
  static final byte TEXT_UTF16 = 5;

  private static final byte VERSION = 0x10;
  private static final int MAX_HEAD = 7;

  private final Compressor compressor;

  ValueFrame(Compressor compressor) {
    this.compressor = compressor;
  }

  /** The frame around the first {@code length} bytes. */
  byte[] seal(byte codec, byte[] payload, int length) {
    byte method = compressor.methodFor(length);
    byte[] body = method == Compressor.NONE ? null : compressor.compress(payload, length);
    byte[] head = new byte[MAX_HEAD];
    head[0] = (byte) (VERSION | codec);
    head[1] = body == null ? Compressor.NONE : method;
    int at = 2;
    int rest = length;
    while (rest > 0x7f) {
      head[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    head[at++] = (byte) rest;
    int bodyLength = body == null ? length : body.length;
    byte[] frame = new byte[at + bodyLength];
    System.arraycopy(head, 0, frame, 0, at);
    System.arraycopy(body == null ? payload : body, 0, frame, at, bodyLength);
    return frame;
  }

  /**
   * The payload in a frame.
   *
   * @throws RuntimeException if it is none
   */
  static Opened open(byte[] bytes, int offset) {
    if (bytes.length - offset < 3 || (bytes[offset] & 0xf0) != VERSION) {
      throw new MalformedBytesException("not a value of this format");
    }
    byte codec = (byte) (bytes[offset] & 0x0f);
    byte method = bytes[offset + 1];
    int at = offset + 2;
    long length = 0;
    for (int shift = 0; ; shift += 7) {
      if (at >= bytes.length || shift > 28) {
        throw new MalformedBytesException("a damaged head");
      }
      byte next = bytes[at++];
      length |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        break;
      }
    }
    if (method == Compressor.NONE) {
      if (length != bytes.length - at) {
        throw new MalformedBytesException("truncated, or too long");
      }
      return new Opened(codec, bytes, at, (int) length);
    }
    if (length > Compressor.MAX_DECOMPRESSED_BYTES) {
      throw new MalformedBytesException("decompressed size beyond the bound");
    }
    return new Opened(
        codec, Compressor.decompress(method, bytes, at, (int) length), 0, (int) length);
  }

  /** A payload, uncompressed: {@code length} of {@code bytes} from {@code offset} on. */
  @SuppressWarnings("ArrayRecordComponent")
  record Opened(byte codec, byte[] bytes, int offset, int length) {}
}
