package io.larder.store.redis;

import io.larder.config.RedisSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The clients of one caching provider: one for each distinct {@link RedisSettings}, shared by
 * reference count. Thread-safe.
 *
 * <p>A {@link RedisClient} owns its connections and all its threads; the caching provider owns this
 * object. A client ends when its last user closes it, or with this object. Nothing here outlives
 * the caching provider, and no thread keeps the JVM alive.
 */
public final class RedisClients implements AutoCloseable {

  private final Map<RedisSettings, Shared> clients = new HashMap<>();
  private boolean closed;

  private static final class Shared {
    final RedisClient client;
    int users;

    Shared(RedisClient client) {
      this.client = client;
    }
  }

  /** Without clients yet. */
  public RedisClients() {}

  /**
   * A client that is connected. The caller closes it.
   *
   * @throws RedisUnavailableException if Redis cannot be reached within the connect timeout
   */
  public RedisClient acquire(RedisSettings settings) {
    RedisClient client = acquireLazily(settings);
    try {
      client.connect();
      return client;
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /** A client that connects when it is first used, in the background. The caller closes it. */
  public RedisClient acquireLazily(RedisSettings settings) {
    synchronized (clients) {
      if (closed) {
        throw new IllegalStateException("the caching provider is closed");
      }
      Shared shared = clients.computeIfAbsent(
          settings, key -> new Shared(new RedisClient(key, () -> release(key))));
      shared.users++;
      return shared.client;
    }
  }

  /** Ends all clients, whoever still holds them. */
  @Override
  public void close() {
    List<Shared> all;
    synchronized (clients) {
      closed = true;
      all = new ArrayList<>(clients.values());
      clients.clear();
    }
    all.forEach(shared -> shared.client.shutDown());
  }

  private void release(RedisSettings settings) {
    Shared last;
    synchronized (clients) {
      Shared shared = clients.get(settings);
      if (shared == null || --shared.users > 0) {
        return;
      }
      last = shared;
      clients.remove(settings);
    }
    last.client.shutDown();
  }
}
