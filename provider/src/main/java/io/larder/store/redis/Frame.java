package io.larder.store.redis;

import org.jspecify.annotations.Nullable;

/**
 * The bytes around a value, and the bookkeeping of a bucket, as they stand in Redis.
 *
 * <p>A frame is {@code LDR}, the format version {@code 1}, then as 16 decimal digits each the
 * generation, the sequence and the time of creation, then the kind of deadline (x: expiry, b: bound
 * on the stay, n: none) and the deadline, then the value's own bytes. A head is generation,
 * sequence and horizon. Times are the server's, in microseconds since the epoch. Digits at fixed
 * places let a script write them and move a deadline in place.
 */
final class Frame {

  /** The length of all that is before the value's own bytes. */
  static final int HEADER = 69;

  /** Begins a claim, which stands where an entry would and is none; a generation follows. */
  static final String CLAIM = "LDRC";

  private static final int DIGITS = 16;
  private static final int GENERATION = 4;
  private static final int SEQUENCE = GENERATION + DIGITS;
  private static final int CREATED = SEQUENCE + DIGITS;
  private static final int KIND = CREATED + DIGITS;
  private static final int DEADLINE = KIND + 1;
  private static final int HEAD = 3 * DIGITS;

  private Frame() {}

  /** Whether these bytes begin like a frame that this version reads. */
  static boolean isFrame(byte[] bytes) {
    return bytes.length >= HEADER
        && bytes[0] == 'L'
        && bytes[1] == 'D'
        && bytes[2] == 'R'
        && bytes[3] == '1'
        && number(bytes, GENERATION) >= 0
        && number(bytes, SEQUENCE) >= 0
        && number(bytes, CREATED) >= 0
        && (bytes[KIND] == 'x' || bytes[KIND] == 'b' || bytes[KIND] == 'n')
        && number(bytes, DEADLINE) >= 0;
  }

  static boolean isClaim(byte[] bytes) {
    return bytes.length >= 4
        && bytes[0] == 'L'
        && bytes[1] == 'D'
        && bytes[2] == 'R'
        && bytes[3] == 'C';
  }

  static long generation(byte[] frame) {
    return number(frame, GENERATION);
  }

  static long sequence(byte[] frame) {
    return number(frame, SEQUENCE);
  }

  /** When the entry ends; {@link Long#MAX_VALUE} for never. */
  static long deadlineMicros(byte[] frame) {
    return frame[KIND] == 'n' ? Long.MAX_VALUE : number(frame, DEADLINE);
  }

  /** Whether its end is an expiry, not the bound on its stay. */
  static boolean expires(byte[] frame) {
    return frame[KIND] == 'x';
  }

  /** A head's generation; 0 if this is no head. */
  static long headGeneration(byte @Nullable [] head) {
    return head == null || head.length != HEAD || headSequence(head) == 0 ? 0 : number(head, 0);
  }

  /** A head's sequence; 0 if this is no head. */
  static long headSequence(byte @Nullable [] head) {
    if (head == null || head.length != HEAD) {
      return 0;
    }
    long sequence = number(head, DIGITS);
    boolean valid = number(head, 0) > 0 && sequence <= 8_999_999_999_999_999L;
    return valid && number(head, 2 * DIGITS) >= 0 ? Math.max(0, sequence) : 0;
  }

  /** A version as the scripts compare it. */
  static String version(long generation, long sequence) {
    return digits(generation) + digits(sequence);
  }

  /** The 16 digits at an offset; -1 if they are none. */
  static long number(byte[] bytes, int offset) {
    long number = 0;
    for (int i = offset; i < offset + DIGITS; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private static String digits(long number) {
    String text = Long.toString(number);
    return "0".repeat(DIGITS - text.length()) + text;
  }
}
