package io.larder.codec;

import io.larder.config.CodecKind;
import java.util.Arrays;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Values in frames: strings and byte arrays as they are, other objects by Kryo or as JSON. Reads
 * whatever codec the frame names.
 *
 * @param <V> the type of values
 */
final class FramedValues<V> implements ValueCodec<V> {

  private final CodecContext context;
  private final TypeRegistry types;
  private final KryoPool pool;
  private final JsonValues json;
  private final ValueFrame frame;
  private final Class<?> valueType;

  FramedValues(CodecContext context, TypeRegistry types, KryoPool pool) {
    this.context = context;
    this.types = types;
    this.pool = pool;
    json = new JsonValues(context, types);
    frame = new ValueFrame(new Compressor(context), context.counters());
    valueType = Boxes.boxed(context.valueType());
  }

  @Override
  public byte[] encode(V value) {
    CodecKind kind = context.settings().codec();
    if (!valueType.isInstance(value)) {
      throw types.forbidden("values must be of class " + valueType.getName() + ", not "
          + value.getClass().getName());
    }
    try {
      if (value instanceof String text && kind != CodecKind.BYTES) {
        return sealText(text);
      }
      if (value instanceof byte[] bytes && kind != CodecKind.STRING) {
        return frame.seal(ValueFrame.BYTES, bytes, bytes.length);
      }
      return switch (kind) {
        case KRYO -> kryo(value);
        case JSON -> {
          byte[] payload = json.encode(value);
          yield frame.seal(ValueFrame.JSON, payload, payload.length);
        }
        case STRING, BYTES ->
          throw types.forbidden("codec "
              + (kind == CodecKind.STRING
                  ? "string stores only String"
                  : "bytes stores only byte[]")
              + ", not " + value.getClass().getName() + ": set codec to kryo or json");
      };
    } catch (CacheException e) {
      throw e;
    } catch (UnstorableException e) {
      throw types.forbidden(String.valueOf(e.getMessage()));
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      throw new CacheException(
          types
              .allowList()
              .message("cannot encode a value of class " + value.getClass().getName()),
          e);
    }
  }

  private byte[] sealText(String text) {
    byte[] utf8 = Text.utf8(text);
    if (utf8 != null) {
      return frame.seal(ValueFrame.TEXT_UTF8, utf8, utf8.length);
    }
    byte[] utf16 = Text.utf16(text);
    return frame.seal(ValueFrame.TEXT_UTF16, utf16, utf16.length);
  }

  private byte[] kryo(Object value) {
    KryoPool.Session session = pool.borrow();
    session.kryo().writeClassAndObject(session.output(), value);
    byte[] sealed = frame.seal(
        ValueFrame.KRYO, session.output().getBuffer(), session.output().position());
    pool.giveBack(session);
    return sealed;
  }

  @Override
  @SuppressWarnings("unchecked")
  public V decode(byte[] bytes, int offset) throws UndecodableException {
    Object value;
    try {
      value = read(ValueFrame.open(bytes, offset));
    } catch (MalformedBytesException e) {
      throw new UndecodableException(String.valueOf(e.getMessage()), e);
    } catch (Exception | Error e) {
      // User classes and their loading run in here: whatever they throw, these bytes are no value.
      throw new UndecodableException("the bytes cannot be read: " + e.getClass().getName(), e);
    }
    if (!valueType.isInstance(value)) {
      throw new UndecodableException("not of the cache's type of values");
    }
    return (V) value;
  }

  private @Nullable Object read(ValueFrame.Opened payload) {
    byte[] bytes = payload.bytes();
    int offset = payload.offset();
    int length = payload.length();
    return switch (payload.codec()) {
      case ValueFrame.TEXT_UTF8 -> Text.fromUtf8(bytes, offset, length);
      case ValueFrame.TEXT_UTF16 -> Text.fromUtf16(bytes, offset, length);
      case ValueFrame.BYTES -> Arrays.copyOfRange(bytes, offset, offset + length);
      case ValueFrame.JSON -> json.decode(bytes, offset, length);
      case ValueFrame.KRYO -> readKryo(bytes, offset, length);
      default -> throw new MalformedBytesException("an unknown codec");
    };
  }

  private @Nullable Object readKryo(byte[] bytes, int offset, int length) {
    KryoPool.Session session = pool.borrow();
    session.input().open(bytes, offset, length);
    Object value = session.kryo().readClassAndObject(session.input());
    if (value == null) {
      throw new MalformedBytesException("no value");
    }
    if (session.input().position() != session.input().limit()) {
      throw new MalformedBytesException("bytes after the value");
    }
    pool.giveBack(session);
    return value;
  }
}
