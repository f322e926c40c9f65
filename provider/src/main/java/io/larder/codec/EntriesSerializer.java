package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A mutable JDK map: what it is made with (a comparator, say), then its entries.
 *
 * @param <M> the map
 */
final class EntriesSerializer<M extends Map<Object, Object>> extends Serializer<M> {

  private final @Nullable Function<M, @Nullable Object> header;
  private final Function<@Nullable Object, M> maker;

  /** For maps that need nothing to be made with. */
  EntriesSerializer(Function<@Nullable Object, M> maker) {
    this(null, maker);
  }

  EntriesSerializer(
      @Nullable Function<M, @Nullable Object> header, Function<@Nullable Object, M> maker) {
    this.header = header;
    this.maker = maker;
  }

  @Override
  public void write(Kryo kryo, Output output, M object) {
    if (header != null) {
      kryo.writeClassAndObject(output, header.apply(object));
    }
    List<@Nullable Object> parts = new ArrayList<>();
    object.forEach((key, value) -> {
      parts.add(key);
      parts.add(value);
    });
    output.writeVarInt(parts.size() / 2, true);
    for (Object part : parts) {
      kryo.writeClassAndObject(output, part);
    }
  }

  @Override
  public M read(Kryo kryo, Input input, Class<? extends M> type) {
    M map;
    if (header == null) {
      map = maker.apply(null);
    } else {
      map = maker.apply(kryo.readClassAndObject(input));
    }
    kryo.reference(map);
    int count = Text.readCount(input, 2);
    for (int i = 0; i < count; i++) {
      long before = ((DoorKryo) kryo).expanded();
      Object key = kryo.readClassAndObject(input);
      ((DoorKryo) kryo).hashing(before);
      map.put(key, kryo.readClassAndObject(input));
    }
    return map;
  }

  @Override
  public M copy(Kryo kryo, M original) {
    M copy = maker.apply(header == null ? null : kryo.copy(header.apply(original)));
    kryo.reference(copy);
    original.forEach((key, value) -> copy.put(kryo.copy(key), kryo.copy(value)));
    return copy;
  }
}
