package io.larder.codec;

import io.larder.stats.CodecCounters;
import org.jspecify.annotations.Nullable;

/**
 * The head of a value's bytes and its payload.
 *
 * <pre>
 * byte 0    0x10 (format version 1) + how the payload is written
 * byte 1    how the payload is compressed; 0x80 if the value is signed, the rest is reserved and 0
 * varint    the payload's length, uncompressed
 * the rest  the payload; after it the signature, 16 bytes, of a value that is signed
 * </pre>
 *
 * <p>Signatures are not judged here: {@link FrameSigner} does it first, where there is a secret.
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
  private final CodecCounters counters;

  ValueFrame(Compressor compressor, CodecCounters counters) {
    this.compressor = compressor;
    this.counters = counters;
  }

  /** The frame around the first {@code length} bytes. */
  byte[] seal(byte codec, byte[] payload, int length) {
    byte method = compressor.methodFor(length);
    counters.encoded(length);
    byte[] body = method == Compressor.NONE ? null : compressed(payload, length);
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

  private byte @Nullable [] compressed(byte[] payload, int length) {
    long start = System.nanoTime();
    byte[] body = compressor.compress(payload, length);
    counters.compressed(length, body == null ? length : body.length, System.nanoTime() - start);
    return body;
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
    boolean signed = (bytes[offset + 1] & FrameSigner.FLAG) != 0;
    byte method = (byte) (bytes[offset + 1] & ~FrameSigner.FLAG);
    int end = signed ? bytes.length - FrameSigner.LENGTH : bytes.length;
    int at = offset + 2;
    long length = 0;
    for (int shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) {
        throw new MalformedBytesException("a damaged head");
      }
      byte next = bytes[at++];
      length |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        break;
      }
    }
    if (method == Compressor.NONE) {
      if (length != end - at) {
        throw new MalformedBytesException("truncated, or too long");
      }
      return new Opened(codec, bytes, at, (int) length);
    }
    if (length > Compressor.MAX_DECOMPRESSED_BYTES) {
      throw new MalformedBytesException("decompressed size beyond the bound");
    }
    byte[] payload = Compressor.decompress(method, bytes, at, end, (int) length);
    return new Opened(codec, payload, 0, (int) length);
  }

  /** A payload, uncompressed: {@code length} of {@code bytes} from {@code offset} on. */
  @SuppressWarnings("ArrayRecordComponent")
  record Opened(byte codec, byte[] bytes, int offset, int length) {}
}
