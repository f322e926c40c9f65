package io.larder.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.redisson.client.RedisConnection;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.connection.MasterSlaveEntry;

/**
 * Connections of a client's pool that are asked for and kept, as many as it gives, until this is
 * closed. (Commands need few at once: a small pool takes a connection back before it is answered.)
 */
public final class TakenConnections implements AutoCloseable {

  private final MasterSlaveEntry master;
  private final List<CompletableFuture<RedisConnection>> asked = new ArrayList<>();

  /** Asks a client of one server for that many. */
  public TakenConnections(RedisClient client, int count) {
    master = client.masters().iterator().next();
    for (int i = 0; i < count; i++) {
      asked.add(master.connectionWriteOp(RedisCommands.PING));
    }
  }

  /** How many it has given until now. */
  public int count() {
    return (int) asked.stream().filter(CompletableFuture::isDone).count();
  }

  @Override
  public void close() {
    asked.forEach(connection -> connection.thenAccept(master::releaseWrite));
  }
}
