package io.larder.codec;

import com.esotericsoftware.kryo.io.Output;
import java.io.Externalizable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes keys: a tag that tells the type, then as readable a form as the type has. */
final class KeyWriter {

  static final char STRING = 's';
  static final char NULL = 'n';
  static final char BOOLEAN = 'z';
  static final char BYTE = 'b';
  static final char SHORT = 'h';
  static final char INTEGER = 'i';
  static final char LONG = 'j';
  static final char FLOAT = 'f';
  static final char DOUBLE = 'd';
  static final char CHARACTER = 'c';
  static final char BIG_INTEGER = 'I';
  static final char BIG_DECIMAL = 'D';
  static final char UUID_TAG = 'u';
  static final char URI_TAG = 'U';
  static final char VALUE = 'v';
  static final char ENUM = 'e';
  static final char LIST = 'l';
  static final char SET = 't';
  static final char MAP = 'm';
  static final char ENTRY = 'y';
  static final char OPTIONAL = 'o';
  static final char ARRAY = 'a';
  static final char OBJECT = 'r';
  static final char EXTERNALIZABLE = 'x';

  /** Numbers, in {@link JdkTypes}, of values whose bytes there are canonical. */
  static final Set<Integer> VALUES = Set.of(
      15, 16, 17, 18, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 52, 53,
      54);

  private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");
  private static final byte[] NULL_PART = {(byte) NULL};

  private static final Set<Class<?>> PLAIN = Set.of(
      Boolean.class,
      Byte.class,
      Short.class,
      Integer.class,
      Long.class,
      Float.class,
      Double.class,
      Character.class,
      BigInteger.class,
      BigDecimal.class,
      UUID.class,
      URI.class);

  private final TypeRegistry types;
  private final KeyClasses classes;

  KeyWriter(TypeRegistry types, KeyClasses classes) {
    this.types = types;
    this.classes = classes;
  }

  /** Whether keys of the class surely come back equal. */
  static boolean isPlain(Class<?> type) {
    return PLAIN.contains(type) || type.isEnum();
  }

  byte[] encode(Object key) {
    return encode(key, false);
  }

  private byte[] encode(@Nullable Object key, boolean inField) {
    if (key == null) {
      return NULL_PART;
    }
    if (key instanceof String text) {
      return new KeyBytes().tag(STRING).raw(KeyBytes.text(text)).done();
    }
    if (PLAIN.contains(key.getClass())) {
      return plain(key);
    }
    if (key instanceof Enum<?> constant) {
      TypeHandler handler = types.handler(constant.getDeclaringClass());
      check(handler);
      return new KeyBytes()
          .tag(ENUM)
          .raw(KeyBytes.text(handler.name() + '#' + constant.name()))
          .done();
    }
    JdkTypes.Entry entry = JdkTypes.entryOf(key.getClass());
    if (entry != null && VALUES.contains(entry.id())) {
      return value(key, entry);
    }
    if (key.getClass().isArray()) {
      return array(key, inField);
    }
    boolean jdk = JdkNames.isJdk(key.getClass().getName());
    return jdk ? jdkContainer(key, entry) : ofApplication(key);
  }

  private static byte[] plain(Object key) {
    KeyBytes out = new KeyBytes();
    if (key instanceof Double number) {
      return out.tag(DOUBLE)
          .ascii(Long.toHexString(Double.doubleToLongBits(number)))
          .done();
    }
    if (key instanceof Float number) {
      return out.tag(FLOAT)
          .ascii(Integer.toHexString(Float.floatToIntBits(number)))
          .done();
    }
    if (key instanceof Character character) {
      return out.tag(CHARACTER).raw(KeyBytes.text(character.toString())).done();
    }
    if (key instanceof URI uri) {
      return out.tag(URI_TAG).raw(KeyBytes.text(canonical(uri))).done();
    }
    char tag;
    if (key instanceof Integer) {
      tag = INTEGER;
    } else if (key instanceof Long) {
      tag = LONG;
    } else if (key instanceof Short) {
      tag = SHORT;
    } else if (key instanceof Byte) {
      tag = BYTE;
    } else if (key instanceof Boolean) {
      tag = BOOLEAN;
    } else if (key instanceof BigInteger) {
      tag = BIG_INTEGER;
    } else {
      tag = key instanceof BigDecimal ? BIG_DECIMAL : UUID_TAG;
    }
    return out.tag(tag).ascii(key.toString()).done();
  }

  /** URIs are equal whatever the case of scheme, host and escapes. */
  private static String canonical(URI uri) {
    StringBuilder text = new StringBuilder();
    if (uri.getScheme() != null) {
      text.append(uri.getScheme().toLowerCase(Locale.ROOT)).append(':');
    }
    if (uri.isOpaque()) {
      text.append(upperEscapes(uri.getRawSchemeSpecificPart()));
    } else {
      if (uri.getHost() != null) {
        text.append("//");
        if (uri.getRawUserInfo() != null) {
          text.append(upperEscapes(uri.getRawUserInfo())).append('@');
        }
        text.append(uri.getHost().toLowerCase(Locale.ROOT));
        if (uri.getPort() >= 0) {
          text.append(':').append(uri.getPort());
        }
      } else if (uri.getRawAuthority() != null) {
        text.append("//").append(upperEscapes(uri.getRawAuthority()));
      } else if (uri.toString().startsWith("///", uri.getScheme() == null ? 0 : text.length())) {
        text.append("//");
      }
      text.append(upperEscapes(uri.getRawPath()));
      if (uri.getRawQuery() != null) {
        text.append('?').append(upperEscapes(uri.getRawQuery()));
      }
    }
    if (uri.getRawFragment() != null) {
      text.append('#').append(upperEscapes(uri.getRawFragment()));
    }
    return text.toString();
  }

  private static String upperEscapes(String text) {
    return ESCAPE.matcher(text).replaceAll(match -> match.group().toUpperCase(Locale.ROOT));
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  private static byte[] value(Object key, JdkTypes.Entry entry) {
    Output output = new Output(64, -1);
    ((ValueSerializer<Object>) entry.serializer()).write(null, output, key);
    return new KeyBytes()
        .tag(VALUE)
        .ascii(entry.id() + ":")
        .raw(output.toBytes())
        .done();
  }

  private byte[] array(Object array, boolean inField) {
    if (!inField) {
      throw types.forbidden("an array (" + array.getClass().getTypeName()
          + ") cannot be a key or in a collection in a key: arrays are equal only to"
          + " themselves; use a list");
    }
    TypeHandler handler = types.handler(array.getClass());
    check(handler);
    KeyBytes out = new KeyBytes().tag(ARRAY).part(KeyBytes.text(array.getClass().getTypeName()));
    for (int i = 0; i < Array.getLength(array); i++) {
      out.part(encode(Array.get(array, i), true));
    }
    return out.done();
  }

  private byte[] jdkContainer(Object key, JdkTypes.@Nullable Entry entry) {
    if (entry != null) {
      if (key instanceof Optional<?> optional) {
        KeyBytes out = new KeyBytes().tag(OPTIONAL);
        optional.ifPresent(held -> out.part(encode(held, false)));
        return out.done();
      }
      if (key instanceof Map.Entry<?, ?> pair) {
        return new KeyBytes()
            .tag(ENTRY)
            .part(encode(pair.getKey(), false))
            .part(encode(pair.getValue(), false))
            .done();
      }
      byte[] collection = collection(key);
      if (collection != null) {
        return collection;
      }
    }
    throw types.forbidden("the JDK's class " + key.getClass().getName() + " cannot be a key");
  }

  private byte @Nullable [] collection(Object key) {
    if (key instanceof List<?> list) {
      KeyBytes out = new KeyBytes().tag(LIST);
      list.forEach(element -> out.part(encode(element, false)));
      return out.done();
    }
    if (key instanceof Set<?> set) {
      byte[][] elements =
          set.stream().map(element -> encode(element, false)).toArray(byte[][]::new);
      Arrays.sort(elements, Arrays::compareUnsigned);
      KeyBytes out = new KeyBytes().tag(SET);
      for (byte[] element : elements) {
        out.part(element);
      }
      return out.done();
    }
    if (key instanceof Map<?, ?> map) {
      byte[][][] entries = map.entrySet().stream()
          .map(e -> new byte[][] {encode(e.getKey(), false), encode(e.getValue(), false)})
          .toArray(byte[][][]::new);
      Arrays.sort(entries, (a, b) -> Arrays.compareUnsigned(a[0], b[0]));
      KeyBytes out = new KeyBytes().tag(MAP);
      for (byte[][] entry : entries) {
        out.part(entry[0]).part(entry[1]);
      }
      return out.done();
    }
    return null;
  }

  private byte[] ofApplication(Object key) {
    KeyClasses.KeyClass keyClass = classes.of(key.getClass());
    byte[] collection = collection(key);
    if (collection != null) {
      return collection;
    }
    KeyBytes out = new KeyBytes();
    if (key instanceof Externalizable externalizable) {
      return external(externalizable, out.tag(EXTERNALIZABLE).part(keyClass.encodedName()));
    }
    out.tag(OBJECT).part(keyClass.encodedName());
    // Some classes compute a hash on demand and keep it in a field.
    int unused = key.hashCode();
    @Nullable Object[] parts = keyClass.parts(key);
    for (int i = 0; i < parts.length; i++) {
      out.part(keyClass.encodedField(i)).part(encode(parts[i], true));
    }
    return out.done();
  }

  private byte[] external(Externalizable key, KeyBytes out) {
    Output bytes = new Output(64, -1);
    KeyBytes objects = new KeyBytes();
    try (ExternalizableSerializer.ObjectSink sink =
        new ExternalizableSerializer.ObjectSink(bytes, part -> objects.part(encode(part, true)))) {
      key.writeExternal(sink);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.part(bytes.toBytes()).raw(objects.done()).done();
  }

  private static void check(TypeHandler handler) {
    if (handler.refusal() != null) {
      throw new ForbiddenTypeException(handler.refusal());
    }
  }
}
