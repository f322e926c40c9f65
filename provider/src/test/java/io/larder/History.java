package io.larder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What processes wrote and read, and whether it keeps the promise: in each process reads follow its
 * own writes, and none goes back in time for a key.
 *
 * <p><b>The path of a judgement.</b> Each key has one writer, which numbers what it does, so a
 * value is a position in the key's life; absence is one of the positions of its removals, the
 * earliest that may be meant. What has been seen in a process is a floor under all reads that begin
 * there later. Times are compared within a process only.
 */
final class History {

  private static final int VIOLATIONS_TO_TELL = 10;

  /**
   * What a writer did.
   *
   * @param value what it stored, or null for a removal
   * @param end the nano time at which it had returned
   */
  record Write(String process, String key, int position, String value, long end) {}

  /**
   * Reads of one thread, one after the other, that all answered the same.
   *
   * @param value the answer, or null for absence
   * @param start the nano time before the first read
   * @param end the nano time after the first read
   * @param lastStart the nano time before the last read
   */
  record Read(String process, String key, String value, long start, long end, long lastStart) {}

  private final List<Write> writes = new ArrayList<>();
  private final List<Read> reads = new ArrayList<>();

  void add(Write write) {
    writes.add(write);
  }

  void add(Read read) {
    reads.add(read);
  }

  int size() {
    return writes.size() + reads.size();
  }

  /** What breaks the promise, in words; empty for a good history. */
  List<String> violations() {
    List<String> found = new ArrayList<>();
    Map<String, Life> lives = new HashMap<>();
    writes.forEach(
        write -> lives.computeIfAbsent(write.key(), key -> new Life()).add(write));
    Map<List<String>, List<Seen>> seen = new HashMap<>();
    for (Write write : writes) {
      Seen own = new Seen(write.end(), write.end(), write.position(), null);
      seen.computeIfAbsent(place(write.process(), write.key()), p -> new ArrayList<>())
          .add(own);
    }
    for (Read read : reads) {
      Life life = lives.computeIfAbsent(read.key(), key -> new Life());
      if (read.value() != null && !life.positions.containsKey(read.value())) {
        found.add("never written: " + read);
        continue;
      }
      int position = read.value() == null ? -1 : life.positions.get(read.value());
      seen.computeIfAbsent(place(read.process(), read.key()), p -> new ArrayList<>())
          .add(new Seen(read.start(), read.end(), position, read));
    }
    seen.forEach(
        (place, events) -> judge(Objects.requireNonNull(lives.get(place.get(1))), events, found));
    return found.size() <= VIOLATIONS_TO_TELL ? found : found.subList(0, VIOLATIONS_TO_TELL);
  }

  private static List<String> place(String process, String key) {
    return List.of(process, key);
  }

  /** Judges what one process saw of one key. */
  private static void judge(Life life, List<Seen> events, List<String> found) {
    events.sort(Comparator.comparingLong(Seen::end));
    TreeMap<Long, Integer> floors = new TreeMap<>();
    int highest = 0;
    for (Seen event : events) {
      Integer position = event.position() >= 0
          ? Integer.valueOf(event.position())
          : life.absences.ceiling(floor(floors, event.start()));
      highest = Math.max(highest, position == null ? 0 : position);
      floors.put(event.end(), highest);
    }
    for (Seen event : events) {
      Read read = event.read();
      if (read == null) {
        continue;
      }
      int floor = floor(floors, read.lastStart());
      boolean absent = event.position() < 0;
      if (absent ? life.absences.ceiling(floor) == null : event.position() < floor) {
        found.add("position " + floor + " had been seen before: " + read);
      }
    }
  }

  private static int floor(TreeMap<Long, Integer> floors, long start) {
    Map.Entry<Long, Integer> before = floors.lowerEntry(start);
    return before == null ? 0 : before.getValue();
  }

  private record Seen(long start, long end, int position, Read read) {}

  /** All that one key ever held; nothing at first. */
  private static final class Life {

    private final Map<String, Integer> positions = new HashMap<>();
    private final TreeSet<Integer> absences = new TreeSet<>(List.of(0));

    void add(Write write) {
      if (write.value() == null) {
        absences.add(write.position());
      } else {
        positions.put(write.value(), write.position());
      }
    }
  }
}
