package io.larder.codec;

/**
 * The canonical encoding of keys: equal keys give equal bytes, different keys different bytes, in
 * every JVM. Thread-safe.
 *
 * @param <K> the type of keys
 */
public interface KeyCodec<K> {

  /**
   * The key's bytes.
   *
   * @throws ForbiddenTypeException if the key is of a type that may not be stored
   */
  byte[] encode(K key);

  /**
   * The key that these bytes stand for.
   *
   * @throws UndecodableException if no key has this encoding, or its type may not be read
   */
  K decode(byte[] encoded) throws UndecodableException;
}
