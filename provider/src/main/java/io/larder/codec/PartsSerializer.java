package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JDK container that is taken apart into a list of objects and built from them as a whole.
 *
 * @param <T> the type
 */
final class PartsSerializer<T> extends LateSerializer<T> {

  private final boolean hashes;
  private final Function<T, @Nullable Object[]> parts;
  private final Function<@Nullable Object[], T> builder;

  /**
   * For a type.
   *
   * @param hashes whether building it hashes the parts
   */
  PartsSerializer(
      boolean hashes,
      Function<T, @Nullable Object[]> parts,
      Function<@Nullable Object[], T> builder) {
    this.hashes = hashes;
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
    long before = ((DoorKryo) kryo).expanded();
    for (int i = 0; i < all.length; i++) {
      all[i] = kryo.readClassAndObject(input);
    }
    if (hashes) {
      ((DoorKryo) kryo).hashing(before);
    }
    return builder.apply(all);
  }

  @Override
  public T copy(Kryo kryo, T original) {
    @Nullable Object[] from = parts.apply(original);
    @Nullable Object[] all = new Object[from.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = kryo.copy(from[i]);
    }
    return builder.apply(all);
  }
}
