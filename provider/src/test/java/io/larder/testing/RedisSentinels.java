package io.larder.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A real master with a replica and three sentinels for tests, processes of this machine. It ends
 * with {@link #close}.
 */
public final class RedisSentinels implements AutoCloseable {

  /** The master's name. */
  public static final String MASTER = "mymaster";

  private static final int SENTINELS = 3;
  /** A sentinel that finds that its machine stood still does nothing for 30 s. */
  private static final long PATIENCE_SECONDS = 90;

  private final List<RedisServer> servers = new ArrayList<>();
  private final List<RedisServer> sentinels = new ArrayList<>();
  private final String password;
  private final @Nullable ServerTls tls;

  private RedisSentinels(String password, @Nullable ServerTls tls) {
    this.password = password;
    this.tls = tls;
  }

  /**
   * Starts them.
   *
   * @param password what servers and sentinels want; empty for none
   */
  public static RedisSentinels start(Path folder, String password) {
    return start(folder, password, null);
  }

  /** Starts them, with TLS between all of them and clients; this test asks in plain text. */
  public static RedisSentinels start(Path folder, String password, @Nullable ServerTls tls) {
    RedisSentinels all = new RedisSentinels(password, tls);
    try {
      all.startServers();
      for (int i = 0; i < SENTINELS; i++) {
        all.startSentinel(folder.resolve("sentinel-" + i + ".conf"));
      }
      all.await("sentinels know each other and the replica", all::isWhole);
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** A URL with all sentinels. */
  public String url() {
    return sentinels.stream()
        .map(sentinel -> "127.0.0.1:" + sentinel.safestPort())
        .collect(Collectors.joining(
            ",",
            (tls == null ? "redis://" : "rediss://")
                + (password.isEmpty() ? "" : ":" + password + "@"),
            "?sentinel_master=" + MASTER));
  }

  /** Whom the sentinels now name. */
  public RedisServer master() {
    List<?> address =
        (List<?>) ask(sentinels.get(0), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER);
    int port = Integer.parseInt(RespConnection.text(address.get(1)));
    return servers.stream()
        .filter(server -> server.safestPort() == port)
        .findFirst()
        .orElseThrow();
  }

  /** Who is not the master that the sentinels now name. */
  public RedisServer replica() {
    RedisServer master = master();
    return servers.stream().filter(server -> server != master).findFirst().orElseThrow();
  }

  /** For how long the master has to be silent until it is replaced. */
  public void replaceAfter(long millis) {
    for (RedisServer sentinel : sentinels) {
      ask(sentinel, "SENTINEL", "SET", MASTER, "down-after-milliseconds", millis);
    }
  }

  /** Waits until another than the lost one is named and serves. */
  public void awaitFailedOver(RedisServer lost) {
    await("another is master", () -> {
      RedisServer master = master();
      return master != lost
          && RespConnection.text(ask(master, "INFO", "replication")).contains("role:master");
    });
  }

  @Override
  public void close() {
    sentinels.forEach(RedisServer::close);
    servers.forEach(RedisServer::close);
  }

  private void startServers() {
    List<String> options = new ArrayList<>(List.of("--repl-diskless-sync-delay", "0"));
    if (!password.isEmpty()) {
      options.addAll(List.of("--requirepass", password, "--masterauth", password));
    }
    servers.add(startServer(options));
    options.addAll(List.of("--replicaof", "127.0.0.1 " + servers.get(0).safestPort()));
    servers.add(startServer(options));
  }

  private RedisServer startServer(List<String> options) {
    return RedisServer.startInstalled(tls, options.toArray(String[]::new));
  }

  private void startSentinel(Path file) {
    String auth = password.isEmpty()
        ? ""
        : "requirepass %s%nsentinel auth-pass %s %s%n".formatted(password, MASTER, password);
    String text =
        "sentinel monitor %s 127.0.0.1 %d 2%n".formatted(MASTER, servers.get(0).safestPort())
            + "sentinel down-after-milliseconds %s 500%n".formatted(MASTER)
            + "sentinel failover-timeout %s 3000%n".formatted(MASTER)
            + auth;
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sentinels.add(RedisServer.startSentinel(tls, file));
  }

  private boolean isWhole() {
    return sentinels.stream().allMatch(sentinel -> {
      String state = RespConnection.text(ask(sentinel, "INFO", "sentinel"));
      return state.contains("status=ok,") && state.contains("slaves=1,sentinels=" + SENTINELS);
    });
  }

  private Object ask(RedisServer server, Object... command) {
    try (RespConnection connection = server.connect()) {
      if (!password.isEmpty()) {
        connection.command("AUTH", password);
      }
      return connection.command(command);
    }
  }

  private void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds(condition)) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("not within " + PATIENCE_SECONDS + " s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static boolean holds(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (IllegalStateException | UncheckedIOException e) {
      return false;
    }
  }
}
