package io.larder.codec;

/**
 * Values as bytes that describe themselves: codec, compression and class fingerprints stand in the
 * bytes, so that a reader with other settings reads them too. Thread-safe.
 *
 * @param <V> the type of values
 */
public interface ValueCodec<V> {

  /**
   * The value's bytes.
   *
   * @throws ForbiddenTypeException if the value, or something in it, is of a type that may not be
   *     stored; the message says which line of {@code allowed_classes} would allow it
   */
  byte[] encode(V value);

  /**
   * The value in {@code bytes} from {@code offset} to the end.
   *
   * @throws UndecodableException for anything but a value that this cache may read: truncated,
   *     foreign, forbidden, of a changed class, or too large
   */
  V decode(byte[] bytes, int offset) throws UndecodableException;
}
