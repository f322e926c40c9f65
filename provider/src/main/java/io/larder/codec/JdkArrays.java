package io.larder.codec;

import com.esotericsoftware.kryo.io.Output;

/** Arrays of primitives, strings and objects in the table of {@link JdkTypes}. */
final class JdkArrays {

  private JdkArrays() {}

  static void addTo(JdkTypes.Builder table) {
    add(
        table,
        56,
        boolean[].class,
        new ValueSerializer<>(JdkArrays::write, JdkArrays::booleans, boolean[]::clone));
    add(
        table,
        57,
        byte[].class,
        new ValueSerializer<>(JdkValues::bytes, JdkValues::bytes, byte[]::clone));
    add(
        table,
        58,
        char[].class,
        new ValueSerializer<>(
            (out, v) -> {
              out.writeVarInt(v.length, true);
              out.writeChars(v, 0, v.length);
            },
            in -> in.readChars(Text.readCount(in, 2)),
            char[]::clone));
    add(
        table,
        59,
        short[].class,
        new ValueSerializer<>(
            (out, v) -> {
              out.writeVarInt(v.length, true);
              out.writeShorts(v, 0, v.length);
            },
            in -> in.readShorts(Text.readCount(in, 2)),
            short[]::clone));
    add(
        table,
        60,
        int[].class,
        new ValueSerializer<>(
            (out, v) -> {
              out.writeVarInt(v.length, true);
              out.writeInts(v, 0, v.length);
            },
            in -> in.readInts(Text.readCount(in, 4)),
            int[]::clone));
    add(
        table,
        61,
        long[].class,
        new ValueSerializer<>(
            (out, v) -> {
              out.writeVarInt(v.length, true);
              out.writeLongs(v, 0, v.length);
            },
            in -> in.readLongs(Text.readCount(in, 8)),
            long[]::clone));
    add(
        table,
        62,
        float[].class,
        new ValueSerializer<>(
            (out, v) -> {
              out.writeVarInt(v.length, true);
              out.writeFloats(v, 0, v.length);
            },
            in -> in.readFloats(Text.readCount(in, 4)),
            float[]::clone));
    add(
        table,
        63,
        double[].class,
        new ValueSerializer<>(
            (out, v) -> {
              out.writeVarInt(v.length, true);
              out.writeDoubles(v, 0, v.length);
            },
            in -> in.readDoubles(Text.readCount(in, 8)),
            double[]::clone));
    add(
        table,
        64,
        String[].class,
        new ValueSerializer<>(
            (out, v) -> {
              out.writeVarInt(v.length, true);
              for (String each : v) {
                Text.write(out, each);
              }
            },
            JdkArrays::strings,
            String[]::clone));
    table.add(65, Object[].class, new ArraySerializer(Object.class), true);
  }

  private static <T> void add(
      JdkTypes.Builder table, int id, Class<T> type, ValueSerializer<T> serializer) {
    table.add(id, type, serializer, true);
  }

  private static void write(Output out, boolean[] array) {
    out.writeVarInt(array.length, true);
    for (boolean each : array) {
      out.writeBoolean(each);
    }
  }

  private static boolean[] booleans(BudgetInput in) {
    boolean[] array = new boolean[Text.readCount(in, 1)];
    for (int i = 0; i < array.length; i++) {
      array[i] = in.readBoolean();
    }
    return array;
  }

  private static String[] strings(BudgetInput in) {
    String[] array = new String[Text.readCount(in, 1)];
    for (int i = 0; i < array.length; i++) {
      array[i] = Text.readNullable(in);
    }
    return array;
  }
}
