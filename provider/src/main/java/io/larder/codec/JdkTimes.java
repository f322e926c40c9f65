package io.larder.codec;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.TimeZone;
import java.util.function.Function;

/** Dates, times and calendars in the table of {@link JdkTypes}. */
@SuppressWarnings("JavaUtilDate")
final class JdkTimes {

  private final JdkValues values;

  private JdkTimes(JdkValues values) {
    this.values = values;
  }

  static void addTo(JdkValues values) {
    JdkTimes times = new JdkTimes(values);
    times.dates();
    times.times();
  }

  private void dates() {
    values.mutable(
        18,
        Date.class,
        new ValueSerializer<>(
            (out, v) -> out.writeLong(v.getTime()),
            in -> new Date(in.readLong()),
            v -> new Date(v.getTime())));
    values.mutable(
        19, GregorianCalendar.class, new ValueSerializer<>(Calendars::write, Calendars::read, v ->
            (GregorianCalendar) v.clone()));
    values.mutable(
        20,
        TimeZone.class,
        new ValueSerializer<>(
            (out, v) -> Text.write(out, v.getID()), in -> Calendars.zone(Text.read(in)), v ->
                (TimeZone) v.clone()));
  }

  private void times() {
    values.value(
        21,
        Instant.class,
        (out, v) -> {
          out.writeVarLong(v.getEpochSecond(), false);
          out.writeInt(v.getNano());
        },
        in -> Instant.ofEpochSecond(in.readVarLong(false), in.readInt()));
    text(22, LocalDate.class, LocalDate::parse);
    text(23, LocalTime.class, LocalTime::parse);
    text(24, LocalDateTime.class, LocalDateTime::parse);
    values.value(
        25,
        ZonedDateTime.class,
        (out, v) -> {
          Text.write(out, v.toLocalDateTime().toString());
          Text.write(out, v.getOffset().getId());
          Text.write(out, v.getZone().getId());
        },
        in -> ZonedDateTime.ofStrict(
            LocalDateTime.parse(Text.read(in)),
            ZoneOffset.of(Text.read(in)),
            ZoneId.of(Text.read(in))));
    text(26, OffsetDateTime.class, OffsetDateTime::parse);
    text(27, OffsetTime.class, OffsetTime::parse);
    values.value(
        28, Year.class, (out, v) -> out.writeInt(v.getValue()), in -> Year.of(in.readInt()));
    values.value(
        29,
        YearMonth.class,
        (out, v) -> {
          out.writeInt(v.getYear());
          out.writeByte(v.getMonthValue());
        },
        in -> YearMonth.of(in.readInt(), in.readByte()));
    text(30, MonthDay.class, MonthDay::parse);
    values.value(
        31,
        Duration.class,
        (out, v) -> {
          out.writeVarLong(v.getSeconds(), false);
          out.writeInt(v.getNano());
        },
        in -> Duration.ofSeconds(in.readVarLong(false), in.readInt()));
    values.value(
        32,
        Period.class,
        (out, v) -> {
          out.writeInt(v.getYears());
          out.writeInt(v.getMonths());
          out.writeInt(v.getDays());
        },
        in -> Period.of(in.readInt(), in.readInt(), in.readInt()));
    values.value(
        33,
        ZoneOffset.class,
        (out, v) -> out.writeInt(v.getTotalSeconds()),
        in -> ZoneOffset.ofTotalSeconds(in.readInt()));
    values.value(
        34, ZoneId.class, (out, v) -> Text.write(out, v.getId()), in -> ZoneId.of(Text.read(in)));
  }

  private <T> void text(int id, Class<T> type, Function<String, T> parser) {
    values.value(
        id, type, (out, v) -> Text.write(out, v.toString()), in -> parser.apply(Text.read(in)));
  }
}
