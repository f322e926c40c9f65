package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.HashMap;
import java.util.Map;

/** Writes an enum's constant by its name. */
final class EnumSerializer extends Serializer<Object> {

  private final Map<String, Object> constants = new HashMap<>();

  EnumSerializer(Class<?> type) {
    for (Object constant : type.getEnumConstants()) {
      constants.put(((Enum<?>) constant).name(), constant);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    Text.write(output, ((Enum<?>) object).name());
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<?> type) {
    Object constant = constants.get(Text.read(input));
    if (constant == null) {
      throw new MalformedBytesException("no such constant in the enum");
    }
    return constant;
  }

  @Override
  public Object copy(Kryo kryo, Object original) {
    return original;
  }
}
