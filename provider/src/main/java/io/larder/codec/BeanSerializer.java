package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoCopyable;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an ordinary class field by field, and the elements too if it extends a collection or map
 * of the JDK.
 */
final class BeanSerializer extends Serializer<Object> implements TypeHandler.Shaped {

  private final Shape shape;
  private final Maker maker;
  private final Slot[] stored;
  private final Contents contents;
  private final Class<?> type;
  private final List<Field> values;
  private final Slot[] others;
  private final boolean flat;

  /** Made by the first copy. */
  private @Nullable FieldCopier copier;

  /**
   * For a class.
   *
   * @param copyTransients whether copies take the transient fields along, because nothing else
   *     restores them
   * @throws RuntimeException if its module does not open it to reflection
   */
  BeanSerializer(ClassFields fields, Maker maker, boolean copyTransients) {
    contents = Contents.of(fields.type());
    shape = fields.shape(contents.kind);
    this.maker = maker;
    stored = slots(fields.stored());
    Slot[] copied = copyTransients ? slots(fields.all()) : stored;
    type = fields.type();
    values = Arrays.stream(copied).filter(Slot::isValue).map(Slot::field).toList();
    others = Arrays.stream(copied).filter(slot -> !slot.isValue()).toArray(Slot[]::new);
    flat = others.length == 0
        && contents == Contents.NONE
        && !KryoCopyable.class.isAssignableFrom(type);
  }

  private static Slot[] slots(List<Field> fields) {
    return fields.stream().map(Slot::new).toArray(Slot[]::new);
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public Serializer<?> adapted(Shape other) {
    int[] takers = shape.takers(other);
    return new Serializer<Object>() {
      @Override
      public void write(Kryo kryo, Output output, Object object) {
        throw new UnsupportedOperationException("reads only");
      }

      @Override
      public Object read(Kryo kryo, Input input, Class<?> type) {
        return BeanSerializer.this.read(kryo, input, other, takers);
      }
    };
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    try {
      for (Slot slot : stored) {
        slot.write(kryo, output, object);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    contents.write(kryo, output, object);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<?> type) {
    Object object = maker.make();
    kryo.reference(object);
    try {
      for (Slot slot : stored) {
        slot.read(kryo, input, object);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    contents.read(kryo, input, object);
    return object;
  }

  private Object read(Kryo kryo, Input input, Shape other, int[] takers) {
    Object object = maker.make();
    kryo.reference(object);
    try {
      for (int i = 0; i < takers.length; i++) {
        if (takers[i] >= 0) {
          stored[takers[i]].read(kryo, input, object);
        } else {
          Slot.read(kryo, input, other.fields().get(i).type());
        }
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    contents.read(kryo, input, object);
    return object;
  }

  /** Whether instances hold nothing but values, so that {@link #copyFlat} copies them wholly. */
  boolean isFlat() {
    return flat;
  }

  /** A copy of an instance that {@link #isFlat}, without a Kryo. */
  Object copyFlat(Object original) {
    Object copy = maker.make();
    copyValues(original, copy);
    return copy;
  }

  private void copyValues(Object original, Object copy) {
    FieldCopier known = copier;
    if (known == null) {
      known = new FieldCopier(type, values);
      copier = known;
    }
    known.copy(original, copy);
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    Object copy = maker.make();
    kryo.reference(copy);
    copyValues(original, copy);
    try {
      for (Slot slot : others) {
        slot.copy((DoorKryo) kryo, original, copy);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    contents.copy(kryo, original, copy);
    return copy;
  }

  /** The elements that a class inherits from a collection of the JDK. */
  @SuppressWarnings("unchecked")
  enum Contents {
    NONE('O') {
      @Override
      void write(Kryo kryo, Output output, Object object) {}

      @Override
      void read(Kryo kryo, Input input, Object object) {}

      @Override
      void copy(Kryo kryo, Object original, Object copy) {}
    },
    COLLECTION('C') {
      @Override
      void write(Kryo kryo, Output output, Object object) {
        Object[] elements = ((Collection<Object>) object).toArray();
        output.writeVarInt(elements.length, true);
        for (Object element : elements) {
          kryo.writeClassAndObject(output, element);
        }
      }

      @Override
      void read(Kryo kryo, Input input, Object object) {
        int count = Text.readCount(input, 1);
        for (int i = 0; i < count; i++) {
          long before = ((DoorKryo) kryo).expanded();
          Object element = kryo.readClassAndObject(input);
          ((DoorKryo) kryo).hashing(before);
          ((Collection<Object>) object).add(element);
        }
      }

      @Override
      void copy(Kryo kryo, Object original, Object copy) {
        for (Object element : ((Collection<Object>) original).toArray()) {
          ((Collection<Object>) copy).add(kryo.copy(element));
        }
      }
    },
    MAP('M') {
      @Override
      void write(Kryo kryo, Output output, Object object) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(((Map<?, ?>) object).entrySet());
        output.writeVarInt(entries.size(), true);
        for (Map.Entry<?, ?> entry : entries) {
          kryo.writeClassAndObject(output, entry.getKey());
          kryo.writeClassAndObject(output, entry.getValue());
        }
      }

      @Override
      void read(Kryo kryo, Input input, Object object) {
        int count = Text.readCount(input, 2);
        for (int i = 0; i < count; i++) {
          long before = ((DoorKryo) kryo).expanded();
          Object key = kryo.readClassAndObject(input);
          ((DoorKryo) kryo).hashing(before);
          ((Map<Object, Object>) object).put(key, kryo.readClassAndObject(input));
        }
      }

      @Override
      void copy(Kryo kryo, Object original, Object copy) {
        ((Map<?, ?>) original)
            .forEach(
                (key, value) -> ((Map<Object, Object>) copy).put(kryo.copy(key), kryo.copy(value)));
      }
    };

    final char kind;

    Contents(char kind) {
      this.kind = kind;
    }

    abstract void write(Kryo kryo, Output output, Object object);

    abstract void read(Kryo kryo, Input input, Object object);

    abstract void copy(Kryo kryo, Object original, Object copy);

    static Contents of(Class<?> type) {
      Class<?> superclass = type.getSuperclass();
      while (superclass != null && !JdkNames.isJdk(superclass.getName())) {
        superclass = superclass.getSuperclass();
      }
      if (superclass == null || !JdkTypes.EXTENSIBLE.contains(superclass)) {
        return NONE;
      }
      return Map.class.isAssignableFrom(superclass) ? MAP : COLLECTION;
    }
  }
}
