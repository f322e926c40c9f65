package io.larder.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where Redis is and how to reach it. {@link #toString()} shows no secret.
 *
 * @param addresses {@code redis://host:port} or {@code rediss://host:port}, without user or
 *     password
 * @param maskedUrl the URL that says all this in one form, its secrets masked, for messages
 * @param maxConnections command connections to each master
 * @param connectTimeout bounds opening one connection
 * @param operationTimeout bounds one whole cache operation, retries and waits included
 * @param topology how the addresses stand to each other
 * @param sentinelMaster the master's name among sentinels; present for {@link Topology#SENTINEL}
 */
public record RedisSettings(
    List<String> addresses,
    String maskedUrl,
    int database,
    Optional<String> username,
    Optional<Secret> password,
    TlsSettings tls,
    int maxConnections,
    Duration connectTimeout,
    Duration operationTimeout,
    Topology topology,
    Optional<String> sentinelMaster) {

  public RedisSettings {
    addresses = List.copyOf(addresses);
  }

  /** One server, or for several addresses the nodes of a cluster. */
  public RedisSettings(
      List<String> addresses,
      String maskedUrl,
      int database,
      Optional<String> username,
      Optional<Secret> password,
      TlsSettings tls,
      int maxConnections,
      Duration connectTimeout,
      Duration operationTimeout) {
    this(
        addresses,
        maskedUrl,
        database,
        username,
        password,
        tls,
        maxConnections,
        connectTimeout,
        operationTimeout,
        addresses.size() > 1 ? Topology.CLUSTER : Topology.SINGLE,
        Optional.empty());
  }
}
