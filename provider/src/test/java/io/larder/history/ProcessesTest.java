package io.larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What near caches of three processes over one Redis promise each other. */
final class ProcessesTest {

  private static final AtomicInteger CACHES = new AtomicInteger();
  private static final String CHANGED = "changed";
  private static final int READS_AFTER_CHANGE = 20;

  private static RedisServer redis;
  private static String namespace;
  private static List<Peer> peers;

  private String cache;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
    namespace = RedisServer.newNamespace();
    peers = List.of(Peer.child("one"), Peer.child("two"), Peer.here());
    openManagers();
    openAll("open " + CHANGED);
  }

  @AfterAll
  static void stop() {
    peers.forEach(Peer::close);
    redis.close();
  }

  @BeforeEach
  void newCache() {
    cache = "c" + CACHES.incrementAndGet();
  }

  @ParameterizedTest
  @EnumSource(PeerWork.Change.class)
  void whatAChangeLeftIsWhatAllAnswer(PeerWork.Change change) {
    cache = CHANGED;
    Peer changer = peers.get(change.ordinal() % peers.size());
    changer.ask("do " + cache + " PUT k old");
    peers.forEach(peer -> awaitNear(peer, "k"));

    changer.ask("do " + cache + " " + change + " k new");

    String left = change.removes() ? "-" : "new";
    assertThat(get(changer, "k")).isEqualTo(left);
    awaitAllAnswer("k", left);
  }

  @Test
  void nearEntryEndsWithTheOneInRedis() {
    openAll("openFor " + cache + " 300");
    for (int i = 0; i < 5; i++) {
      await("k is near everywhere", () -> {
        peers.get(0).ask("do " + cache + " PUT k v");
        return peers.stream()
            .allMatch(peer -> IntStream.range(0, 2).anyMatch(read -> isNear(peer, "k")));
      });

      await("k is gone from Redis", () -> !existsInRedis("k"));

      peers.forEach(peer -> assertThat(get(peer, "k")).isEqualTo("-"));
    }
  }

  /**
   * The key is not read until near caches are read again and its bucket's later messages have come:
   * only the gap in their chain tells of it.
   */
  @Test
  void lostInvalidationsAreNoticed() {
    open();
    Peer writer = peers.get(0);
    writer.ask("do " + cache + " PUT probe v");
    List<String> neighbours = neighboursOf("k", writer);
    for (int i = 0; i < 3; i++) {
      String value = "v" + i;
      writer.ask("do " + cache + " PUT k before");
      peers.forEach(peer -> awaitNear(peer, "k"));

      redis.command("CLIENT", "KILL", "TYPE", "pubsub");
      writer.ask("do " + cache + " PUT k " + value);

      assertThat(get(writer, "k")).isEqualTo(value);
      Runnable others = () -> neighbours.forEach(
          neighbour -> writer.ask("do " + cache + " PUT " + neighbour + " " + value));
      peers.forEach(peer -> await("near is read", () -> {
        others.run();
        return isNear(peer, "probe");
      }));
      awaitAllAnswer("k", value, others);
      peers.forEach(peer -> awaitNear(peer, "k"));
      peers.forEach(peer -> assertThat(get(peer, "k")).isEqualTo(value));
    }
  }

  private static void openManagers() {
    peers.forEach(peer -> peer.ask("manager allowed_classes=io.larder.** redis_url=" + redis.url()
        + " namespace=" + namespace + " operation_timeout_ms=5000"));
  }

  private void open() {
    openAll("open " + cache);
  }

  private static void openAll(String command) {
    peers.forEach(peer -> peer.ask(command));
  }

  private String get(Peer peer, String key) {
    return peer.ask("get " + cache + " " + key);
  }

  private boolean isNear(Peer peer, String key) {
    return peer.ask("readable " + cache + " " + key).equals("true");
  }

  private void awaitNear(Peer peer, String key) {
    await(key + " is near", () -> isNear(peer, key));
  }

  /** Until all processes answer that, and then again. */
  private void awaitAllAnswer(String key, String value) {
    awaitAllAnswer(key, value, () -> {});
  }

  private void awaitAllAnswer(String key, String value, Runnable meanwhile) {
    for (Peer peer : peers) {
      await(key + " is " + value, () -> {
        meanwhile.run();
        return get(peer, key).equals(value);
      });
      for (int i = 0; i < READS_AFTER_CHANGE; i++) {
        assertThat(get(peer, key)).isEqualTo(value);
      }
    }
  }

  private boolean existsInRedis(String key) {
    return !inRedis("??}:*" + key).isEmpty();
  }

  /** Some keys whose messages come in one chain with those of the key. */
  private List<String> neighboursOf(String key, Peer writer) {
    writer.ask("do " + cache + " PUT " + key + " v");
    String bucket = inRedis("??}:*" + key).get(0).replaceAll("(?s).*:(..)}:.*", "$1");
    for (int i = 0; i < 300; i++) {
      writer.ask("do " + cache + " PUT n" + i + " v");
    }
    List<String> names = inRedis(bucket + "}:*n*");
    assertThat(names).isNotEmpty();
    return names.stream().map(name -> name.replaceAll("(?s).*(n\\d+)$", "$1")).toList();
  }

  private List<String> inRedis(String pattern) {
    String all = "larder:{" + namespace + ":" + cache + ":" + pattern;
    return ((List<?>) redis.command("KEYS", all))
        .stream().map(RespConnection::text).toList();
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not after 20 s: " + what).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
