package io.larder.codec;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.CacheException;

/**
 * The canonical encoding of keys, both ways.
 *
 * <p>A key is written by {@link KeyWriter}. The first key of each class that is not a plain value
 * is also read back and compared, since a class can keep state that its fields do not tell; if it
 * does, the class is refused. Reading accepts only bytes that encoding the result gives again, so
 * that no key has two encodings.
 *
 * @param <K> the type of keys
 */
final class CanonicalKeys<K> implements KeyCodec<K> {

  private final TypeRegistry types;
  private final Class<?> keyType;
  private final KeyWriter writer;
  private final KeyReader reader;
  private final Set<Class<?>> proven = ConcurrentHashMap.newKeySet();

  CanonicalKeys(CodecContext context, TypeRegistry types) {
    this.types = types;
    keyType = Boxes.boxed(context.keyType());
    KeyClasses classes = new KeyClasses(types);
    writer = new KeyWriter(types, classes);
    reader = new KeyReader(types, classes, writer);
  }

  @Override
  public byte[] encode(K key) {
    Class<?> type = key.getClass();
    if (!keyType.isInstance(key)) {
      throw types.forbidden(
          "keys must be of class " + keyType.getName() + ", not " + type.getName());
    }
    try {
      if (key instanceof String text) {
        return new KeyBytes().tag(KeyWriter.STRING).raw(KeyBytes.text(text)).done();
      }
      byte[] encoded = writer.encode(key);
      if (!KeyWriter.isPlain(type) && !proven.contains(type)) {
        prove(key, encoded);
      }
      return encoded;
    } catch (CacheException e) {
      throw e;
    } catch (UnstorableException e) {
      throw types.forbidden(String.valueOf(e.getMessage()));
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      throw new CacheException(
          types.allowList().message("cannot encode a key of class " + type.getName()), e);
    }
  }

  private void prove(K key, byte[] encoded) {
    Class<?> type = key.getClass();
    K back;
    try {
      back = decode(encoded);
    } catch (UndecodableException e) {
      throw types.forbidden(
          "keys of class " + type.getName() + " cannot be read back: " + e.getMessage());
    }
    if (!key.equals(back) || !back.equals(key) || key.hashCode() != back.hashCode()) {
      throw types.forbidden("keys of class " + type.getName()
          + " do not come back equal: its equals and hashCode must follow from its"
          + " non-transient fields (or from what it writes as Externalizable)");
    }
    proven.add(type);
  }

  @Override
  @SuppressWarnings("unchecked")
  public K decode(byte[] encoded) throws UndecodableException {
    Object key;
    try {
      if (encoded.length > 0 && encoded[0] == KeyWriter.STRING) {
        key = KeyBytes.fromText(encoded, 1, encoded.length - 1);
      } else {
        key = reader.decode(encoded, 0, encoded.length);
      }
      if (key == null || !keyType.isInstance(key)) {
        throw new MalformedBytesException("not of the cache's type of keys");
      }
      if (!(key instanceof String && isAscii(encoded))
          && !Arrays.equals(writer.encode(key), encoded)) {
        throw new MalformedBytesException("not the canonical encoding of a key");
      }
    } catch (MalformedBytesException e) {
      throw new UndecodableException(String.valueOf(e.getMessage()), e);
    } catch (Exception | Error e) {
      // User classes and their loading run in here: whatever they throw, these bytes are no key.
      throw new UndecodableException("the bytes cannot be read: " + e.getClass().getName(), e);
    }
    return (K) key;
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte each : bytes) {
      if (each < 0) {
        return false;
      }
    }
    return true;
  }
}
