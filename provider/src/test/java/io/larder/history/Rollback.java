package io.larder.history;

import io.larder.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Redis going back to a copy of what it held earlier, which parts a history in two. In the second
 * part only what was copied has been written before; near caches have the detection bound to
 * notice, and what is answered until then is not judged.
 *
 * @param copyStart the time before the copy was begun
 * @param copyEnd the time after it was made
 * @param down the time before Redis went down
 * @param up the time after it was up with the copy
 */
public record Rollback(long copyStart, long copyEnd, long down, long up) {

  static final Rollback NONE =
      new Rollback(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  List<List<Event>> split(List<Event> events) {
    if (down == Long.MAX_VALUE) {
      return List.of(events);
    }
    List<Event> before = new ArrayList<>();
    List<Event> after = new ArrayList<>();
    for (Event event : events) {
      if (event.kind().writes()) {
        splitWrite(event, before, after);
      } else {
        splitRead(event, before, after);
      }
    }
    return List.of(before, after);
  }

  private void splitWrite(Event event, List<Event> before, List<Event> after) {
    if (event.start() < up) {
      before.add(event.end() < down ? event : event.as(Kind.MAYBE));
    }
    if (event.end() < copyStart || event.start() > up) {
      after.add(event.start() > up ? event : event.uncounted());
    } else if (event.start() < copyEnd || event.end() >= down) {
      after.add(event.as(Kind.MAYBE).uncounted());
    }
  }

  private void splitRead(Event event, List<Event> before, List<Event> after) {
    long settled = up + Promises.DETECTION_NANOS;
    if (event.end() < down) {
      boolean over = event.lastStart() < down;
      before.add(over ? event : event.between(event.start(), event.end(), event.start()));
    }
    if (event.start() > settled) {
      after.add(event);
    } else if (event.lastStart() > settled) {
      after.add(
          event.between(event.lastStart(), event.lastStart(), event.lastStart()).uncounted());
    }
  }
}
