package io.larder.history;

import io.larder.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;
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

  /** What of that time is not within this one. */
  List<Apart.Span> without(Apart.Span span) {
    List<Apart.Span> rest = new ArrayList<>();
    if (span.from() < down) {
      rest.add(new Apart.Span(span.from(), Math.min(span.to(), down)));
    }
    if (span.to() > back) {
      rest.add(new Apart.Span(Math.max(span.from(), back), span.to()));
    }
    return rest;
  }

  /**
   * Tells what the event means to others.
   *
   * @param others hears of what the process did or saw
   * @param redis hears of what was surely, or may be, removed there on return
   */
  void reckon(Event event, Consumer<Event> others, Consumer<Event> redis) {
    if (event.process() != process || event.lastStart() > back && event.start() > back) {
      others.accept(event);
    } else if (event.kind().writes()) {
      reckonWrite(event, others, redis);
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

  private void reckonWrite(Event event, Consumer<Event> others, Consumer<Event> redis) {
    if (event.end() < down) {
      others.accept(event);
    } else if (event.start() > dead && event.end() < up) {
      redis.accept(event.undoneBy(back));
    } else {
      others.accept(event.as(Kind.MAYBE));
      redis.accept(event.undoneBy(back).as(Kind.MAYBE));
    }
  }
}
