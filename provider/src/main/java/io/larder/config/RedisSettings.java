package io.larder.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where Redis is and how to reach it. {@link #toString()} shows no secret.
 *
 * @param addresses {@code redis://host:port} or {@code rediss://host:port}, without user or
 *     password
 * @param maskedUrl the URL as given, its secrets masked, for messages
 * @param maxConnections command connections to each master
 * @param connectTimeout bounds opening one connection
 * @param operationTimeout bounds one whole cache operation, retries and waits included
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
    Duration operationTimeout) {

  public RedisSettings {
    addresses = List.copyOf(addresses);
  }
}
