package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a throwable as message, cause, suppressed ones, stack trace, and the fields of the
 * application's own class.
 *
 * <p>It is rebuilt by one of its constructors, taking message and cause, message, cause, or
 * nothing; the writer tries which of them gives back the same message and cause, and notes it. A
 * throwable that none of them rebuilds is refused.
 */
final class ThrowableSerializer extends LateSerializer<Throwable> implements TypeHandler.Shaped {

  private static final List<Class<?>[]> SIGNATURES = List.of(
      new Class<?>[] {String.class, Throwable.class},
      new Class<?>[] {String.class},
      new Class<?>[] {Throwable.class},
      new Class<?>[] {});

  private final Shape shape;
  private final Slot[] slots;
  private final @Nullable Constructor<?>[] constructors = new Constructor<?>[SIGNATURES.size()];
  private final Class<?> type;

  /**
   * For a class of throwables.
   *
   * @throws RuntimeException if its module does not open it to reflection
   */
  ThrowableSerializer(ClassFields fields) {
    type = fields.type();
    shape = fields.shape('T');
    slots = fields.stored().stream().map(Slot::new).toArray(Slot[]::new);
    for (int i = 0; i < constructors.length; i++) {
      try {
        Constructor<?> constructor = type.getDeclaredConstructor(SIGNATURES.get(i));
        boolean jdk = JdkNames.isJdk(type.getName());
        if (!jdk) {
          constructor.setAccessible(true);
        }
        if (!jdk || Modifier.isPublic(constructor.getModifiers())) {
          constructors[i] = constructor;
        }
      } catch (NoSuchMethodException e) {
        constructors[i] = null;
      }
    }
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
        @Nullable Object[] parts = new Object[slots.length];
        for (int i = 0; i < parts.length; i++) {
          parts[i] = Slot.absent(slots[i].field().getType());
        }
        for (int i = 0; i < takers.length; i++) {
          Object part = Slot.read(kryo, input, other.fields().get(i).type());
          if (takers[i] >= 0) {
            parts[takers[i]] = part;
          }
        }
        return readRest(kryo, input, parts);
      }
    };
  }

  @Override
  void writeParts(DoorKryo kryo, Output output, Throwable object) {
    Parts parts = parts(object);
    try {
      for (Slot slot : slots) {
        slot.write(kryo, output, object);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    output.writeByte(workingConstructor(kryo, object, parts));
    Text.write(output, parts.message);
    kryo.writeClassAndObject(output, parts.cause);
    kryo.writeClassAndObject(output, object.getSuppressed());
    kryo.writeClassAndObject(output, object.getStackTrace());
  }

  @Override
  public Throwable read(Kryo kryo, Input input, Class<? extends Throwable> type) {
    @Nullable Object[] parts = new Object[slots.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Slot.read(kryo, input, shape.fields().get(i).type());
    }
    return readRest(kryo, input, parts);
  }

  private Throwable readRest(Kryo kryo, Input input, @Nullable Object[] fieldValues) {
    int constructor = input.readByte();
    String message = Text.readNullable(input);
    Parts parts = new Parts(message, (Throwable) kryo.readClassAndObject(input), fieldValues);
    Throwable[] suppressed = (Throwable[]) kryo.readClassAndObject(input);
    StackTraceElement[] trace = (StackTraceElement[]) kryo.readClassAndObject(input);
    Throwable rebuilt = rebuild(constructor, parts);
    if (rebuilt == null || suppressed == null || trace == null) {
      throw new MalformedBytesException("a throwable that cannot be rebuilt");
    }
    return finish(rebuilt, suppressed, trace);
  }

  @Override
  public Throwable copy(Kryo kryo, Throwable original) {
    DoorKryo door = (DoorKryo) kryo;
    Parts parts = parts(original);
    Parts copied = new Parts(
        parts.message, (Throwable) kryo.copy((Object) parts.cause), new Object[slots.length]);
    for (int i = 0; i < slots.length; i++) {
      copied.fields[i] = slots[i].copied(door, parts.fields[i]);
    }
    Throwable rebuilt = rebuild(workingConstructor(door, original, copied), copied);
    List<Throwable> suppressed = new ArrayList<>();
    for (Throwable each : original.getSuppressed()) {
      suppressed.add(kryo.copy(each));
    }
    return finish(
        Objects.requireNonNull(rebuilt),
        suppressed.toArray(Throwable[]::new),
        original.getStackTrace());
  }

  private static Throwable finish(
      Throwable rebuilt, Throwable[] suppressed, StackTraceElement[] trace) {
    for (Throwable each : suppressed) {
      rebuilt.addSuppressed(each);
    }
    rebuilt.setStackTrace(trace);
    return rebuilt;
  }

  private Parts parts(Throwable object) {
    @Nullable Object[] fields = new Object[slots.length];
    try {
      for (int i = 0; i < fields.length; i++) {
        fields[i] = slots[i].get(object);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    return new Parts(object.getMessage(), object.getCause(), fields);
  }

  private int workingConstructor(DoorKryo kryo, Throwable object, Parts parts) {
    for (int i = 0; i < constructors.length; i++) {
      Throwable rebuilt = rebuild(i, parts);
      if (rebuilt != null
          && Objects.equals(rebuilt.getMessage(), object.getMessage())
          && rebuilt.getCause() == parts.cause) {
        return i;
      }
    }
    throw kryo.types()
        .forbidden("throwables of class "
            + type.getName()
            + " cannot be rebuilt: the class needs a constructor taking its message, its"
            + " message and cause, its cause, or nothing");
  }

  private @Nullable Throwable rebuild(int index, Parts parts) {
    Constructor<?> constructor =
        index >= 0 && index < constructors.length ? constructors[index] : null;
    if (constructor == null) {
      return null;
    }
    @Nullable
    Object[] arguments = switch (index) {
      case 0 -> new @Nullable Object[] {parts.message, parts.cause};
      case 1 -> new @Nullable Object[] {parts.message};
      case 2 -> new @Nullable Object[] {parts.cause};
      default -> new Object[0];
    };
    try {
      Throwable rebuilt = (Throwable) constructor.newInstance(arguments);
      if (rebuilt.getCause() != parts.cause) {
        rebuilt.initCause(parts.cause);
      }
      for (int i = 0; i < slots.length; i++) {
        slots[i].set(rebuilt, parts.fields[i]);
      }
      return rebuilt;
    } catch (InvocationTargetException
        | InstantiationException
        | IllegalAccessException
        | IllegalStateException
        | IllegalArgumentException e) {
      return null;
    }
  }

  /** What a throwable is rebuilt from. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Parts(
      @Nullable String message,
      @Nullable Throwable cause,
      @Nullable Object[] fields) {}
}
