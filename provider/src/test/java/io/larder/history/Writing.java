package io.larder.history;

import static io.larder.history.Event.ABSENT;
import static io.larder.history.Event.Kind.FOUND;
import static io.larder.history.Event.Kind.FOUND_PRESENT;
import static io.larder.history.Event.Kind.MAYBE;
import static io.larder.history.Event.Kind.UNANSWERED;
import static io.larder.history.Event.Kind.UNREACHED;
import static io.larder.history.Event.Kind.WRITE;

import io.larder.store.StoreUnavailableException;
import io.larder.store.redis.RedisRefusedException;
import io.larder.store.redis.RedisTimedOutException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;

/** A thread that changes the keys of the group whose turn it is, in every way there is. */
final class Writing extends Worker {

  private static final int CLEAR_ONE_IN = 5000;

  Writing(Load load, int thread, Recorder recorder) {
    super(load, thread, recorder);
  }

  @Override
  void work(boolean writing) {
    if (!writing) {
      return;
    }
    LoadCache cache = anyCache();
    int group = plan.group(System.nanoTime());
    int pick = random.nextInt(LoadPlan.SHARED + 1);
    int key = plan.key(group, pick == LoadPlan.SHARED ? plan.ownMember() : pick);
    Target target = caches.get(cache.ordinal());
    if (random.nextInt(CLEAR_ONE_IN) == 0) {
      clear(cache, target);
      return;
    }
    int choice = random.nextInt(target.deciding() == null ? 10 : 20);
    switch (choice) {
      case 0, 1, 2, 3, 4 -> put(cache, target, key);
      case 5, 6 -> remove(cache, target, key);
      case 7 -> putAll(cache, target, group);
      case 8 -> removeAll(cache, target, group);
      case 9 -> read(cache, key);
      case 10, 11 -> getAndPut(cache, target.deciding(), key);
      case 12 -> getAndRemove(cache, target.deciding(), key);
      case 13 -> getAndReplace(cache, target.deciding(), key);
      case 14 -> replace(cache, target.deciding(), key);
      case 15 -> replaceIfEqual(cache, target.deciding(), key);
      case 16 -> putIfAbsent(cache, target.deciding(), key);
      case 17 -> invoke(cache, target.deciding(), key, false);
      case 18 -> invoke(cache, target.deciding(), key, true);
      default -> removeIfEqual(cache, target.deciding(), key);
    }
  }

  private void put(LoadCache cache, Target target, int key) {
    long value = newValue();
    call(
        () -> {
          target.put(LoadPlan.name(key), text(value));
          return true;
        },
        (done, start, end) -> note(WRITE, cache, key, value, start, end),
        (e, start, end) -> unknown(e, cache, key, value, start, end));
  }

  private void remove(LoadCache cache, Target target, int key) {
    call(
        () -> target.remove(LoadPlan.name(key)),
        (there, start, end) -> {
          if (there) {
            note(FOUND_PRESENT, cache, key, 1, start, end);
          } else {
            note(FOUND, cache, key, ABSENT, start, end);
          }
          note(WRITE, cache, key, ABSENT, start, end);
        },
        (e, start, end) -> note(unknown(e), cache, key, ABSENT, start, end));
  }

  private void putAll(LoadCache cache, Target target, int group) {
    Map<Integer, Long> values = new HashMap<>();
    Map<String, String> entries = new HashMap<>();
    for (int member : new int[] {0, 1, plan.ownMember()}) {
      int key = plan.key(group, member);
      values.put(key, newValue());
      entries.put(LoadPlan.name(key), text(values.get(key)));
    }
    call(
        () -> {
          target.putAll(entries);
          return true;
        },
        (done, start, end) ->
            values.forEach((key, value) -> note(WRITE, cache, key, value, start, end)),
        (e, start, end) -> values.forEach((key, value) -> {
          note(undecided(e), cache, key, value, start, end);
          note(MAYBE, cache, key, ABSENT, start, end);
        }));
  }

  private void removeAll(LoadCache cache, Target target, int group) {
    Set<Integer> keys = IntStream.of(0, plan.ownMember())
        .mapToObj(member -> plan.key(group, member))
        .collect(Collectors.toSet());
    Set<String> names = keys.stream().map(LoadPlan::name).collect(Collectors.toSet());
    call(
        () -> {
          target.removeAll(names);
          return true;
        },
        (done, start, end) -> keys.forEach(key -> note(WRITE, cache, key, ABSENT, start, end)),
        (e, start, end) -> keys.forEach(key -> note(undecided(e), cache, key, ABSENT, start, end)));
  }

  private void clear(LoadCache cache, Target target) {
    call(
        () -> {
          target.clear();
          return true;
        },
        (done, start, end) -> note(WRITE, cache, Event.ALL, ABSENT, start, end),
        (e, start, end) -> note(unknown(e), cache, Event.ALL, ABSENT, start, end));
  }

  private void getAndPut(LoadCache cache, Cache<String, String> on, int key) {
    long value = newValue();
    call(
        () -> on.getAndPut(LoadPlan.name(key), text(value)),
        (prior, start, end) -> changed(cache, key, prior, value, start, end),
        (e, start, end) -> undecided(e, cache, key, value, start, end));
  }

  private void getAndRemove(LoadCache cache, Cache<String, String> on, int key) {
    call(
        () -> on.getAndRemove(LoadPlan.name(key)),
        (prior, start, end) -> changed(cache, key, prior, ABSENT, start, end),
        (e, start, end) -> note(undecided(e), cache, key, ABSENT, start, end));
  }

  private void getAndReplace(LoadCache cache, Cache<String, String> on, int key) {
    long value = newValue();
    call(
        () -> on.getAndReplace(LoadPlan.name(key), text(value)),
        (prior, start, end) ->
            changed(cache, key, prior, prior == null ? ABSENT : value, start, end),
        (e, start, end) -> undecided(e, cache, key, value, start, end));
  }

  private void replace(LoadCache cache, Cache<String, String> on, int key) {
    long value = newValue();
    call(
        () -> on.replace(LoadPlan.name(key), text(value)),
        (replaced, start, end) -> {
          if (replaced) {
            note(FOUND_PRESENT, cache, key, 1, start, end);
            note(WRITE, cache, key, value, start, end);
          } else {
            note(FOUND, cache, key, ABSENT, start, end);
          }
        },
        (e, start, end) -> undecided(e, cache, key, value, start, end));
  }

  private void replaceIfEqual(LoadCache cache, Cache<String, String> on, int key) {
    long value = newValue();
    ifEqual(
        on,
        key,
        old -> on.replace(LoadPlan.name(key), old, text(value)),
        (old, start, end) -> changed(cache, key, old, value, start, end),
        (e, start, end) -> undecided(e, cache, key, value, start, end));
  }

  private void removeIfEqual(LoadCache cache, Cache<String, String> on, int key) {
    ifEqual(
        on,
        key,
        old -> on.remove(LoadPlan.name(key), old),
        (old, start, end) -> changed(cache, key, old, ABSENT, start, end),
        (e, start, end) -> note(undecided(e), cache, key, ABSENT, start, end));
  }

  private void ifEqual(
      Cache<String, String> on,
      int key,
      java.util.function.Predicate<String> change,
      Answer<String> changed,
      Failure failed) {
    call(
        () -> on.get(LoadPlan.name(key)),
        (old, readStart, readEnd) -> {
          if (old != null) {
            call(
                () -> change.test(old),
                (same, start, end) -> {
                  if (same) {
                    changed.with(old, start, end);
                  }
                },
                failed);
          }
        },
        (e, start, end) -> {});
  }

  private void putIfAbsent(LoadCache cache, Cache<String, String> on, int key) {
    long value = newValue();
    call(
        () -> on.putIfAbsent(LoadPlan.name(key), text(value)),
        (done, start, end) -> {
          if (done) {
            changed(cache, key, null, value, start, end);
          } else {
            note(FOUND_PRESENT, cache, key, 1, start, end);
          }
        },
        (e, start, end) -> undecided(e, cache, key, value, start, end));
  }

  private void invoke(LoadCache cache, Cache<String, String> on, int key, boolean removes) {
    long value = removes ? ABSENT : newValue();
    call(
        () -> on.<String>invoke(LoadPlan.name(key), (entry, arguments) -> {
          String prior = entry.getValue();
          if (removes) {
            entry.remove();
          } else {
            entry.setValue(text(value));
          }
          return prior;
        }),
        (prior, start, end) -> changed(cache, key, prior, value, start, end),
        (e, start, end) -> undecided(e, cache, key, value, start, end));
  }

  private void changed(LoadCache cache, int key, String prior, long value, long start, long end) {
    note(FOUND, cache, key, value(prior), start, end);
    note(WRITE, cache, key, value, start, end);
  }

  /** A full Redis leaves the key of the value that it refuses absent; else anything may be. */
  private void unknown(
      CacheException failure, LoadCache cache, int key, long value, long start, long end) {
    unknown(unknown(failure), failure, cache, key, value, start, end);
  }

  /** The same for an operation that reads first. */
  private void undecided(
      CacheException failure, LoadCache cache, int key, long value, long start, long end) {
    unknown(undecided(failure), failure, cache, key, value, start, end);
  }

  private void unknown(
      Event.Kind kind,
      CacheException failure,
      LoadCache cache,
      int key,
      long value,
      long start,
      long end) {
    if (failure instanceof RedisRefusedException
        && String.valueOf(failure.getMessage()).contains("full")) {
      note(WRITE, cache, key, ABSENT, start, end);
    } else {
      note(kind, cache, key, value, start, end);
    }
  }

  /**
   * What got no answer may have been the read, or of many keys the replay of one: then nothing was
   * written, or is to be removed.
   */
  private static Event.Kind undecided(Throwable failure) {
    Event.Kind kind = unknown(failure);
    return kind == UNANSWERED ? UNREACHED : kind;
  }

  private static Event.Kind unknown(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof StoreUnavailableException)) {
      cause = cause.getCause();
    }
    if (cause == null) {
      return MAYBE;
    }
    return cause instanceof RedisTimedOutException ? UNANSWERED : UNREACHED;
  }
}
