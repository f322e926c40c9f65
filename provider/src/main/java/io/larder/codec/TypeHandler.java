package io.larder.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * What the codec does with one class.
 *
 * @param type the class
 * @param id its number in the table of JDK types; 0 if it is written by name
 * @param name the name it is written by
 * @param shape the description of its fields that goes along with the name
 * @param registration its serializer, as Kryo wants it
 * @param references whether instances are written once and then referred to
 * @param refusal why Redis may not hold it; null if it may
 */
@SuppressWarnings("ArrayRecordComponent")
record TypeHandler(
    Class<?> type,
    int id,
    String name,
    byte[] shape,
    Registration registration,
    boolean references,
    @Nullable String refusal) {

  static TypeHandler ofTable(Class<?> type, JdkTypes.Entry entry) {
    return new TypeHandler(
        type,
        entry.id(),
        type.getName(),
        NO_SHAPE,
        new Registration(type, entry.serializer(), entry.id()),
        entry.references(),
        null);
  }

  static TypeHandler named(
      Class<?> type, String name, Serializer<?> serializer, @Nullable String refusal) {
    byte[] shape = serializer instanceof Shaped shaped ? shaped.shape().bytes() : NO_SHAPE;
    return new TypeHandler(
        type, 0, name, shape, new Registration(type, serializer, -1), !type.isEnum(), refusal);
  }

  /** The serializer for instances written when the class had another shape. */
  Registration adapted(byte[] otherShape) {
    if (!(registration.getSerializer() instanceof Shaped shaped)) {
      throw new MalformedBytesException("class " + name + " has changed its kind");
    }
    return new Registration(type, shaped.adapted(Shape.parse(otherShape)), -1);
  }

  static final byte[] NO_SHAPE = {};

  /** A serializer of a class whose fields are described in the bytes. */
  interface Shaped {
    Shape shape();

    /**
     * The serializer that reads instances of that shape.
     *
     * @throws MalformedBytesException if they cannot be read
     */
    Serializer<?> adapted(Shape other);
  }
}
