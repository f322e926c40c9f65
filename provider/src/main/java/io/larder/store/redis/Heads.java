package io.larder.store.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * One question for the sequences of all heads of a cache: a pipeline to each master, which also
 * asks for its time.
 *
 * @param together whether one reply holds all heads
 */
record Heads(
    boolean together,
    List<CompletableFuture<Object>> heads,
    List<ServerClock> clocks,
    List<CompletableFuture<Object>> times,
    long sentNanos) {

  /** The sequences, by bucket; fails if a master does not answer. */
  static CompletableFuture<long[]> ask(RedisClient client, Layout layout) {
    boolean together = client.oneServer();
    List<Call> calls = new ArrayList<>();
    if (together) {
      calls.add(
          Call.mget(IntStream.range(0, Layout.BUCKETS).mapToObj(layout::head).toArray()));
    } else {
      IntStream.range(0, Layout.BUCKETS).forEach(i -> calls.add(Call.get(layout.head(i))));
    }
    int count = calls.size();
    List<ServerClock> clocks = new ArrayList<>();
    Set<ServerClock> asked = new HashSet<>();
    for (int bucket = 0; bucket < count; bucket++) {
      ServerClock clock = client.clockOf(layout.head(bucket));
      if (asked.add(clock)) {
        clocks.add(clock);
        calls.add(Call.time(layout.head(bucket)));
      }
    }
    long sent = System.nanoTime();
    List<CompletableFuture<Object>> replies = client.sendAll(calls);
    Heads question = new Heads(
        together, replies.subList(0, count), clocks, replies.subList(count, calls.size()), sent);
    return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
        .thenApply(all -> question.sequences());
  }

  private long[] sequences() {
    for (int i = 0; i < clocks.size(); i++) {
      RedisClient.learnTime(clocks.get(i), sentNanos, times.get(i).join());
    }
    List<?> found = together
        ? (List<?>) heads.get(0).join()
        : heads.stream().map(CompletableFuture::join).toList();
    long[] sequences = new long[Layout.BUCKETS];
    for (int bucket = 0; bucket < Layout.BUCKETS; bucket++) {
      sequences[bucket] = Frame.headSequence((byte[]) found.get(bucket));
    }
    return sequences;
  }
}
