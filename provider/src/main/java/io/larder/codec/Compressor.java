package io.larder.codec;

import com.github.luben.zstd.Zstd;
import io.larder.config.CompressionKind;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Compression of payloads, and its undoing with a bound. Thread-safe. */
final class Compressor {

  /** What a compressed payload may grow to; larger values are stored uncompressed. */
  static final int MAX_DECOMPRESSED_BYTES = 64 << 20;

  static final byte NONE = 0;
  static final byte ZSTD = 1;
  static final byte DEFLATE = 2;

  private static final int DEFLATE_MAX_RATIO = 1100;

  private final byte method;
  private final int threshold;
  private final int level;

  Compressor(CodecContext context) {
    threshold = context.settings().compressionThresholdBytes();
    level = context.settings().compressionLevel();
    CompressionKind kind = context.settings().compression();
    method = kind == CompressionKind.ZSTD && !ZstdLibrary.LOADED ? DEFLATE : methodOf(kind);
    if (kind == CompressionKind.ZSTD && method == DEFLATE) {
      context
          .log()
          .from(Compressor.class)
          .warn("the native library of zstd cannot be loaded here, compressing with deflate"
              + " instead");
    }
  }

  /** The method for payloads of this many bytes. */
  byte methodFor(int length) {
    return length > threshold && length <= MAX_DECOMPRESSED_BYTES ? method : NONE;
  }

  /** The compressed bytes, or null where they would not be fewer. */
  byte @Nullable [] compress(byte[] bytes, int length) {
    if (method == ZSTD) {
      byte[] room = new byte[(int) Zstd.compressBound(length)];
      long written = Zstd.compressByteArray(room, 0, room.length, bytes, 0, length, level);
      return Zstd.isError(written) || written >= length ? null : Arrays.copyOf(room, (int) written);
    }
    byte[] room = new byte[length - 1];
    Deflater deflater = new Deflater(level, true);
    try {
      deflater.setInput(bytes, 0, length);
      deflater.finish();
      int written = deflater.deflate(room);
      return deflater.finished() ? Arrays.copyOf(room, written) : null;
    } finally {
      deflater.end();
    }
  }

  /** The bytes from {@code offset} to {@code end}, decompressed to exactly {@code length}. */
  static byte[] decompress(byte method, byte[] bytes, int offset, int end, int length) {
    if (length < 0 || length > MAX_DECOMPRESSED_BYTES) {
      throw new MalformedBytesException("decompressed size beyond the bound");
    }
    int compressed = end - offset;
    return switch (method) {
      case ZSTD -> unzstd(bytes, offset, compressed, length);
      case DEFLATE -> inflate(bytes, offset, compressed, length);
      default -> throw new MalformedBytesException("unknown compression");
    };
  }

  private static byte[] unzstd(byte[] bytes, int offset, int compressed, int length) {
    if (!ZstdLibrary.LOADED) {
      throw new MalformedBytesException("zstd is not available here");
    }
    if (Zstd.getFrameContentSize(bytes, offset, compressed) != length) {
      throw new MalformedBytesException("decompressed size differs from the frame's");
    }
    byte[] out = new byte[length];
    long written = Zstd.decompressByteArray(out, 0, length, bytes, offset, compressed);
    if (written != length) {
      throw new MalformedBytesException("zstd frame is damaged");
    }
    return out;
  }

  private static byte[] inflate(byte[] bytes, int offset, int compressed, int length) {
    if (length > (long) compressed * DEFLATE_MAX_RATIO) {
      throw new MalformedBytesException("decompressed size beyond what deflate can hold");
    }
    Inflater inflater = new Inflater(true);
    try {
      byte[] out = new byte[length];
      inflater.setInput(bytes, offset, compressed);
      int written = 0;
      while (written < length) {
        int more = inflater.inflate(out, written, length - written);
        if (more == 0) {
          throw new MalformedBytesException("deflated bytes are truncated");
        }
        written += more;
      }
      if (!inflater.finished() && (inflater.inflate(new byte[1]) > 0 || !inflater.finished())) {
        throw new MalformedBytesException("deflated bytes do not end where they should");
      }
      if (inflater.getRemaining() > 0) {
        throw new MalformedBytesException("bytes after the deflated ones");
      }
      return out;
    } catch (DataFormatException e) {
      throw new MalformedBytesException("deflated bytes are damaged", e);
    } finally {
      inflater.end();
    }
  }

  private static byte methodOf(CompressionKind kind) {
    return switch (kind) {
      case ZSTD -> ZSTD;
      case DEFLATE -> DEFLATE;
      case NONE -> NONE;
    };
  }

  /** Whether zstd's native library could be loaded, tried once. */
  private static final class ZstdLibrary {
    static final boolean LOADED = load();

    private static boolean load() {
      try {
        return Zstd.maxCompressionLevel() > 0;
      } catch (LinkageError | RuntimeException e) {
        return false;
      }
    }
  }
}
