package io.larder.stats;

import java.util.concurrent.atomic.LongAdder;

/** What became of the values that a cache encoded for Redis. Thread-safe. */
public final class CodecCounters {

  private final LongAdder values = new LongAdder();
  private final LongAdder valueBytes = new LongAdder();
  private final LongAdder compressions = new LongAdder();
  private final LongAdder originalBytes = new LongAdder();
  private final LongAdder compressedBytes = new LongAdder();
  private final LongAdder compressionNanos = new LongAdder();

  /**
   * What was counted so far.
   *
   * @param values encoded values
   * @param valueBytes their bytes before compression
   * @param compressions values of which compression was tried
   * @param originalBytes the bytes of these before
   * @param compressedBytes and after, where a value that would not shrink stays as it is
   * @param compressionNanos what trying took
   */
  public record Totals(
      long values,
      long valueBytes,
      long compressions,
      long originalBytes,
      long compressedBytes,
      long compressionNanos) {

    /** Compressed by original bytes; 1 where nothing was compressed. */
    public double compressionRatio() {
      return originalBytes == 0 ? 1 : (double) compressedBytes / originalBytes;
    }

    /** What compressing one value took, in milliseconds; 0 where nothing was compressed. */
    public double averageCompressionMillis() {
      return compressions == 0 ? 0 : compressionNanos / 1e6 / compressions;
    }

    /** Bytes that compression kept from Redis. */
    public long bytesSaved() {
      return originalBytes - compressedBytes;
    }

    /** The bytes of an encoded value before compression; 0 where nothing was encoded. */
    public double averageValueBytes() {
      return values == 0 ? 0 : (double) valueBytes / values;
    }
  }

  /** A value was encoded as so many bytes. */
  public void encoded(int bytes) {
    values.increment();
    valueBytes.add(bytes);
  }

  /** So many bytes became so many (the same number where they would not shrink). */
  public void compressed(int original, int compressed, long nanos) {
    compressions.increment();
    originalBytes.add(original);
    compressedBytes.add(compressed);
    compressionNanos.add(nanos);
  }

  /** What was counted so far. */
  public Totals totals() {
    return new Totals(
        values.sum(),
        valueBytes.sum(),
        compressions.sum(),
        originalBytes.sum(),
        compressedBytes.sum(),
        compressionNanos.sum());
  }

  /** Back to zero. */
  public void clear() {
    values.reset();
    valueBytes.reset();
    compressions.reset();
    originalBytes.reset();
    compressedBytes.reset();
    compressionNanos.reset();
  }
}
