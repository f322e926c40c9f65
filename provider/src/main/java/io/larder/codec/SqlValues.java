package io.larder.codec;

import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;

/** The types of the module {@code java.sql}; loaded only where the module is there. */
final class SqlValues {

  private SqlValues() {}

  static void addTo(JdkValues values) {
    values.mutable(
        52,
        Timestamp.class,
        new ValueSerializer<>(
            (out, v) -> {
              out.writeLong(v.getTime());
              out.writeInt(v.getNanos());
            },
            in -> timestamp(in.readLong(), in.readInt()),
            v -> timestamp(v.getTime(), v.getNanos())));
    values.mutable(
        53,
        Date.class,
        new ValueSerializer<>(
            (out, v) -> out.writeLong(v.getTime()),
            in -> new Date(in.readLong()),
            v -> new Date(v.getTime())));
    values.mutable(
        54,
        Time.class,
        new ValueSerializer<>(
            (out, v) -> out.writeLong(v.getTime()),
            in -> new Time(in.readLong()),
            v -> new Time(v.getTime())));
  }

  private static Timestamp timestamp(long millis, int nanos) {
    Timestamp timestamp = new Timestamp(millis);
    timestamp.setNanos(nanos);
    return timestamp;
  }
}
