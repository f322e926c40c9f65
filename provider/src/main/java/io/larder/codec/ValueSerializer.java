package io.larder.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A JDK type without parts of other types.
 *
 * @param <T> the type
 */
final class ValueSerializer<T> extends Serializer<T> {

  private final BiConsumer<Output, T> writer;
  private final Function<BudgetInput, T> reader;
  private final UnaryOperator<T> copier;

  ValueSerializer(
      BiConsumer<Output, T> writer, Function<BudgetInput, T> reader, UnaryOperator<T> copier) {
    this.writer = writer;
    this.reader = reader;
    this.copier = copier;
  }

  @Override
  public void write(Kryo kryo, Output output, T object) {
    writer.accept(output, object);
  }

  @Override
  public T read(Kryo kryo, Input input, Class<? extends T> type) {
    return reader.apply((BudgetInput) input);
  }

  @Override
  public T copy(Kryo kryo, T original) {
    return copier.apply(original);
  }
}
