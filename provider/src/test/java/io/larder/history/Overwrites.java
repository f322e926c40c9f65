package io.larder.history;

/** The writes that surely were made, in the order of their starts. */
final class Overwrites {

  private final Longs starts = new Longs();
  private final Longs ends = new Longs();
  private final Longs processes = new Longs();

  void add(long start, long effective, int process) {
    starts.add(start);
    ends.add(effective);
    processes.add(process);
  }

  /** Makes each end that of the earliest to end among it and all that start later. */
  void close() {
    for (int i = ends.size() - 2; i >= 0; i--) {
      if (ends.get(i + 1) < ends.get(i)) {
        ends.set(i, ends.get(i + 1));
        processes.set(i, processes.get(i + 1));
      }
    }
  }

  /** When what took effect at that time was surely overwritten; never: the largest number. */
  long endOf(long effective) {
    int next = starts.countUpTo(effective, true);
    return next == starts.size() ? Long.MAX_VALUE : ends.get(next);
  }

  /** Who did that first. */
  long endedBy(long effective) {
    return processes.get(starts.countUpTo(effective, true));
  }
}
