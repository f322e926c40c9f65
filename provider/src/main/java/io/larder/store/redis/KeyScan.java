package io.larder.store.redis;

import io.larder.store.Budget;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.connection.MasterSlaveEntry;

/**
 * A walk with SCAN over the names of a cache's entries on every master, page by page. A server that
 * becomes master meanwhile is walked over from its start, since a cursor means nothing to it.
 */
final class KeyScan {

  private static final RedisCommand<Object> SCAN = new RedisCommand<>("SCAN");
  private static final byte[] START = {'0'};
  private static final int NAMES_PER_STEP = 1000;

  private final RedisClient client;
  private final Caller caller;
  private final byte[] pattern;
  private final long timeoutNanos;
  private final Set<Object> done = new HashSet<>();
  private @Nullable Object server;
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
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  /** {@link #next(Budget)} within a timeout of its own. */
  @Nullable
  List<byte[]> next() {
    return next(Budget.startingNow(timeoutNanos));
  }

  /** The next names, perhaps none, perhaps some a second time; null after the last. */
  @Nullable
  List<byte[]> next(Budget budget) {
    MasterSlaveEntry master = master();
    if (master == null) {
      return null;
    }
    Object reply = caller.await(
        client.send(master, SCAN, cursor, "MATCH", pattern, "COUNT", NAMES_PER_STEP), budget);
    List<?> parts = (List<?>) Objects.requireNonNull(reply);
    cursor = (byte[]) Objects.requireNonNull(parts.get(0));
    if (new String(cursor, StandardCharsets.US_ASCII).equals("0")) {
      done.add(Objects.requireNonNull(server));
    }
    return ((List<?>) Objects.requireNonNull(parts.get(1)))
        .stream().map(name -> (byte[]) Objects.requireNonNull(name)).toList();
  }

  /** The one that is being walked over, or else one that has not been; null if there is none. */
  private @Nullable MasterSlaveEntry master() {
    MasterSlaveEntry next = null;
    for (MasterSlaveEntry master : client.masters()) {
      if (!done.contains(master.getClient())) {
        if (master.getClient() == server) {
          return master;
        }
        next = master;
      }
    }
    if (next != null) {
      server = next.getClient();
      cursor = START;
    }
    return next;
  }
}
