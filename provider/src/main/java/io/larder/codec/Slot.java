package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** One field of a class, or one component of a record, as it is written, read and copied. */
final class Slot {

  private final Field field;
  private final char type;
  private final boolean shared;

  /**
   * For a field.
   *
   * @throws RuntimeException if its module does not open it to reflection
   */
  Slot(Field field) {
    field.setAccessible(true);
    this.field = field;
    Class<?> fieldType = field.getType();
    type = fieldType == String.class
        ? 'T'
        : fieldType.isPrimitive() ? fieldType.descriptorString().charAt(0) : 'L';
    shared = type == 'T' || fieldType.isEnum() || Sharing.isFinalValue(fieldType);
  }

  void write(Kryo kryo, Output out, Object owner) throws IllegalAccessException {
    switch (type) {
      case 'T' -> Text.write(out, (String) field.get(owner));
      case 'Z' -> out.writeBoolean(field.getBoolean(owner));
      case 'B' -> out.writeByte(field.getByte(owner));
      case 'C' -> out.writeChar(field.getChar(owner));
      case 'S' -> out.writeShort(field.getShort(owner));
      case 'I' -> out.writeVarInt(field.getInt(owner), false);
      case 'J' -> out.writeVarLong(field.getLong(owner), false);
      case 'F' -> out.writeFloat(field.getFloat(owner));
      case 'D' -> out.writeDouble(field.getDouble(owner));
      default -> kryo.writeClassAndObject(out, field.get(owner));
    }
  }

  void read(Kryo kryo, Input in, Object owner) throws IllegalAccessException {
    switch (type) {
      case 'Z' -> field.setBoolean(owner, in.readBoolean());
      case 'B' -> field.setByte(owner, in.readByte());
      case 'C' -> field.setChar(owner, in.readChar());
      case 'S' -> field.setShort(owner, in.readShort());
      case 'I' -> field.setInt(owner, in.readVarInt(false));
      case 'J' -> field.setLong(owner, in.readVarLong(false));
      case 'F' -> field.setFloat(owner, in.readFloat());
      case 'D' -> field.setDouble(owner, in.readDouble());
      default -> field.set(owner, read(kryo, in, type));
    }
  }

  /** Reads what {@link #write} wrote for a field of that type. */
  static @Nullable Object read(Kryo kryo, Input in, char type) {
    return switch (type) {
      case 'T' -> Text.readNullable(in);
      case 'Z' -> in.readBoolean();
      case 'B' -> in.readByte();
      case 'C' -> in.readChar();
      case 'S' -> in.readShort();
      case 'I' -> in.readVarInt(false);
      case 'J' -> in.readVarLong(false);
      case 'F' -> in.readFloat();
      case 'D' -> in.readDouble();
      default -> kryo.readClassAndObject(in);
    };
  }

  /** Whether it can only hold what nobody can change, by its declared type. */
  boolean isValue() {
    return shared;
  }

  void copy(DoorKryo kryo, Object from, Object to) throws IllegalAccessException {
    field.set(to, copied(kryo, field.get(from)));
  }

  @Nullable
  Object copied(DoorKryo kryo, @Nullable Object value) {
    return value == null || shared || kryo.types().sharing().isShared(value)
        ? value
        : kryo.copy(value);
  }

  @Nullable
  Object get(Object owner) throws IllegalAccessException {
    return field.get(owner);
  }

  void set(Object owner, @Nullable Object value) throws IllegalAccessException {
    field.set(owner, value);
  }

  Field field() {
    return field;
  }

  /** What the field holds in an instance made from bytes that do not have it. */
  static @Nullable Object absent(Class<?> type) {
    return type.isPrimitive()
        ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0)
        : null;
  }
}
