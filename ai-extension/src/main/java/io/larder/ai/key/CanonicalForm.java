package io.larder.ai.key;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values as bytes that stand for them and nothing else: typed, length-prefixed, in an order of
 * their own. The same on every JVM, in every locale and time zone, and for every order of a map or
 * set.
 *
 * <p><b>Design.</b> A value is a letter for its type, the length of what follows in four bytes, and
 * its content. Content of a container begins with the number of elements. Entries of maps and
 * elements of sets are sorted by their bytes. Numbers of different types are different values:
 * {@code 1}, {@code 1L}, {@code 1.0} and {@code "1"} are four options. The letters, and how each
 * content is written, are in {@code docs/ai.md}.
 */
public final class CanonicalForm {

  private static final int MAX_DEPTH = 64;
  private static final int MAX_VALUES = 1_000_000;
  private static final int MAX_BYTES = 64 << 20;

  private int values;
  private long bytes;

  private CanonicalForm() {}

  /**
   * The value's bytes.
   *
   * @param value null, a boolean, character, number, string or other char sequence, enum constant,
   *     UUID, URI, currency or {@code java.time} value; or an optional, list, set, other
   *     collection, map, array or record of such
   * @param name what the value is called, for messages
   * @throws IllegalArgumentException if there is a value of another class in it, or more than 64
   *     levels, a million values or 64 MiB; what occurs at several places counts at each. The
   *     message has no value in it.
   */
  public static byte[] of(@Nullable Object value, String name) {
    return new CanonicalForm().encode(value, Objects.requireNonNull(name, "name"), 0);
  }

  /** Several encoded values, as one. */
  public static byte[] sequence(List<byte[]> encoded) {
    return counted('L', encoded);
  }

  private byte[] encode(@Nullable Object value, String name, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          name + " has more than " + MAX_DEPTH + " levels, or contains itself");
    }
    if (++values > MAX_VALUES) {
      throw new IllegalArgumentException(name + " has more than " + MAX_VALUES
          + " values in it, but an option can have that many; what occurs at several places counts"
          + " at each");
    }
    byte[] encoded = scalar(value, name);
    if (encoded == null) {
      return container(Objects.requireNonNull(value), name, depth + 1);
    }
    bytes += encoded.length;
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          name + " takes more than " + MAX_BYTES + " bytes, but an option can take that many");
    }
    return encoded;
  }

  /** A value that contains no others; null for one that does. */
  private static byte @Nullable [] scalar(@Nullable Object value, String name) {
    if (value == null) {
      return framed('N');
    }
    if (value instanceof CharSequence text) {
      return framed('s', Utf8.bytes(text.toString()));
    }
    if (value instanceof Number number) {
      return number(number, name);
    }
    if (value instanceof Boolean flag) {
      return framed('B', (byte) (flag ? 1 : 0));
    }
    if (value instanceof Character c) {
      return framed('c', ByteBuffer.allocate(2).putChar(c).array());
    }
    if (value instanceof Enum<?> constant) {
      return parts('e', constant.getDeclaringClass().getName(), Utf8.bytes(constant.name()));
    }
    if (value instanceof byte[] content) {
      return framed('y', content);
    }
    return isTextual(value)
        ? parts('T', value.getClass().getName(), Utf8.bytes(value.toString()))
        : null;
  }

  private static byte[] number(Number number, String name) {
    if (number instanceof Integer i) {
      return framed('i', ByteBuffer.allocate(4).putInt(i).array());
    }
    if (number instanceof Long l) {
      return framed('l', ByteBuffer.allocate(8).putLong(l).array());
    }
    if (number instanceof Double d) {
      return framed(
          'd', ByteBuffer.allocate(8).putLong(Double.doubleToLongBits(d)).array());
    }
    if (number instanceof Float f) {
      return framed('f', ByteBuffer.allocate(4).putInt(Float.floatToIntBits(f)).array());
    }
    if (number instanceof Short s) {
      return framed('h', ByteBuffer.allocate(2).putShort(s).array());
    }
    if (number instanceof Byte b) {
      return framed('b', b);
    }
    if (number.getClass() == BigInteger.class) {
      return framed('I', ((BigInteger) number).toByteArray());
    }
    if (number.getClass() == BigDecimal.class) {
      BigDecimal decimal = (BigDecimal) number;
      byte[] scale = ByteBuffer.allocate(4).putInt(decimal.scale()).array();
      return framed('D', joined(scale, decimal.unscaledValue().toByteArray()));
    }
    throw refused(number, name);
  }

  /** Whether its text says all, in a form that neither locale nor time zone change. */
  private static boolean isTextual(Object value) {
    return value instanceof UUID
        || value instanceof URI
        || value instanceof Currency
        || value instanceof ZoneId
        || ((value instanceof TemporalAccessor || value instanceof TemporalAmount)
            && value.getClass().getPackageName().equals("java.time"));
  }

  private byte[] container(Object value, String name, int depth) {
    if (value instanceof List<?> list) {
      return counted('L', each(list, name, depth));
    }
    if (value instanceof Map<?, ?> map) {
      return counted('M', entries(map, name, depth));
    }
    if (value instanceof Set<?> set) {
      return counted('S', sorted(each(set, name, depth)));
    }
    if (value instanceof Collection<?> others) {
      return counted('L', each(others, name, depth));
    }
    if (value instanceof Optional<?> optional) {
      return framed('O', encode(optional.orElse(null), name, depth));
    }
    if (value.getClass().isArray()) {
      return array(value, name, depth);
    }
    if (value instanceof Record instance) {
      return component(instance, name, depth);
    }
    throw refused(value, name);
  }

  private List<byte[]> each(Collection<?> elements, String name, int depth) {
    return elements.stream().map(element -> encode(element, name, depth)).toList();
  }

  private List<byte[]> entries(Map<?, ?> map, String name, int depth) {
    return sorted(map.entrySet().stream()
        .map(entry ->
            joined(encode(entry.getKey(), name, depth), encode(entry.getValue(), name, depth)))
        .toList());
  }

  private static List<byte[]> sorted(List<byte[]> encoded) {
    return encoded.stream()
        .sorted(Comparator.nullsFirst(Arrays::compareUnsigned))
        .toList();
  }

  private byte[] array(Object array, String name, int depth) {
    byte[][] elements = new byte[Array.getLength(array)][];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = encode(Array.get(array, i), name, depth);
    }
    return parts(
        'A', array.getClass().getComponentType().getName(), counted('L', List.of(elements)));
  }

  private byte[] component(Record instance, String name, int depth) {
    RecordComponent[] components = instance.getClass().getRecordComponents();
    byte[][] encoded = new byte[components.length][];
    for (int i = 0; i < components.length; i++) {
      String called = components[i].getName();
      Object value = read(instance, components[i].getAccessor(), name);
      encoded[i] =
          joined(framed('s', Utf8.bytes(called)), encode(value, name + "." + called, depth));
    }
    return parts('R', instance.getClass().getName(), counted('L', List.of(encoded)));
  }

  private static @Nullable Object read(Record instance, Method accessor, String name) {
    try {
      accessor.setAccessible(true);
      return accessor.invoke(instance);
    } catch (InvocationTargetException | IllegalAccessException | RuntimeException e) {
      throw new IllegalArgumentException(
          name + ": the record " + instance.getClass().getName() + " cannot be read", e);
    }
  }

  private static IllegalArgumentException refused(Object value, String name) {
    return new IllegalArgumentException(
        name + " is or contains a " + value.getClass().getName()
            + ", which has no canonical form; give it as a string, number, boolean, enum constant,"
            + " java.time value, list, set, map, array or record");
  }

  private static byte[] parts(char type, String className, byte[] content) {
    return framed(type, joined(framed('s', Utf8.bytes(className)), content));
  }

  private static byte[] counted(char type, List<byte[]> elements) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(ByteBuffer.allocate(4).putInt(elements.size()).array());
    elements.forEach(all::writeBytes);
    return framed(type, all.toByteArray());
  }

  private static byte[] framed(char type, byte... content) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) type)
        .putInt(content.length)
        .put(content)
        .array();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length)
        .put(first)
        .put(second)
        .array();
  }
}
