package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes a record component by component and makes it by its canonical constructor. */
final class RecordSerializer extends LateSerializer<Object> implements TypeHandler.Shaped {

  private final Shape shape;
  private final Slot[] slots;
  private final Class<?>[] types;
  private final Constructor<?> constructor;

  /**
   * For a record class.
   *
   * @throws RuntimeException if its module does not open it to reflection
   */
  RecordSerializer(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      slots = new Slot[components.length];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = new Slot(type.getDeclaredField(components[i].getName()));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName() + " is no regular record", e);
    }
    shape = new Shape(
        'R',
        Arrays.stream(components)
            .map(c -> Shape.FieldShape.of("", c.getName(), c.getType()))
            .toList());
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
        Object[] parts = new Object[slots.length];
        for (int i = 0; i < takers.length; i++) {
          parts[takers[i]] = Slot.read(kryo, input, other.fields().get(i).type());
        }
        return make(parts);
      }
    };
  }

  @Override
  void writeParts(DoorKryo kryo, Output output, Object object) {
    try {
      for (Slot slot : slots) {
        slot.write(kryo, output, object);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<?> type) {
    Object[] parts = new Object[slots.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Slot.read(kryo, input, shape.fields().get(i).type());
    }
    return make(parts);
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    @Nullable Object[] parts = new Object[slots.length];
    try {
      for (int i = 0; i < parts.length; i++) {
        parts[i] = slots[i].copied((DoorKryo) kryo, slots[i].get(original));
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    return make(parts);
  }

  private Object make(@Nullable Object[] parts) {
    try {
      return constructor.newInstance(parts);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(
          "the constructor of " + constructor.getName() + " refused its parts", e.getCause());
    } catch (InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException("cannot make a " + constructor.getName(), e);
    }
  }
}
