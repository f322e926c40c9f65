package io.larder.store.redis;

import io.larder.expiry.Ttl;
import io.larder.store.Budget;
import io.larder.store.SharedStored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries with their heads. One MGET, unless the read moves the deadline or expired entries
 * are kept: then a script decides by Redis' clock.
 */
final class Reads<K, V> {

  private final Layout layout;
  private final RedisClient client;
  private final Caller caller;
  private final EntryReader<V> reader;
  private final Lifetimes lifetimes;

  Reads(
      Layout layout,
      RedisClient client,
      Caller caller,
      EntryReader<V> reader,
      Lifetimes lifetimes) {
    this.layout = layout;
    this.client = client;
    this.caller = caller;
    this.reader = reader;
    this.lifetimes = lifetimes;
  }

  SharedStored<V> get(Keyed<K> key, long accessTtl, Budget budget) {
    byte[] head = layout.head(key.bucket());
    if (plain(accessTtl)) {
      List<?> reply = list(caller.call(Call.mget(head, key.entry()), budget));
      return reader.read(key, bytes(reply.get(0)), bytes(reply.get(1)), EntryReader.NO_TIME);
    }
    Call call = script(List.of(head, key.entry()), accessTtl);
    List<?> reply = list(caller.call(call, budget));
    return reader.read(key, bytes(reply.get(1)), bytes(reply.get(2)), now(reply));
  }

  /** Whether there is a live entry; the value stays in Redis unless its signature is needed. */
  boolean contains(Keyed<K> key, Budget budget) {
    List<byte[]> names = List.of(layout.head(key.bucket()), key.entry());
    if (reader.checksSignatures()) {
      List<?> reply = list(caller.call(script(names, Ttl.KEEP), budget));
      return reader.contains(key, bytes(reply.get(1)), bytes(reply.get(2)), now(reply));
    }
    Call call = Call.eval(Script.CONTAINS, names);
    return Long.valueOf(1).equals(caller.call(call, budget));
  }

  /** An answer for each key, in one pipelined trip to each master. */
  Map<K, SharedStored<V>> getAll(Collection<Keyed<K>> keys, long accessTtl, Budget budget) {
    Map<K, SharedStored<V>> found = new LinkedHashMap<>();
    if (keys.isEmpty()) {
      return found;
    }
    Map<Integer, List<Keyed<K>>> buckets = new LinkedHashMap<>();
    keys.forEach(
        key -> buckets.computeIfAbsent(key.bucket(), b -> new ArrayList<>()).add(key));
    boolean plain = plain(accessTtl);
    if (plain && client.oneServer()) {
      readTogether(buckets, found, budget);
      return found;
    }
    List<Call> calls = new ArrayList<>(buckets.size());
    buckets.forEach((bucket, members) -> {
      List<byte[]> names = names(bucket, members);
      calls.add(plain ? Call.mget(names.toArray()) : script(names, accessTtl));
    });
    List<@Nullable Object> replies = caller.callAll(calls, budget);
    int i = 0;
    for (List<Keyed<K>> members : buckets.values()) {
      List<?> reply = list(replies.get(i++));
      long now = plain ? EntryReader.NO_TIME : now(reply);
      take(plain ? reply : reply.subList(1, reply.size()), members, now, found);
    }
    return found;
  }

  /** One MGET over all buckets, which a single server allows. */
  private void readTogether(
      Map<Integer, List<Keyed<K>>> buckets, Map<K, SharedStored<V>> found, Budget budget) {
    List<byte[]> names = new ArrayList<>();
    buckets.forEach((bucket, members) -> names.addAll(names(bucket, members)));
    List<?> reply = list(caller.call(Call.mget(names.toArray()), budget));
    int start = 0;
    for (List<Keyed<K>> members : buckets.values()) {
      int end = start + members.size() + 1;
      take(reply.subList(start, end), members, EntryReader.NO_TIME, found);
      start = end;
    }
  }

  private List<byte[]> names(int bucket, List<Keyed<K>> members) {
    List<byte[]> names = new ArrayList<>(members.size() + 1);
    names.add(layout.head(bucket));
    members.forEach(key -> names.add(key.entry()));
    return names;
  }

  private void take(
      List<?> headAndFrames, List<Keyed<K>> members, long now, Map<K, SharedStored<V>> found) {
    byte @Nullable [] head = bytes(headAndFrames.get(0));
    for (int i = 0; i < members.size(); i++) {
      Keyed<K> key = members.get(i);
      found.put(key.key(), reader.read(key, head, bytes(headAndFrames.get(i + 1)), now));
    }
  }

  private boolean plain(long accessTtl) {
    return accessTtl == Ttl.KEEP && lifetimes.grace() == 0;
  }

  private Call script(List<byte[]> keys, long accessTtl) {
    return Call.eval(
        Script.READ,
        keys,
        Lifetimes.millis(accessTtl),
        lifetimes.bound(),
        lifetimes.grace(),
        layout.channel());
  }

  private static List<?> list(@Nullable Object reply) {
    return (List<?>) Objects.requireNonNull(reply);
  }

  private static byte @Nullable [] bytes(@Nullable Object part) {
    return (byte[]) part;
  }

  private static long now(List<?> reply) {
    return Frame.number((byte[]) Objects.requireNonNull(reply.get(0)), 0);
  }
}
