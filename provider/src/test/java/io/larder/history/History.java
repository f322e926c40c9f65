package io.larder.history;

import io.larder.history.Event.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntFunction;

/**
 * What all processes did and saw, joined, and what was done to Redis meanwhile; decides whether it
 * keeps the promises. The work is n log n in the number of operations.
 */
public final class History {

  private record Place(int cache, int key) {}

  private final IntFunction<Promises> promises;
  private final Map<Place, List<Event>> places = new HashMap<>();
  private final List<Event> everywhere = new ArrayList<>();
  private final Outages outages = new Outages();
  private Rollback rollback = Rollback.NONE;
  private BiPredicate<Integer, Integer> rolledBack = (cache, key) -> true;

  /** A history of caches that promise that. */
  public History(IntFunction<Promises> promises) {
    this.promises = promises;
  }

  /** Before all events: a process was without Redis; that was planned. */
  public void without(Outage outage) {
    outages.planned(outage);
  }

  /** Before all events, and after what was planned: a process told of that itself. */
  void apart(int process, Apart.Span span) {
    outages.told(process, span);
  }

  /** Adds one event, in any order. */
  public void add(Event event) {
    outages.reckon(event, this::put);
  }

  private void put(Event event) {
    if (event.key() == Event.ALL) {
      everywhere.add(event);
    } else {
      places
          .computeIfAbsent(new Place(event.cache(), event.key()), place -> new ArrayList<>())
          .add(event);
    }
  }

  /** Redis lost all that it held, after the first time and before the second. */
  public void emptied(long after, long before) {
    add(new Event(
        Kind.WRITE, Event.OUTSIDE, 0, Event.ALL, Event.ALL, Event.ABSENT, after, before, after, 0));
  }

  /** Redis went back to what it had held earlier; once a history. */
  public void rolledBack(Rollback to) {
    rollback = to;
  }

  /** A part of Redis did: that with these keys of these caches. */
  public void rolledBack(Rollback to, BiPredicate<Integer, Integer> cachesAndKeys) {
    rolledBack(to);
    rolledBack = cachesAndKeys;
  }

  /** Judges everything. */
  public Verdict judge() {
    Verdict verdict = new Verdict();
    verdict.apart(outages.beyondPlan());
    everywhere.forEach(event -> verdict.judged(event.count(), true));
    places.forEach((place, own) -> {
      List<Event> events = new ArrayList<>(own);
      for (Event event : everywhere) {
        if (event.cache() == Event.ALL || event.cache() == place.cache()) {
          events.add(event.copyFor(place.cache(), place.key()));
        }
      }
      boolean back = rolledBack.test(place.cache(), place.key());
      for (List<Event> era : (back ? rollback : Rollback.NONE).split(events)) {
        new KeyHistory(promises.apply(place.cache()), era, verdict).judge();
      }
    });
    return verdict;
  }
}
