package io.larder.history;

import io.larder.history.Event.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One thread's part of a history, written to a file as it happens: 28 to 40 bytes an event. Reads
 * in a row with one answer are one event, except absences: of those each has to be accounted for.
 */
final class Recorder implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  private final int process;
  private final int thread;
  private final DataOutputStream out;
  private final Map<Integer, Event> running = new HashMap<>();

  Recorder(Path file, int process, int thread) {
    this.process = process;
    this.thread = thread;
    try {
      out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
      out.writeByte(process);
      out.writeByte(thread);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A read that may have been answered from near. */
  void read(int cache, int key, long value, long start, long end) {
    Integer place = cache << 16 | key;
    Event run = running.get(place);
    if (run != null && run.value() == value && value != Event.ABSENT) {
      running.put(
          place,
          new Event(
              Kind.READ,
              process,
              thread,
              cache,
              key,
              value,
              run.start(),
              run.end(),
              start,
              run.count() + 1));
      return;
    }
    if (run != null) {
      write(run);
    }
    running.put(
        place, new Event(Kind.READ, process, thread, cache, key, value, start, end, start, 1));
  }

  /** Anything else. */
  void note(Kind kind, int cache, int key, long value, long start, long end) {
    write(new Event(kind, process, thread, cache, key, value, start, end, start, 1));
  }

  private void write(Event event) {
    try {
      out.writeByte(event.kind().ordinal());
      out.writeByte(event.cache());
      out.writeShort(event.key());
      out.writeLong(event.value());
      out.writeLong(event.start());
      out.writeLong(event.end() - event.start());
      if (event.kind() == Kind.READ) {
        out.writeLong(event.lastStart() - event.start());
        out.writeInt(event.count());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    running.values().forEach(this::write);
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells all events of a file. */
  static void replay(Path file, Consumer<Event> listener) {
    Kind[] kinds = Kind.values();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
      int process = in.readByte();
      int thread = in.readByte();
      for (int kind = in.read(); kind >= 0; kind = in.read()) {
        int cache = in.readByte();
        int key = in.readShort();
        long value = in.readLong();
        long start = in.readLong();
        long end = start + in.readLong();
        boolean reads = kinds[kind] == Kind.READ;
        long lastStart = reads ? start + in.readLong() : start;
        int count = reads ? in.readInt() : 1;
        listener.accept(new Event(
            kinds[kind], process, thread, cache, key, value, start, end, lastStart, count));
      }
    } catch (EOFException e) {
      throw new IllegalStateException(file + " ends within an event", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
