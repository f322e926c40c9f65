package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import java.io.ByteArrayInputStream;
import java.io.Externalizable;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what {@link KeyWriter} wrote. Leaves it to the caller to see that it was canonical. */
final class KeyReader {

  private final TypeRegistry types;
  private final KeyClasses classes;
  private final KeyWriter writer;

  KeyReader(TypeRegistry types, KeyClasses classes, KeyWriter writer) {
    this.types = types;
    this.classes = classes;
    this.writer = writer;
  }

  @Nullable
  Object decode(byte[] bytes, int offset, int length) {
    if (length < 1) {
      throw new MalformedBytesException("an empty key");
    }
    char tag = (char) bytes[offset];
    int at = offset + 1;
    int rest = length - 1;
    return switch (tag) {
      case KeyWriter.NULL -> nothing(rest);
      case KeyWriter.STRING -> KeyBytes.fromText(bytes, at, rest);
      case KeyWriter.ENUM -> constant(KeyBytes.fromText(bytes, at, rest));
      case KeyWriter.VALUE -> value(bytes, at, rest);
      case KeyWriter.LIST -> new ArrayList<>(objects(new Parts(bytes, at, rest)));
      case KeyWriter.SET -> set(new Parts(bytes, at, rest));
      case KeyWriter.MAP -> map(new Parts(bytes, at, rest));
      case KeyWriter.ENTRY -> {
        List<@Nullable Object> pair = objects(new Parts(bytes, at, rest));
        yield new java.util.AbstractMap.SimpleImmutableEntry<>(pair.get(0), pair.get(1));
      }
      case KeyWriter.OPTIONAL -> {
        List<@Nullable Object> held = objects(new Parts(bytes, at, rest));
        yield held.isEmpty() ? Optional.empty() : Optional.of(held.get(0));
      }
      case KeyWriter.ARRAY -> array(new Parts(bytes, at, rest));
      case KeyWriter.OBJECT -> object(bytes, offset, length);
      case KeyWriter.EXTERNALIZABLE -> external(new Parts(bytes, at, rest));
      default -> plain(tag, KeyBytes.fromText(bytes, at, rest));
    };
  }

  private static @Nullable Object nothing(int rest) {
    if (rest > 0) {
      throw new MalformedBytesException("bytes after null");
    }
    return null;
  }

  private static Object plain(char tag, String text) {
    return switch (tag) {
      case KeyWriter.BOOLEAN -> Boolean.valueOf(text);
      case KeyWriter.BYTE -> Byte.valueOf(text);
      case KeyWriter.SHORT -> Short.valueOf(text);
      case KeyWriter.INTEGER -> Integer.valueOf(text);
      case KeyWriter.LONG -> Long.valueOf(text);
      case KeyWriter.FLOAT -> Float.intBitsToFloat(Integer.parseUnsignedInt(text, 16));
      case KeyWriter.DOUBLE -> Double.longBitsToDouble(Long.parseUnsignedLong(text, 16));
      case KeyWriter.CHARACTER -> text.charAt(0);
      case KeyWriter.BIG_INTEGER -> new BigInteger(text);
      case KeyWriter.BIG_DECIMAL -> new BigDecimal(text);
      case KeyWriter.UUID_TAG -> UUID.fromString(text);
      case KeyWriter.URI_TAG -> URI.create(text);
      default -> throw new MalformedBytesException("an unknown tag");
    };
  }

  @SuppressWarnings("unchecked")
  private Object constant(String text) {
    int hash = text.indexOf('#');
    TypeHandler handler = types.named(hash < 0 ? "" : text.substring(0, hash));
    if (!handler.type().isEnum()) {
      throw new MalformedBytesException("no enum");
    }
    return Enum.valueOf(handler.type().asSubclass(Enum.class), text.substring(hash + 1));
  }

  @SuppressWarnings("NullAway")
  private static Object value(byte[] bytes, int at, int length) {
    int colon = at;
    while (colon < at + length && bytes[colon] != ':' && colon < at + 4) {
      colon++;
    }
    int id = Integer.parseInt(new String(bytes, at, colon - at, StandardCharsets.ISO_8859_1));
    JdkTypes.Entry entry = JdkTypes.byId(id);
    if (entry == null || !KeyWriter.VALUES.contains(id)) {
      throw new MalformedBytesException("an unknown type of value");
    }
    BudgetInput input = new BudgetInput();
    input.open(bytes, colon + 1, at + length - colon - 1);
    return ((ValueSerializer<?>) entry.serializer()).read((Kryo) null, input, null);
  }

  private List<@Nullable Object> objects(Parts parts) {
    List<@Nullable Object> objects = new ArrayList<>();
    while (parts.more()) {
      objects.add(decode(parts));
    }
    return objects;
  }

  private @Nullable Object decode(Parts parts) {
    parts.next();
    return decode(parts.bytes, parts.start, parts.end - parts.start);
  }

  private Set<@Nullable Object> set(Parts parts) {
    Set<@Nullable Object> set = new LinkedHashSet<>();
    while (parts.more()) {
      set.add(decode(parts));
    }
    return set;
  }

  private Map<@Nullable Object, @Nullable Object> map(Parts parts) {
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
    while (parts.more()) {
      Object key = decode(parts);
      map.put(key, decode(parts));
    }
    return map;
  }

  private Object array(Parts parts) {
    String name = parts.text();
    if (!name.endsWith("[]")) {
      throw new MalformedBytesException("no array");
    }
    Class<?> component = types.load(name).getComponentType();
    List<@Nullable Object> elements = objects(parts);
    Object array = Array.newInstance(component, elements.size());
    for (int i = 0; i < elements.size(); i++) {
      Array.set(array, i, elements.get(i));
    }
    return array;
  }

  private Object object(byte[] bytes, int offset, int length) {
    Parts encoded = new Parts(bytes, offset + 1, length - 1);
    KeyClasses.KeyClass keyClass = classes.of(types.load(encoded.text()));
    @Nullable Object[] parts = new Object[keyClass.size()];
    for (int i = 0; i < parts.length; i++) {
      encoded.next();
      byte[] name = keyClass.encodedField(i);
      if (!Arrays.equals(bytes, encoded.start, encoded.end, name, 0, name.length)) {
        throw new MalformedBytesException("other fields than the class has");
      }
      parts[i] = decode(encoded);
    }
    if (encoded.more()) {
      throw new MalformedBytesException("more fields than the class has");
    }
    Object constructed = keyClass.construct(parts);
    if (constructed != null) {
      byte[] again = writer.encode(constructed);
      if (Arrays.equals(bytes, offset, offset + length, again, 0, again.length)) {
        return constructed;
      }
    }
    return keyClass.fill(parts);
  }

  private Object external(Parts parts) {
    KeyClasses.KeyClass keyClass = classes.of(types.load(parts.text()));
    Object key = keyClass.make();
    parts.next();
    ByteArrayInputStream in =
        new ByteArrayInputStream(parts.bytes, parts.start, parts.end - parts.start);
    ExternalizableSerializer.readInto(
        (Externalizable) key, new ExternalizableSerializer.ObjectSource(in, () -> decode(parts)));
    return key;
  }

  /** Walks over parts that stand one after the other, each after its length. */
  private static final class Parts {
    private final byte[] bytes;
    private final int limit;
    private int start;
    private int end;

    Parts(byte[] bytes, int offset, int length) {
      this.bytes = bytes;
      end = offset;
      limit = offset + length;
    }

    boolean more() {
      return end < limit;
    }

    void next() {
      int length = 0;
      int at = end;
      for (int shift = 0; ; shift += 7) {
        if (at >= limit || shift > 28) {
          throw new MalformedBytesException("truncated");
        }
        byte next = bytes[at++];
        length |= (next & 0x7f) << shift;
        if (next >= 0) {
          break;
        }
      }
      if (length < 0 || length > limit - at) {
        throw new MalformedBytesException("truncated");
      }
      start = at;
      end = at + length;
    }

    String text() {
      next();
      return KeyBytes.fromText(bytes, start, end - start);
    }
  }
}
