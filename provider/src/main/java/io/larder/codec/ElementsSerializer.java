package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A mutable JDK collection: what it is made with (a comparator, say), then its elements.
 *
 * @param <C> the collection
 */
final class ElementsSerializer<C extends Collection<Object>> extends Serializer<C> {

  private final @Nullable Function<C, @Nullable Object> header;
  private final Function<@Nullable Object, C> maker;

  /** For collections that need nothing to be made with. */
  ElementsSerializer(Function<@Nullable Object, C> maker) {
    this(null, maker);
  }

  ElementsSerializer(
      @Nullable Function<C, @Nullable Object> header, Function<@Nullable Object, C> maker) {
    this.header = header;
    this.maker = maker;
  }

  @Override
  public void write(Kryo kryo, Output output, C object) {
    Object[] elements = object.toArray();
    if (header != null) {
      kryo.writeClassAndObject(output, header.apply(object));
    }
    output.writeVarInt(elements.length, true);
    for (Object element : elements) {
      kryo.writeClassAndObject(output, element);
    }
  }

  @Override
  public C read(Kryo kryo, Input input, Class<? extends C> type) {
    C collection;
    if (header == null) {
      collection = maker.apply(null);
    } else {
      collection = maker.apply(kryo.readClassAndObject(input));
    }
    kryo.reference(collection);
    int count = Text.readCount(input, 1);
    for (int i = 0; i < count; i++) {
      long before = ((DoorKryo) kryo).expanded();
      Object element = kryo.readClassAndObject(input);
      if (collection instanceof Set) {
        ((DoorKryo) kryo).hashing(before);
      }
      collection.add(element);
    }
    return collection;
  }

  @Override
  public C copy(Kryo kryo, C original) {
    C copy = maker.apply(header == null ? null : kryo.copy(header.apply(original)));
    kryo.reference(copy);
    for (Object element : original.toArray()) {
      copy.add(kryo.copy(element));
    }
    return copy;
  }
}
