package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Array;

/** Writes an array of objects, element by element, each with its class. */
final class ArraySerializer extends Serializer<Object> {

  private final Class<?> component;

  ArraySerializer(Class<?> component) {
    this.component = component;
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    Object[] array = (Object[]) object;
    output.writeVarInt(array.length, true);
    for (Object element : array) {
      kryo.writeClassAndObject(output, element);
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<?> type) {
    Object[] array = (Object[]) Array.newInstance(component, Text.readCount(input, 1));
    kryo.reference(array);
    for (int i = 0; i < array.length; i++) {
      array[i] = kryo.readClassAndObject(input);
    }
    return array;
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    Object[] from = (Object[]) original;
    Object[] to = (Object[]) Array.newInstance(component, from.length);
    kryo.reference(to);
    for (int i = 0; i < to.length; i++) {
      to[i] = kryo.copy(from[i]);
    }
    return to;
  }
}
