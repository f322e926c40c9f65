package io.larder.codec;

import com.esotericsoftware.kryo.io.Output;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.BitSet;
import java.util.Currency;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The JDK's values in the table of {@link JdkTypes}. */
@SuppressWarnings("JdkObsolete")
final class JdkValues {

  private final JdkTypes.Builder table;

  private JdkValues(JdkTypes.Builder table) {
    this.table = table;
  }

  /** Enters them. */
  static void addTo(JdkTypes.Builder table) {
    JdkValues values = new JdkValues(table);
    values.numbers();
    values.names();
    values.mutable();
    JdkTimes.addTo(values);
    JdkAddresses.addTo(values);
    if (ModuleLayer.boot().findModule("java.sql").isPresent()) {
      SqlValues.addTo(values);
    }
  }

  <T> void value(
      int id, Class<T> type, BiConsumer<Output, T> writer, Function<BudgetInput, T> reader) {
    table.add(id, type, new ValueSerializer<>(writer, reader, UnaryOperator.identity()), false);
  }

  <T> void mutable(int id, Class<T> type, ValueSerializer<T> serializer) {
    table.add(id, type, serializer, true);
  }

  private void numbers() {
    value(1, Boolean.class, Output::writeBoolean, BudgetInput::readBoolean);
    value(2, Byte.class, (out, v) -> out.writeByte(v), BudgetInput::readByte);
    value(3, Character.class, Output::writeChar, BudgetInput::readChar);
    value(4, Short.class, (out, v) -> out.writeShort(v), BudgetInput::readShort);
    value(5, Integer.class, (out, v) -> out.writeVarInt(v, false), in -> in.readVarInt(false));
    value(6, Long.class, (out, v) -> out.writeVarLong(v, false), in -> in.readVarLong(false));
    value(7, Float.class, Output::writeFloat, BudgetInput::readFloat);
    value(8, Double.class, Output::writeDouble, BudgetInput::readDouble);
    value(9, String.class, Text::write, Text::read);
    value(
        10,
        BigInteger.class,
        (out, v) -> bytes(out, v.toByteArray()),
        in -> new BigInteger(bytes(in)));
    value(
        11,
        BigDecimal.class,
        (out, v) -> {
          out.writeVarInt(v.scale(), false);
          bytes(out, v.unscaledValue().toByteArray());
        },
        in -> {
          int scale = in.readVarInt(false);
          return new BigDecimal(new BigInteger(bytes(in)), scale);
        });
    value(
        35,
        OptionalInt.class,
        (out, v) -> Text.write(out, v.isPresent() ? Integer.toString(v.getAsInt()) : null),
        in -> {
          String text = Text.readNullable(in);
          return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        });
    value(
        36,
        OptionalLong.class,
        (out, v) -> Text.write(out, v.isPresent() ? Long.toString(v.getAsLong()) : null),
        in -> {
          String text = Text.readNullable(in);
          return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        });
    value(
        37,
        OptionalDouble.class,
        (out, v) -> {
          out.writeBoolean(v.isPresent());
          out.writeDouble(v.orElse(0));
        },
        in -> {
          boolean present = in.readBoolean();
          double number = in.readDouble();
          return present ? OptionalDouble.of(number) : OptionalDouble.empty();
        });
  }

  private void names() {
    value(
        12,
        UUID.class,
        (out, v) -> {
          out.writeLong(v.getMostSignificantBits());
          out.writeLong(v.getLeastSignificantBits());
        },
        in -> new UUID(in.readLong(), in.readLong()));
    value(
        13,
        java.net.URI.class,
        (out, v) -> Text.write(out, v.toString()),
        in -> java.net.URI.create(Text.read(in)));
    value(
        14,
        Pattern.class,
        (out, v) -> {
          out.writeVarInt(v.flags(), true);
          Text.write(out, v.pattern());
        },
        in -> {
          int flags = in.readVarInt(true);
          return Pattern.compile(Text.read(in), flags);
        });
    value(
        15,
        Locale.class,
        (out, v) -> Text.write(out, Locales.text(v)),
        in -> Locales.of(Text.read(in)));
    value(
        16,
        Currency.class,
        (out, v) -> Text.write(out, v.getCurrencyCode()),
        in -> Currency.getInstance(Text.read(in)));
    value(
        17,
        Charset.class,
        (out, v) -> Text.write(out, v.name()),
        in -> Charset.forName(Text.read(in)));
    value(
        51,
        StackTraceElement.class,
        (out, v) -> {
          Text.write(out, v.getClassLoaderName());
          Text.write(out, v.getModuleName());
          Text.write(out, v.getModuleVersion());
          Text.write(out, v.getClassName());
          Text.write(out, v.getMethodName());
          Text.write(out, v.getFileName());
          out.writeVarInt(v.getLineNumber(), false);
        },
        in -> new StackTraceElement(
            Text.readNullable(in),
            Text.readNullable(in),
            Text.readNullable(in),
            Text.read(in),
            Text.read(in),
            Text.readNullable(in),
            in.readVarInt(false)));
  }

  private void mutable() {
    mutable(
        38,
        AtomicInteger.class,
        new ValueSerializer<>(
            (out, v) -> out.writeInt(v.get()),
            in -> new AtomicInteger(in.readInt()),
            v -> new AtomicInteger(v.get())));
    mutable(
        39,
        AtomicLong.class,
        new ValueSerializer<>(
            (out, v) -> out.writeLong(v.get()),
            in -> new AtomicLong(in.readLong()),
            v -> new AtomicLong(v.get())));
    mutable(
        40,
        AtomicBoolean.class,
        new ValueSerializer<>(
            (out, v) -> out.writeBoolean(v.get()),
            in -> new AtomicBoolean(in.readBoolean()),
            v -> new AtomicBoolean(v.get())));
    mutable(
        41,
        LongAdder.class,
        new ValueSerializer<>(
            (out, v) -> out.writeLong(v.sum()), in -> adder(in.readLong()), v -> adder(v.sum())));
    mutable(
        42,
        DoubleAdder.class,
        new ValueSerializer<>(
            (out, v) -> out.writeDouble(v.sum()),
            in -> adder(in.readDouble()),
            v -> adder(v.sum())));
    mutable(
        43,
        StringBuilder.class,
        new ValueSerializer<>(
            (out, v) -> Text.write(out, v.toString()),
            in -> new StringBuilder(Text.read(in)),
            StringBuilder::new));
    mutable(
        44,
        StringBuffer.class,
        new ValueSerializer<>(
            (out, v) -> Text.write(out, v.toString()),
            in -> new StringBuffer(Text.read(in)),
            StringBuffer::new));
    mutable(
        45,
        BitSet.class,
        new ValueSerializer<>(
            (out, v) -> bytes(out, v.toByteArray()), in -> BitSet.valueOf(bytes(in)), v ->
                (BitSet) v.clone()));
    mutable(
        48,
        ByteBuffer.class,
        new ValueSerializer<>(JdkValues::write, JdkValues::readBuffer, JdkValues::copy));
    mutable(
        49,
        AtomicIntegerArray.class,
        new ValueSerializer<>(
            JdkValues::write,
            in -> {
              AtomicIntegerArray array = new AtomicIntegerArray(Text.readCount(in, 4));
              for (int i = 0; i < array.length(); i++) {
                array.set(i, in.readInt());
              }
              return array;
            },
            v -> {
              AtomicIntegerArray array = new AtomicIntegerArray(v.length());
              for (int i = 0; i < array.length(); i++) {
                array.set(i, v.get(i));
              }
              return array;
            }));
    mutable(
        50,
        AtomicLongArray.class,
        new ValueSerializer<>(
            JdkValues::write,
            in -> {
              AtomicLongArray array = new AtomicLongArray(Text.readCount(in, 8));
              for (int i = 0; i < array.length(); i++) {
                array.set(i, in.readLong());
              }
              return array;
            },
            v -> {
              AtomicLongArray array = new AtomicLongArray(v.length());
              for (int i = 0; i < array.length(); i++) {
                array.set(i, v.get(i));
              }
              return array;
            }));
  }

  private static void write(Output out, ByteBuffer buffer) {
    out.writeBoolean(buffer.order() == ByteOrder.BIG_ENDIAN);
    out.writeBoolean(buffer.isReadOnly());
    byte[] content = new byte[buffer.remaining()];
    buffer.duplicate().get(content);
    bytes(out, content);
  }

  private static ByteBuffer readBuffer(BudgetInput in) {
    ByteOrder order = in.readBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    boolean readOnly = in.readBoolean();
    ByteBuffer buffer = ByteBuffer.wrap(bytes(in));
    return (readOnly ? buffer.asReadOnlyBuffer() : buffer).order(order);
  }

  private static ByteBuffer copy(ByteBuffer original) {
    byte[] content = new byte[original.remaining()];
    original.duplicate().get(content);
    ByteBuffer buffer = ByteBuffer.wrap(content);
    return (original.isReadOnly() ? buffer.asReadOnlyBuffer() : buffer).order(original.order());
  }

  private static void write(Output out, AtomicIntegerArray array) {
    int length = array.length();
    out.writeVarInt(length, true);
    for (int i = 0; i < length; i++) {
      out.writeInt(array.get(i));
    }
  }

  private static void write(Output out, AtomicLongArray array) {
    int length = array.length();
    out.writeVarInt(length, true);
    for (int i = 0; i < length; i++) {
      out.writeLong(array.get(i));
    }
  }

  private static LongAdder adder(long sum) {
    LongAdder adder = new LongAdder();
    adder.add(sum);
    return adder;
  }

  private static DoubleAdder adder(double sum) {
    DoubleAdder adder = new DoubleAdder();
    adder.add(sum);
    return adder;
  }

  static void bytes(Output out, byte[] bytes) {
    out.writeVarInt(bytes.length, true);
    out.writeBytes(bytes);
  }

  static byte[] bytes(BudgetInput in) {
    return in.readBytes(Text.readCount(in, 1));
  }
}
