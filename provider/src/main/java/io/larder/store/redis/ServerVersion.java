package io.larder.store.redis;

import java.util.Optional;

/** The version that a server tells in its answer to INFO. */
final class ServerVersion {

  private ServerVersion() {}

  /** Valkey also tells the version of Redis that it is compatible with; its own comes first. */
  static Optional<String> in(String info) {
    return line(info, "valkey_version:")
        .map(version -> "valkey " + version)
        .or(() -> line(info, "redis_version:").map(version -> "redis " + version));
  }

  private static Optional<String> line(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst();
  }
}
