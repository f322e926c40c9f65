package io.larder.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What one process knows of one key, and since when: answers begun later must not be older. */
final class ProcessFloors {

  private record Known(long since, long floor, boolean absence) {}

  private final List<Known> known = new ArrayList<>();
  private final Longs times = new Longs();
  private final Longs writes = new Longs();
  private final Longs values = new Longs();

  /** From that time on it is known that a write which began at that start has been made. */
  void wrote(long since, long start) {
    known.add(new Known(since, start, false));
  }

  /** From that time on it is known that there was nothing after that start. */
  void foundAbsent(long since, long start) {
    known.add(new Known(since, start, true));
  }

  void close() {
    known.sort(Comparator.comparingLong(Known::since));
    long write = Long.MIN_VALUE;
    long value = Long.MIN_VALUE;
    for (Known each : known) {
      write = each.absence() ? write : Math.max(write, each.floor());
      value = Math.max(value, each.floor());
      times.add(each.since());
      writes.add(write);
      values.add(value);
    }
    known.clear();
  }

  /** What a value that is answered to a call begun then must not be older than. */
  long valuesSince(long start) {
    return before(values, start);
  }

  /** What an absence that is answered to a call begun then must not be older than. */
  long writesSince(long start) {
    return before(writes, start);
  }

  private long before(Longs floors, long start) {
    int count = times.countUpTo(start, false);
    return count == 0 ? Long.MIN_VALUE : floors.get(count - 1);
  }
}
