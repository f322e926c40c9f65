package io.larder.store.redis;

import io.larder.log.Log;
import io.larder.store.Budget;
import io.larder.store.Circuit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.connection.MasterSlaveEntry;

/** Asks whether a client's Redis is there. Thread-safe. */
public final class RedisPing implements Circuit.Server {

  private static final RedisCommand<Object> PING = new RedisCommand<>("PING");

  private final RedisClient client;
  private final Caller caller;

  /** For that client, which stays the caller's. */
  public RedisPing(RedisClient client, Log log) {
    this.client = client;
    this.caller = new Caller(client, log);
  }

  /**
   * Connects if that was never done, and has every master answer.
   *
   * @throws RedisUnavailableException if it cannot be reached
   * @throws RedisTimedOutException if it does not answer within the budget
   */
  @Override
  public void ping(Budget budget) {
    client.ensureConnected(budget);
    List<CompletableFuture<Object>> replies = new ArrayList<>();
    try {
      for (MasterSlaveEntry master : client.masters()) {
        replies.add(client.send(master, PING));
      }
    } catch (RuntimeException e) {
      throw caller.translated(e);
    }
    for (CompletableFuture<Object> reply : replies) {
      try {
        caller.await(reply, budget);
      } catch (RedisRefusedException e) {
        caller.log().debug("PING is refused, so Redis is there", e);
      }
    }
  }

  @Override
  public String awayBecause(@Nullable Throwable failure) {
    return failure instanceof RedisTimedOutException
        ? "Redis at " + client.settings().maskedUrl()
            + " does not answer within operation_timeout_ms"
        : client.unreachableBecause(failure);
  }

  @Override
  public String takesNoChangesBecause(Throwable failure) {
    return "Redis at " + client.settings().maskedUrl() + " answers, and takes no changes"
        + client.reason(failure);
  }

  @Override
  public RedisUnavailableException away(String cacheName, @Nullable Throwable failure) {
    return new RedisUnavailableException(cacheName + ": " + awayBecause(failure), failure);
  }
}
