package io.larder.ai;

import java.io.Serializable;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;

/**
 * How often each answer was a hit. Gathered in the process and added up in a cache of its own every
 * few seconds; approximate. Thread-safe.
 *
 * <p>A count belongs to one answer and stands under its stamp, a random name, so that nothing of a
 * prompt is in it; a new answer under the same key begins anew.
 */
final class HitCounts {

  private static final int MOST_TALLIES = 100_000;
  private static final int IDLE_ROUNDS = 12;

  private final CacheSlot<String> counts;
  private final Troubles troubles;
  private final ConcurrentHashMap<String, Tally> tallies = new ConcurrentHashMap<>();

  HitCounts(CacheSlot<String> counts, Troubles troubles) {
    this.counts = counts;
    this.troubles = troubles;
  }

  private static final class Tally {

    private final String stamp;
    private final LongAdder pending = new LongAdder();
    private volatile long recorded;
    private int idleRounds;

    private Tally(String stamp) {
      this.stamp = stamp;
    }

    private long total() {
      return recorded + pending.sum();
    }
  }

  /** Counts a hit and answers how many there have been. */
  long hit(String key, String stamp) {
    Tally tally = tallies.get(key);
    if (tally == null || !tally.stamp.equals(stamp)) {
      if (tally == null && tallies.size() >= MOST_TALLIES) {
        return 1;
      }
      tally = tallies.compute(
          key, (k, known) -> known != null && known.stamp.equals(stamp) ? known : new Tally(stamp));
    }
    tally.pending.increment();
    return tally.total();
  }

  /** How often the answer has been a hit, as far as this process knows. */
  long of(String key, String stamp) {
    Tally tally = tallies.get(key);
    return tally == null || !tally.stamp.equals(stamp) ? 0 : tally.total();
  }

  /** Adds what was gathered to the shared counts, and learns what others added. */
  synchronized void flush() {
    Iterator<Map.Entry<String, Tally>> entries = tallies.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Tally> entry = entries.next();
      Tally tally = entry.getValue();
      long gathered = tally.pending.sumThenReset();
      if (gathered > 0) {
        tally.idleRounds = 0;
        if (!add(tally, gathered)) {
          return;
        }
      } else if (++tally.idleRounds >= IDLE_ROUNDS) {
        entries.remove();
      }
    }
  }

  private boolean add(Tally tally, long gathered) {
    try {
      Long total = counts.get().invoke(tally.stamp, new Add(gathered));
      tally.recorded = total == null ? tally.recorded + gathered : total;
      return true;
    } catch (RuntimeException e) {
      tally.pending.add(gathered);
      troubles.tell(counts.name(), "hits cannot be counted", e);
      return false;
    }
  }

  /** Forgets all counts, of all processes. */
  void clear() {
    tallies.clear();
    counts.get().clear();
  }

  /** Adds to a count. */
  private record Add(long more) implements EntryProcessor<String, String, Long>, Serializable {

    @Override
    public Long process(MutableEntry<String, String> entry, Object... arguments) {
      String known = entry.getValue();
      long total = more + (known == null ? 0 : Long.parseLong(known));
      entry.setValue(String.valueOf(total));
      return total;
    }
  }
}
