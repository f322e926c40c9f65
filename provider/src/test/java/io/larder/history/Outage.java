package io.larder.history;

import io.larder.history.Event.Kind;
import java.util.function.Consumer;

/**
 * A time in which a process went on without Redis and answered from a fallback of its own. What it
 * read then is nobody else's business. What it wrote then is not in Redis, and must not be answered
 * later; but the key is removed there before the process works with Redis again.
 *
 * @param down the time before Redis went down
 * @param dead the time after it was down
 * @param up the time before it was started again
 * @param back the time after the process worked with Redis again
 */
public record Outage(int process, long down, long dead, long up, long back) {

  /**
   * A time in which the process may have gone on without Redis or not, call by call: nothing is
   * sure of what it did then, but afterwards all promises hold again.
   */
  public static Outage doubtful(int process, long from, long back) {
    return new Outage(process, from, Long.MAX_VALUE, Long.MIN_VALUE, back);
  }

  /** Tells what the event means to others. */
  void reckon(Event event, Consumer<Event> others) {
    if (event.process() != process || event.lastStart() > back && event.start() > back) {
      others.accept(event);
    } else if (event.kind().writes()) {
      reckonWrite(event, others);
    } else {
      reckonRead(event, others);
    }
  }

  private void reckonRead(Event event, Consumer<Event> others) {
    if (event.end() < down) {
      boolean over = event.lastStart() < down;
      others.accept(over ? event : event.between(event.start(), event.end(), event.start()));
    }
    if (event.lastStart() > back) {
      long last = event.lastStart();
      others.accept(event.between(last, last, last).uncounted());
    }
  }

  private void reckonWrite(Event event, Consumer<Event> others) {
    if (event.end() < down) {
      others.accept(event);
    } else if (event.start() > dead && event.end() < up) {
      others.accept(event.undoneBy(back));
    } else {
      others.accept(event.as(Kind.MAYBE));
      others.accept(event.undoneBy(back).as(Kind.MAYBE));
    }
  }
}
