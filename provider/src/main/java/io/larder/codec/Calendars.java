package io.larder.codec;

import com.esotericsoftware.kryo.io.Output;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.TimeZone;

/** Calendars and their time zones as bytes. */
@SuppressWarnings("JavaUtilDate")
final class Calendars {

  private Calendars() {}

  static void write(Output out, GregorianCalendar calendar) {
    TimeZone zone = calendar.getTimeZone();
    if (JdkTypes.entryOf(zone.getClass()) == null) {
      throw new UnstorableException("a calendar cannot be stored with a time zone of class "
          + zone.getClass().getName());
    }
    out.writeLong(calendar.getTimeInMillis());
    Text.write(out, zone.getID());
    out.writeBoolean(calendar.isLenient());
    out.writeByte(calendar.getFirstDayOfWeek());
    out.writeByte(calendar.getMinimalDaysInFirstWeek());
    out.writeLong(calendar.getGregorianChange().getTime());
  }

  static GregorianCalendar read(BudgetInput in) {
    long millis = in.readLong();
    GregorianCalendar calendar = new GregorianCalendar(zone(Text.read(in)));
    calendar.setLenient(in.readBoolean());
    calendar.setFirstDayOfWeek(in.readByte());
    calendar.setMinimalDaysInFirstWeek(in.readByte());
    calendar.setGregorianChange(new Date(in.readLong()));
    calendar.setTimeInMillis(millis);
    return calendar;
  }

  /** The zone of that id; unknown ones are refused, not turned into GMT. */
  static TimeZone zone(String id) {
    TimeZone zone = TimeZone.getTimeZone(id);
    if (!zone.getID().equals(id)) {
      throw new MalformedBytesException("no such time zone");
    }
    return zone;
  }
}
