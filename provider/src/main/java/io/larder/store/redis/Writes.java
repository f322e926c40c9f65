package io.larder.store.redis;

import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.Condition;
import io.larder.store.Outcome;
import io.larder.store.SharedStored;
import io.larder.store.SharedWrite;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes: one script a bucket, which decides by Redis' clock.
 *
 * <p><b>The path of a write.</b> It carries the time at which its caller will have given up, so
 * that it cannot land over something newer later: see {@link TimelyCaller}. Everything else about
 * the outcome comes from the script's one reply.
 */
final class Writes<K, V> {

  private static final int CHANGES_PER_SCRIPT = 1000;
  private static final int FIRST_RESULT = 1 + 4 * 16;
  private static final int RESULT = 1 + 16;
  private static final byte[] NOTHING = new byte[0];

  /** Stands for a value that Redis had no room for. */
  private static final SharedWrite FULL = new SharedWrite(Outcome.REFUSED, 0, 0, 0);

  private final Layout layout;
  private final TimelyCaller caller;
  private final EntryBytes<V> values;
  private final Lifetimes lifetimes;
  private final Complaints complaints;
  private final Object[] constants;

  Writes(
      Layout layout,
      TimelyCaller caller,
      EntryBytes<V> values,
      Lifetimes lifetimes,
      Complaints complaints) {
    this.layout = layout;
    this.caller = caller;
    this.values = values;
    this.lifetimes = lifetimes;
    this.complaints = complaints;
    constants =
        new Object[] {NOTHING, ascii(layout.channel()), ascii(Long.toString(lifetimes.bound()))};
  }

  /** A change and the names its key has. */
  record Planned<K, V>(Keyed<K> key, Change<K, V> change) {}

  SharedWrite write(Planned<K, V> planned, Budget budget) {
    return result(bytes(caller.call(script(List.of(planned)), budget)), 0, true);
  }

  /** All changes, in order per key; a second trip only for more than a thousand to one bucket. */
  List<SharedWrite> writeAll(List<Planned<K, V>> changes, Budget budget) {
    @Nullable SharedWrite[] results = new SharedWrite[changes.size()];
    Map<Integer, List<Integer>> buckets = new LinkedHashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      buckets
          .computeIfAbsent(changes.get(i).key().bucket(), bucket -> new ArrayList<>())
          .add(i);
    }
    boolean full = false;
    for (int from = 0; !buckets.isEmpty(); from += CHANGES_PER_SCRIPT) {
      List<List<Integer>> round = new ArrayList<>();
      for (List<Integer> members : buckets.values()) {
        round.add(members.subList(from, Math.min(members.size(), from + CHANGES_PER_SCRIPT)));
      }
      full |= writeRound(changes, round, results, budget);
      int done = from + CHANGES_PER_SCRIPT;
      buckets.values().removeIf(members -> members.size() <= done);
    }
    if (full) {
      throw caller
          .caller()
          .refused("it is full, and the keys of refused values are absent now", null);
    }
    return List.of(results);
  }

  /**
   * The new sequence of each bucket.
   *
   * @param first goes ahead of the clear in the same pipeline
   */
  long[] clear(Call first, Budget budget) {
    List<Call> calls = new ArrayList<>(Layout.BUCKETS);
    for (int bucket = 0; bucket < Layout.BUCKETS; bucket++) {
      byte[] head = layout.head(bucket);
      calls.add(Call.eval(Script.CLEAR, List.of(head), NOTHING, layout.channel()));
    }
    List<Object> replies = caller.callAll(List.of(first), calls, budget);
    long[] sequences = new long[Layout.BUCKETS];
    for (int bucket = 0; bucket < Layout.BUCKETS; bucket++) {
      sequences[bucket] = Frame.number(bytes(replies.get(bucket)), 17);
    }
    return sequences;
  }

  void touch(Keyed<K> key, SharedStored<V> stored, long ttl, Budget budget) {
    String version = Frame.version(stored.generation(), stored.sequence());
    List<byte[]> names = List.of(layout.head(key.bucket()), key.entry());
    caller
        .caller()
        .call(
            Call.eval(
                Script.TOUCH,
                names,
                version,
                Lifetimes.millis(ttl),
                lifetimes.bound(),
                lifetimes.grace(),
                layout.channel()),
            budget);
  }

  private boolean writeRound(
      List<Planned<K, V>> changes,
      List<List<Integer>> round,
      @Nullable SharedWrite[] results,
      Budget budget) {
    List<Call> calls = new ArrayList<>(round.size());
    for (List<Integer> members : round) {
      calls.add(script(members.stream().map(changes::get).toList()));
    }
    List<Object> replies = caller.callAll(List.of(), calls, budget);
    boolean full = false;
    for (int i = 0; i < round.size(); i++) {
      for (int j = 0; j < round.get(i).size(); j++) {
        SharedWrite result = result(bytes(replies.get(i)), j, false);
        full |= result == FULL;
        results[round.get(i).get(j)] = result;
      }
    }
    return full;
  }

  private Call script(List<Planned<K, V>> changes) {
    int bucket = changes.get(0).key().bucket();
    List<byte[]> names = new ArrayList<>(changes.size() + 1);
    names.add(layout.head(bucket));
    Object[] arguments = new Object[constants.length + 1 + 5 * changes.size()];
    System.arraycopy(constants, 0, arguments, 0, constants.length);
    int at = constants.length;
    arguments[at++] = lifetimes.grace();
    for (Planned<K, V> planned : changes) {
      Change<K, V> change = planned.change();
      names.add(planned.key().entry());
      V value = change.value();
      arguments[at++] = operation(change);
      arguments[at++] = Lifetimes.millis(change.creationTtl());
      arguments[at++] = Lifetimes.millis(change.updateTtl());
      arguments[at++] = expected(change);
      arguments[at++] = value == null ? NOTHING : payload(planned.key(), value);
    }
    return Call.eval(Script.WRITE, names, arguments);
  }

  private Call.Payload payload(Keyed<K> key, V value) {
    return new Call.Payload(values.encode(key.entry(), value));
  }

  private String operation(Change<K, V> change) {
    return condition(change) + (change.value() == null ? "-" : "=");
  }

  private char condition(Change<K, V> change) {
    return switch (change.condition()) {
      case ALWAYS -> 'A';
      case IF_ABSENT -> 'N';
      case IF_PRESENT -> 'P';
      case IF_UNTOUCHED -> 'U';
      case IF_CLAIMED -> 'C';
      case IF_SAME -> {
        SharedStored<V> prior = prior(change);
        if (prior.value() != null) {
          yield prior.expired() ? 'E' : 'S';
        }
        yield prior.sequence() == 0 ? 'N' : 'D';
      }
    };
  }

  /** The version or the head that the script compares. */
  private String expected(Change<K, V> change) {
    if (change.condition() == Condition.IF_ABSENT) {
      return complaints.unreadableVersion(change.key());
    } else if (change.condition() == Condition.IF_CLAIMED) {
      return change.prior() instanceof RedisClaim<V> claim ? claim.placeholder() : "another's";
    } else if (change.prior() == null) {
      return "";
    }
    SharedStored<V> prior = prior(change);
    String version =
        prior.sequence() == 0 ? "" : Frame.version(prior.generation(), prior.sequence());
    if (change.condition() == Condition.IF_SAME) {
      return version;
    }
    return prior.headSequence() == 0
        ? version
        : Frame.version(prior.generation(), prior.headSequence()) + version;
  }

  private SharedStored<V> prior(Change<K, V> change) {
    if (change.prior() instanceof SharedStored<V> prior) {
      return prior;
    }
    throw new IllegalArgumentException("not read from a shared store: " + change.prior());
  }

  private SharedWrite result(byte[] reply, int index, boolean throwing) {
    int at = FIRST_RESULT + index * RESULT;
    Outcome outcome = switch (reply[at]) {
      case 'C' -> Outcome.CREATED;
      case 'U' -> Outcome.UPDATED;
      case 'X' -> Outcome.REMOVED;
      case 'N' -> Outcome.NOTHING;
      case 'F' -> Outcome.REFUSED;
      case 'O' -> null;
      default -> throw unexpected(reply);
    };
    if (outcome == null) {
      if (throwing) {
        throw caller.caller().refused("it is full, and the key is absent now", null);
      }
      return FULL;
    }
    boolean refused = outcome == Outcome.REFUSED;
    long deadline = Frame.number(reply, at + 1);
    return new SharedWrite(
        outcome,
        Frame.number(reply, refused ? 33 : 17),
        Frame.number(reply, 1),
        deadline == 0 ? Long.MAX_VALUE : deadline);
  }

  private CacheException unexpected(byte[] reply) {
    return caller
        .caller()
        .refused("unexpected reply " + new String(reply, StandardCharsets.ISO_8859_1), null);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(Object reply) {
    return (byte[]) reply;
  }
}
