package io.larder;

import io.larder.testing.RedisServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;

/**
 * What a process of {@link ProcessesTest} does. A command is words: its name, the cache's, and
 * more.
 *
 * <ul>
 *   <li>{@code open c}, {@code openFor c millis}: creates the cache, in the latter with an expiry
 *   <li>{@code get c key}: the value, or {@code -}
 *   <li>{@code near c}: the near tier's hits so far
 *   <li>{@code readable c key}: whether a read was now answered from near
 *   <li>{@code do c change key value}: a {@link Change}
 *   <li>{@code work c millis keys...}: see {@link #work}
 * </ul>
 */
final class PeerWork {

  /** How an entry that is there gets another value, or goes. */
  enum Change {
    PUT,
    GET_AND_PUT,
    PUT_ALL,
    REPLACE,
    REPLACE_IF_EQUAL,
    GET_AND_REPLACE,
    INVOKE,
    REMOVE,
    REMOVE_IF_EQUAL,
    GET_AND_REMOVE,
    REMOVE_ALL_KEYS,
    REMOVE_ALL,
    CLEAR,
    INVOKE_REMOVE;

    boolean removes() {
      return ordinal() >= REMOVE.ordinal();
    }

    private void on(LarderCache<String, String> cache, String key, String value) {
      switch (this) {
        case PUT -> cache.put(key, value);
        case GET_AND_PUT -> cache.getAndPut(key, value);
        case PUT_ALL -> cache.putAll(Map.of(key, value));
        case REPLACE -> require(cache.replace(key, value));
        case REPLACE_IF_EQUAL -> require(cache.replace(key, cache.get(key), value));
        case GET_AND_REPLACE -> require(cache.getAndReplace(key, value) != null);
        case INVOKE ->
          cache.invoke(key, (entry, arguments) -> {
            entry.setValue(value);
            return null;
          });
        case REMOVE -> require(cache.remove(key));
        case REMOVE_IF_EQUAL -> require(cache.remove(key, cache.get(key)));
        case GET_AND_REMOVE -> require(cache.getAndRemove(key) != null);
        case REMOVE_ALL_KEYS -> cache.removeAll(Set.of(key));
        case REMOVE_ALL -> cache.removeAll();
        case CLEAR -> cache.clear();
        case INVOKE_REMOVE ->
          cache.invoke(key, (entry, arguments) -> {
            entry.remove();
            return null;
          });
      }
    }

    private static void require(boolean held) {
      if (!held) {
        throw new IllegalStateException("the entry was not there as its only writer left it");
      }
    }
  }

  private static final int READERS = 2;

  /** What a writer does in turn; the first finds nothing there. */
  private static final List<Change> TURNS = List.of(
      Change.PUT,
      Change.REPLACE,
      Change.INVOKE,
      Change.GET_AND_REMOVE,
      Change.GET_AND_PUT,
      Change.REPLACE_IF_EQUAL,
      Change.REMOVE);

  private final String name;
  private final TestCaches caches;
  private final Map<String, LarderCache<String, String>> open = new HashMap<>();

  PeerWork(String name, RedisServer redis, String namespace) {
    this.name = name;
    Properties settings = new Properties();
    settings.setProperty("namespace", namespace);
    this.caches = TestCaches.in(Mode.NEAR, redis, settings);
  }

  void close() {
    caches.close();
  }

  String answer(String command) {
    String[] words = command.split(" ");
    LarderCache<String, String> cache = open.get(words[1]);
    switch (words[0]) {
      case "open" -> open.put(words[1], caches.cache(words[1], configuration()));
      case "openFor" ->
        open.put(
            words[1],
            caches.cache(
                words[1],
                configuration()
                    .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(
                        new Duration(TimeUnit.MILLISECONDS, Long.parseLong(words[2]))))));
      case "get" -> {
        String value = cache.get(words[2]);
        return value == null ? "-" : value;
      }
      case "near" -> {
        return String.valueOf(nearHits(cache));
      }
      case "readable" -> {
        long before = nearHits(cache);
        cache.get(words[2]);
        return String.valueOf(nearHits(cache) > before);
      }
      case "do" -> Change.valueOf(words[2]).on(cache, words[3], words[4]);
      case "work" -> {
        return work(cache, Long.parseLong(words[2]), List.of(words).subList(3, words.length));
      }
      default -> throw new IllegalArgumentException(command);
    }
    return "done";
  }

  private MutableConfiguration<String, String> configuration() {
    return caches.configuration(String.class, String.class);
  }

  private static long nearHits(LarderCache<String, String> cache) {
    return cache.stats().tiers().get(0).hits();
  }

  /**
   * Reads all keys with several threads, and writes those that begin with this process' name with
   * one, for so long.
   *
   * @return the history in text
   */
  private String work(LarderCache<String, String> cache, long millis, List<String> keys) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    List<Callable<String>> jobs = new ArrayList<>();
    List<String> own = keys.stream().filter(key -> key.startsWith(name + "/")).toList();
    if (!own.isEmpty()) {
      jobs.add(() -> writing(cache, own, end));
    }
    for (int i = 0; i < READERS; i++) {
      boolean together = i % 2 == 1;
      jobs.add(() -> new Reader(cache, keys, together).until(end));
    }
    ExecutorService threads = Executors.newFixedThreadPool(jobs.size());
    try {
      List<String> parts = new ArrayList<>();
      for (Future<String> job : threads.invokeAll(jobs)) {
        parts.add(job.get());
      }
      return String.join("", parts);
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private String writing(LarderCache<String, String> cache, List<String> keys, long end) {
    StringBuilder history = new StringBuilder();
    for (int position = 1; System.nanoTime() < end; position++) {
      Change change = TURNS.get((position - 1) % TURNS.size());
      for (String key : keys) {
        String value = key + ":" + position;
        change.on(cache, key, value);
        String written = change.removes() ? "-" : value;
        history.append(
            "W,%s,%s,%d,%s,%d;".formatted(name, key, position, written, System.nanoTime()));
      }
    }
    return history.toString();
  }

  /** Adds what {@link #work} answered. */
  static void parse(String text, History history) {
    for (String line : text.split(";")) {
      String[] words = line.split(",");
      if (words[0].equals("W")) {
        history.add(new History.Write(
            words[1], words[2], Integer.parseInt(words[3]), value(words[4]), nanos(words[5])));
      } else {
        history.add(new History.Read(
            words[1],
            words[2],
            value(words[3]),
            nanos(words[4]),
            nanos(words[5]),
            nanos(words[6])));
      }
    }
  }

  private static String value(String word) {
    return word.equals("-") ? null : word;
  }

  private static long nanos(String word) {
    return Long.parseLong(word);
  }

  /** One thread that reads, and notes what it read; equal answers in a row are one note. */
  private final class Reader {

    private final LarderCache<String, String> cache;
    private final List<String> keys;
    private final boolean together;
    private final Map<String, History.Read> last = new HashMap<>();
    private final StringBuilder history = new StringBuilder();

    Reader(LarderCache<String, String> cache, List<String> keys, boolean together) {
      this.cache = cache;
      this.keys = keys;
      this.together = together;
    }

    String until(long end) {
      Set<String> all = Set.copyOf(keys);
      while (System.nanoTime() < end) {
        if (together) {
          long start = System.nanoTime();
          Map<String, String> found = cache.getAll(all);
          all.forEach(key -> note(key, found.get(key), start));
        } else {
          for (String key : keys) {
            long start = System.nanoTime();
            note(key, cache.get(key), start);
          }
        }
      }
      last.values().forEach(this::tell);
      return history.toString();
    }

    private void note(String key, String value, long start) {
      History.Read before = last.get(key);
      if (before != null && String.valueOf(before.value()).equals(String.valueOf(value))) {
        last.put(key, new History.Read(name, key, value, before.start(), before.end(), start));
        return;
      }
      if (before != null) {
        tell(before);
      }
      last.put(key, new History.Read(name, key, value, start, System.nanoTime(), start));
    }

    private void tell(History.Read read) {
      history.append("R,%s,%s,%s,%d,%d,%d;"
          .formatted(
              read.process(),
              read.key(),
              read.value() == null ? "-" : read.value(),
              read.start(),
              read.end(),
              read.lastStart()));
    }
  }
}
