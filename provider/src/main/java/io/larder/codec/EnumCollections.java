package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/** {@link EnumSet} and {@link EnumMap}, with the enum they are for, also where they are empty. */
@SuppressWarnings({"unchecked", "rawtypes"})
final class EnumCollections {

  private EnumCollections() {}

  static final class Sets extends Serializer<EnumSet> {
    @Override
    public void write(Kryo kryo, Output output, EnumSet set) {
      EnumSet some = set.isEmpty() ? EnumSet.complementOf(set) : set;
      if (some.isEmpty()) {
        throw new UnstorableException("an EnumSet of an enum without constants cannot be stored");
      }
      kryo.writeClass(output, ((Enum<?>) some.iterator().next()).getDeclaringClass());
      output.writeVarInt(set.size(), true);
      for (Object element : set) {
        kryo.writeClassAndObject(output, element);
      }
    }

    @Override
    public EnumSet read(Kryo kryo, Input input, Class<? extends EnumSet> type) {
      EnumSet set = EnumSet.noneOf(readEnumClass(kryo, input));
      kryo.reference(set);
      int count = Text.readCount(input, 1);
      for (int i = 0; i < count; i++) {
        set.add((Enum) kryo.readClassAndObject(input));
      }
      return set;
    }

    @Override
    public EnumSet copy(Kryo kryo, EnumSet original) {
      return original.clone();
    }
  }

  static final class Maps extends Serializer<EnumMap> {
    @Override
    public void write(Kryo kryo, Output output, EnumMap map) {
      kryo.writeClass(output, keyType(map));
      output.writeVarInt(map.size(), true);
      map.forEach((key, value) -> {
        kryo.writeClassAndObject(output, key);
        kryo.writeClassAndObject(output, value);
      });
    }

    @Override
    public EnumMap read(Kryo kryo, Input input, Class<? extends EnumMap> type) {
      EnumMap map = new EnumMap(readEnumClass(kryo, input));
      kryo.reference(map);
      int count = Text.readCount(input, 2);
      for (int i = 0; i < count; i++) {
        Enum key = (Enum) kryo.readClassAndObject(input);
        map.put(key, kryo.readClassAndObject(input));
      }
      return map;
    }

    @Override
    public EnumMap copy(Kryo kryo, EnumMap original) {
      EnumMap copy = original.clone();
      kryo.reference(copy);
      copy.replaceAll((key, value) -> kryo.copy(value));
      return copy;
    }

    private static Class<?> keyType(EnumMap map) {
      if (!map.isEmpty()) {
        return ((Enum<?>) map.keySet().iterator().next()).getDeclaringClass();
      }
      try (KeyTypeProbe probe = new KeyTypeProbe()) {
        probe.writeObject(map);
        if (probe.keyType != null) {
          return probe.keyType;
        }
      } catch (IOException e) {
        throw new IllegalStateException("an empty EnumMap does not tell its enum", e);
      }
      throw new UnstorableException("an empty EnumMap that does not tell its enum");
    }
  }

  private static Class<Enum> readEnumClass(Kryo kryo, Input input) {
    Registration registration = kryo.readClass(input);
    if (registration == null || !registration.getType().isEnum()) {
      throw new MalformedBytesException("no enum");
    }
    return registration.getType();
  }

  /** Sees the enum of an empty map go by as it is written; the bytes go nowhere. */
  private static final class KeyTypeProbe extends ObjectOutputStream {
    private @Nullable Class<?> keyType;

    KeyTypeProbe() throws IOException {
      super(OutputStream.nullOutputStream());
    }

    @Override
    protected void annotateClass(Class<?> type) {
      if (type.isEnum()) {
        keyType = type;
      }
    }
  }
}
