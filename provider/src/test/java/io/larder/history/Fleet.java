package io.larder.history;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Processes that load the same caches, and what came of it. For one thread. */
public final class Fleet implements AutoCloseable {

  private static final AtomicInteger LOADS = new AtomicInteger();

  /** Longer than any near cache may be stale. */
  private static final long QUIET_MILLIS =
      TimeUnit.NANOSECONDS.toMillis(Promises.DETECTION_NANOS) + 300;

  /** A process was seen to work with Redis, with nothing to replay, at some time between these. */
  private record Settling(long before, long after) {}

  private final List<Peer.Child> processes;
  private final Map<Integer, List<Settling>> settlings = new HashMap<>();
  private final Path directory;
  private int padding;
  private int pauseMicros = 400;
  private int looks = 4;
  private UnaryOperator<Promises> kept = UnaryOperator.identity();
  private long[] connectedAt = {};
  private long longest;
  private long lastFailure;
  private long failures;

  private Fleet(List<Peer.Child> processes) {
    this.processes = processes;
    try {
      directory = Files.createTempDirectory("larder-history");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That many JVMs. */
  public static Fleet of(int count) {
    List<Peer.Child> processes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      processes.add(Peer.child("process " + i));
    }
    return new Fleet(processes);
  }

  /** JVMs that a test has started itself. */
  public static Fleet of(List<Peer.Child> processes) {
    return new Fleet(processes);
  }

  /** How much longer values are than they need be. */
  public Fleet padding(int characters) {
    padding = characters;
    return this;
  }

  /** How long threads rest between operations, and how often readers look before they rest. */
  public Fleet pace(int restMicros, int looksBeforeRest) {
    pauseMicros = restMicros;
    looks = looksBeforeRest;
    return this;
  }

  /** What the caches promise in this test. */
  public Fleet promising(UnaryOperator<Promises> promises) {
    kept = promises;
    return this;
  }

  /** The process of that number. */
  public Peer.Child process(int number) {
    return processes.get(number);
  }

  public int size() {
    return processes.size();
  }

  /**
   * Opens a manager in each process and lets the load begin.
   *
   * @param settings of the process of that number: {@code key=value ...}
   */
  public void begin(Function<Integer, String> settings) {
    int load = next();
    forEach(number -> process(number).ask("manager " + settings.apply(number)));
    forEach(number ->
        process(number).ask("load -" + load + " " + plan(number, load).words() + " " + directory));
  }

  /** The same on what that command, given a plan and a directory, makes in each process. */
  void beginBare(String command) {
    int load = next();
    forEach(number ->
        process(number).ask(command + " " + plan(number, load).words() + " " + directory));
  }

  private int next() {
    startTimes();
    settlings.clear();
    return LOADS.incrementAndGet();
  }

  private LoadPlan plan(int process, int load) {
    return new LoadPlan(process, size(), load, pauseMicros, looks, padding);
  }

  /** What that process' calls took since it was last asked. */
  public CallTimes.Seen times(int process) {
    return noted(process(process).ask("times"));
  }

  private synchronized CallTimes.Seen noted(String words) {
    CallTimes.Seen seen = CallTimes.Seen.parse(words);
    longest = Math.max(longest, seen.longestNanos());
    lastFailure = Math.max(lastFailure, seen.lastFailure());
    failures += seen.failures();
    return seen;
  }

  /** What each of those processes says of its Redis, asked at once; of all if none is named. */
  public Map<Integer, Wellness> wellness(int... asked) {
    Map<Integer, Wellness> found = new ConcurrentHashMap<>();
    forEach(number -> {
      if (asked.length == 0 || Arrays.stream(asked).anyMatch(each -> each == number)) {
        found.put(number, Wellness.parse(process(number).ask("health")));
      }
    });
    return found;
  }

  /** The first few exceptions that calls of each process threw since they were forgotten. */
  public String thrown() {
    StringBuilder text = new StringBuilder();
    for (Peer each : processes) {
      text.append('\n').append(each.ask("thrown").replace('|', '\n'));
    }
    return text.toString();
  }

  /** Counts calls anew. */
  public void forgetTimes() {
    forEach(this::times);
    forEach(number -> process(number).ask("thrown"));
    startTimes();
  }

  private synchronized void startTimes() {
    longest = 0;
    lastFailure = 0;
    failures = 0;
  }

  /** What all calls took since they were last forgotten, as far as asked; no median. */
  public synchronized CallTimes.Seen times() {
    return new CallTimes.Seen(0, failures, longest, 0, lastFailure);
  }

  /** Returns when all processes have made many calls of late, and none of them failed. */
  public void awaitHealthy() {
    forEach(this::awaitHealthy);
  }

  /** Returns when that process has made many calls of late, and none of them failed. */
  public void awaitHealthy(int process) {
    times(process);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    CallTimes.Seen seen;
    do {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      seen = times(process);
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("after 30 s calls fail: process " + process + ", " + seen);
      }
    } while (seen.failures() > 0 || seen.calls() < 10);
  }

  /**
   * Returns when all processes work with Redis and have nothing left to replay.
   *
   * @return for each process the time when that was seen
   */
  public long[] settle() {
    long[] times = new long[size()];
    connectedAt = new long[size()];
    forEach(number -> {
      String answer = process(number).ask("settled");
      if (answer.equals("-")) {
        times[number] = System.nanoTime();
      } else {
        String[] parts = answer.split(",");
        times[number] = Long.parseLong(parts[1]);
        connectedAt[number] = Long.parseLong(parts[2]);
        settled(number).add(new Settling(Long.parseLong(parts[0]), times[number]));
      }
    });
    return times;
  }

  /** When, in the last {@link #settle}, the last process was first seen to ask Redis. */
  public long allConnectedAt() {
    return Arrays.stream(connectedAt).max().orElse(0);
  }

  private synchronized List<Settling> settled(int process) {
    return settlings.computeIfAbsent(process, number -> new ArrayList<>());
  }

  /** What Redis did not answer was removed when the process had settled. */
  private void add(Event event, History history) {
    history.add(event);
    if (event.kind() == Event.Kind.UNANSWERED || event.kind() == Event.Kind.UNREACHED) {
      settled(event.process()).stream()
          .filter(settling -> settling.before() > event.end())
          .findFirst()
          .ifPresent(settling -> {
            Event undone = event.undoneBy(settling.after());
            boolean sure = event.kind() == Event.Kind.UNANSWERED;
            history.add(sure ? undone : undone.as(Event.Kind.MAYBE));
          });
    }
  }

  /** Ends the load and judges what happened. */
  public Verdict finish() {
    return finish(history -> {});
  }

  /**
   * Lets everything come to rest, ends the load and judges what happened.
   *
   * @param outside adds what was done to Redis
   */
  public Verdict finish(Consumer<History> outside) {
    forEach(number -> process(number).ask("quiet"));
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS));
    forEach(number -> noted(process(number).ask("stop")));
    settle();
    History history = new History(cache -> kept.apply(LoadCache.values()[cache].promises()));
    outside.accept(history);
    forEach(number -> apart(number, history));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Recorder.replay(file, event -> add(event, history));
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return history.judge();
  }

  private void apart(int number, History history) {
    List<Apart.Span> spans = Apart.Span.parse(process(number).ask("apart"));
    synchronized (history) {
      spans.forEach(span -> history.apart(number, span));
    }
  }

  /** Does it for all processes at once. */
  private void forEach(Consumer<Integer> action) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      int number = i;
      all.add(CompletableFuture.runAsync(
          () -> action.accept(number), task -> new Thread(task).start()));
    }
    all.forEach(CompletableFuture::join);
  }

  @Override
  public void close() {
    processes.forEach(Peer::close);
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
