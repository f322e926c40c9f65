package io.larder.store.redis;

import io.larder.codec.KeyCodec;
import io.larder.codec.UndecodableException;
import io.larder.codec.ValueCodec;
import io.larder.config.LogLevel;
import io.larder.config.RedisSettings;
import io.larder.config.TlsSettings;
import io.larder.log.Log;
import io.larder.stats.TierCounters;
import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Stores of texts over a real Redis, in a namespace of their own. */
final class RedisFixture implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofSeconds(5);

  final RedisServer server;
  final RedisClients clients = new RedisClients();
  final RedisClient client;
  final TierCounters counters = new TierCounters();
  final String namespace = RedisServer.newNamespace();

  RedisFixture(RedisServer server) {
    this.server = server;
    client = clients.acquire(settings(server, TIMEOUT));
  }

  RedisFixture(RedisCluster cluster) {
    this.server = cluster.asServer();
    client = clients.acquire(settings(cluster, TIMEOUT));
  }

  static RedisSettings settings(RedisServer server, Duration operationTimeout) {
    return settings("redis://" + server.host() + ":" + server.port(), operationTimeout);
  }

  /** By the addresses of all nodes. */
  static RedisSettings settings(RedisCluster cluster, Duration operationTimeout) {
    return settings(
        cluster.nodes().stream().map(node -> "redis://127.0.0.1:" + node.port()).toList(),
        operationTimeout);
  }

  static RedisSettings settings(String address, Duration operationTimeout) {
    return settings(List.of(address), operationTimeout);
  }

  private static RedisSettings settings(List<String> addresses, Duration operationTimeout) {
    return new RedisSettings(
        addresses,
        String.join(",", addresses).replaceFirst("//", "//user:***@"),
        0,
        Optional.empty(),
        Optional.empty(),
        new TlsSettings(false, Optional.empty(), Optional.empty(), Optional.empty(), true),
        5,
        Duration.ofSeconds(2),
        operationTimeout);
  }

  RedisStore<String, String> store() {
    return store(client, Duration.ZERO, Duration.ZERO);
  }

  RedisStore<String, String> store(Duration bound, Duration grace) {
    return store(client, bound, grace);
  }

  RedisStore<String, String> store(RedisClient over, Duration bound, Duration grace) {
    RedisStoreSpec spec = new RedisStoreSpec(
        namespace, "things", bound, () -> grace, TIMEOUT, Log.of("things", LogLevel.DEBUG));
    return new RedisStore<>(over, spec, new TextKeys(), new TextValues(), counters);
  }

  Layout layout() {
    return new Layout(namespace, "things");
  }

  byte[] entryName(String key) {
    byte[] encoded = key.getBytes(StandardCharsets.UTF_8);
    return layout().entry(Layout.bucketOf(encoded), encoded);
  }

  byte[] headName(String key) {
    return layout().head(Layout.bucketOf(key.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns when that time has passed on the server's clock too. */
  static void pass(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }

  @Override
  public void close() {
    clients.close();
  }

  static final class TextKeys implements KeyCodec<String> {

    @Override
    public byte[] encode(String key) {
      return key.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] encoded) throws UndecodableException {
      String key = new String(encoded, StandardCharsets.UTF_8);
      if (key.startsWith("unknown")) {
        throw new UndecodableException("a key of another version");
      }
      return key;
    }
  }

  static final class TextValues implements ValueCodec<String> {

    @Override
    public byte[] encode(String value) {
      return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes, int offset) throws UndecodableException {
      String value = new String(bytes, offset, bytes.length - offset, StandardCharsets.UTF_8);
      if (value.startsWith("unknown")) {
        throw new UndecodableException("a value of another version");
      }
      return value;
    }
  }
}
