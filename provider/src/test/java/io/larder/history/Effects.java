package io.larder.history;

/** Writes of one sort to a key, sure or not, in the order of their starts. */
final class Effects {

  private final Longs starts = new Longs();
  private final Longs latest = new Longs();

  void add(long start, long effective) {
    starts.add(start);
    int size = latest.size();
    latest.add(size == 0 ? effective : Math.max(effective, latest.get(size - 1)));
  }

  /** Of those that had begun by then, the latest effect. */
  long latestEffectBegunBy(long time) {
    int count = starts.countUpTo(time, true);
    return count == 0 ? Long.MIN_VALUE : latest.get(count - 1);
  }
}
