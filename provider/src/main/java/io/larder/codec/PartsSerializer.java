package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JDK container that is taken apart into a list of objects and built from them as a whole.
 *
 * @param <T> the type
 */
final class PartsSerializer<T> extends LateSerializer<T> {

  private final Function<T, @Nullable Object[]> parts;
  private final Function<@Nullable Object[], T> builder;

  PartsSerializer(Function<T, @Nullable Object[]> parts, Function<@Nullable Object[], T> builder) {
    this.parts = parts;
    this.builder = builder;
  }

  @Override
  void writeParts(DoorKryo kryo, Output output, T object) {
    @Nullable Object[] all = parts.apply(object);
    output.writeVarInt(all.length, true);
    for (Object part : all) {
      kryo.writeClassAndObject(output, part);
    }
  }

  @Override
  public T read(Kryo kryo, Input input, Class<? extends T> type) {
    @Nullable Object[] all = new Object[Text.readCount(input, 1)];
    for (int i = 0; i < all.length; i++) {
      all[i] = kryo.readClassAndObject(input);
    }
    return builder.apply(all);
  }

  @Override
  public T copy(Kryo kryo, T original) {
    @Nullable
    Object[] all =
        Arrays.copyOf(parts.apply(original), parts.apply(original).length, Object[].class);
    for (int i = 0; i < all.length; i++) {
      all[i] = kryo.copy(all[i]);
    }
    return builder.apply(all);
  }
}
