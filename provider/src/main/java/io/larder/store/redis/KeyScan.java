package io.larder.store.redis;

import io.larder.store.Budget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.connection.MasterSlaveEntry;

/** A walk with SCAN over the names of a cache's entries on every master, page by page. */
final class KeyScan {

  private static final RedisCommand<Object> SCAN = new RedisCommand<>("SCAN");
  private static final byte[] START = {'0'};
  private static final int NAMES_PER_STEP = 1000;

  private final RedisClient client;
  private final Caller caller;
  private final byte[] pattern;
  private final long timeoutNanos;
  private final Deque<MasterSlaveEntry> masters;
  private byte[] cursor = START;

  KeyScan(RedisClient client, Caller caller, Layout layout, long timeoutNanos) {
    this(client, caller, layout.entryPattern().getBytes(StandardCharsets.US_ASCII), timeoutNanos);
  }

  /** Over the names that match a pattern of Redis. */
  KeyScan(RedisClient client, Caller caller, byte[] pattern, long timeoutNanos) {
    this.client = client;
    this.caller = caller;
    this.pattern = pattern;
    this.timeoutNanos = timeoutNanos;
    this.masters = new ArrayDeque<>(client.masters());
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  /** The next names, perhaps none, perhaps some a second time; null after the last. */
  @Nullable
  List<byte[]> next() {
    MasterSlaveEntry master = masters.peek();
    if (master == null) {
      return null;
    }
    Object reply = caller.await(
        client.send(master, SCAN, cursor, "MATCH", pattern, "COUNT", NAMES_PER_STEP),
        Budget.startingNow(timeoutNanos));
    List<?> parts = (List<?>) Objects.requireNonNull(reply);
    cursor = (byte[]) Objects.requireNonNull(parts.get(0));
    if (new String(cursor, StandardCharsets.US_ASCII).equals("0")) {
      masters.poll();
    }
    return ((List<?>) Objects.requireNonNull(parts.get(1)))
        .stream().map(name -> (byte[]) Objects.requireNonNull(name)).toList();
  }
}
