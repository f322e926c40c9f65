package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.SharedStore.Invalidations;
import io.larder.store.SharedWrite;
import io.larder.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a listener hears. */
final class InvalidationTest {

  private static final long LONG = 600_000;

  private static RedisServer server;
  private final Budget budget = Budget.each(TimeUnit.SECONDS.toNanos(5));
  private RedisFixture fixture;
  private RedisStore<String, String> writer;
  private RedisStore<String, String> hearer;
  private final Heard heard = new Heard();

  @BeforeAll
  static void startServer() {
    server = RedisServer.startOwn();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() throws Exception {
    fixture = new RedisFixture(server);
    writer = fixture.store();
    hearer = fixture.store();
    hearer.listen(heard);
    assertThat(heard.next()).isEqualTo("up");
  }

  @AfterEach
  void close() {
    writer.close();
    hearer.close();
    fixture.close();
  }

  @Test
  void writesAreToldInOrder() throws Exception {
    long last = 0;
    for (int i = 0; i < 100; i++) {
      SharedWrite written = writer.writeShared(Change.put("a", "" + i, LONG, LONG), budget);
      assertThat(heard.next()).isEqualTo(changed("a", last, written.sequence(), List.of("a")));
      last = written.sequence();
    }
    SharedWrite removed = writer.writeShared(Change.remove("a"), budget);
    assertThat(heard.next()).isEqualTo(changed("a", last, removed.sequence(), List.of("a")));
    SharedWrite again = writer.writeShared(Change.remove("a"), budget);
    assertThat(heard.next())
        .isEqualTo(changed("a", removed.sequence(), again.sequence(), List.of("a")));
  }

  @Test
  void aRefusalIsNotTold() throws Exception {
    SharedWrite first = writer.writeShared(Change.put("a", "1", LONG, LONG), budget);
    heard.next();
    writer.write(Change.replace("a", writer.getFresh("x", budget), "2", LONG), budget);
    SharedWrite next = writer.writeShared(Change.put("a", "3", LONG, LONG), budget);
    assertThat(heard.next())
        .isEqualTo(changed("a", first.sequence(), next.sequence(), List.of("a")));
  }

  @Test
  void severalKeysOfABucketAreOneMessage() throws Exception {
    List<String> keys = keysOfOneBucket(3);
    List<SharedWrite> written = writer.writeAllShared(
        keys.stream().map(key -> Change.put(key, "ü", LONG, LONG)).toList(), budget);
    assertThat(heard.next()).isEqualTo(changed(keys.get(0), 0, written.get(2).sequence(), keys));
  }

  @Test
  void clearIsToldToEachBucket() throws Exception {
    long[] sequences = writer.clearShared(budget);
    Set<String> expected = new TreeSet<>();
    Set<String> told = new TreeSet<>();
    for (int bucket = 0; bucket < 64; bucket++) {
      expected.add(bucket + " 0 " + sequences[bucket] + " null");
      told.add(heard.next());
    }
    assertThat(told).isEqualTo(expected);
  }

  @Test
  void anEarlierDeadlineIsNewsALaterOneIsNot() throws Exception {
    SharedWrite first = writer.writeShared(Change.put("a", "1", LONG, LONG), budget);
    heard.next();
    writer.touch("a", writer.getFresh("a", budget), 2 * LONG, budget);
    writer.touch("a", writer.getFresh("a", budget), LONG, budget);
    String told = heard.next();
    long sequence = writer.heads().toCompletableFuture().get()[writer.bucketOf("a")];
    assertThat(told).isEqualTo(changed("a", first.sequence(), sequence, List.of("a")));
    assertThat(writer.getFresh("a", budget).sequence()).isEqualTo(first.sequence());
    assertThat(writer.write(Change.put("b", "end", LONG, LONG), budget)).isNotNull();
    assertThat(heard.next()).contains("[b]");
  }

  @Test
  void messagesThatAreNotUnderstoodAreLosses() throws Exception {
    for (String message : List.of("", "nonsense", "W99" + "0".repeat(32), "X07" + "0".repeat(32))) {
      server.command("PUBLISH", fixture.layout().channel(), message);
      assertThat(heard.next()).isEqualTo("lost -1");
    }
    String numbers = "0".repeat(32);
    for (String message : List.of(
        "W07" + "z".repeat(32),
        "W07" + numbers + "00000009a",
        "W07" + numbers + "0000",
        "W07" + numbers + "-0000001",
        "W07" + numbers + "00000007unknown")) {
      server.command("PUBLISH", fixture.layout().channel(), message);
      assertThat(heard.next()).isEqualTo("lost 7");
    }
  }

  @Test
  void aLostConnectionIsToldBeforeItsReturn() throws Exception {
    server.command("CLIENT", "KILL", "TYPE", "pubsub");
    assertThat(heard.next()).isEqualTo("down");
    assertThat(heard.next()).isEqualTo("up");
    aWriteIsHeardOrTheConnectionIsToldToBeLost("1");
  }

  /** A connection may come back twice; what is written before the second time may be missed. */
  private void aWriteIsHeardOrTheConnectionIsToldToBeLost(String value) throws Exception {
    long last = 0;
    while (true) {
      SharedWrite written =
          eventually(() -> writer.writeShared(Change.put("a", value, LONG, LONG), budget));
      String next = heard.next();
      if (!next.equals("down")) {
        assertThat(next).isEqualTo(changed("a", last, written.sequence(), List.of("a")));
        return;
      }
      assertThat(heard.next()).isEqualTo("up");
      last = written.sequence();
    }
  }

  @Test
  void aRestartedServerIsHeardAgain() throws Exception {
    writer.write(Change.put("a", "1", LONG, LONG), budget);
    heard.next();
    server.kill();
    assertThat(heard.next()).isEqualTo("down");
    server.startAgain();
    assertThat(heard.next()).isEqualTo("up");
    aWriteIsHeardOrTheConnectionIsToldToBeLost("2");
    assertThat(writer.getFresh("a", budget).value()).isEqualTo("2");
  }

  @Test
  void aSecondListenerOnTheSameConnectionHearsToo() throws Exception {
    RedisStore<String, String> third = fixture.store();
    Heard also = new Heard();
    third.listen(also);
    assertThat(also.next()).isEqualTo("up");
    writer.write(Change.put("a", "1", LONG, LONG), budget);
    assertThat(also.next()).isEqualTo(heard.next());
    third.close();
    writer.write(Change.put("a", "2", LONG, LONG), budget);
    assertThat(heard.next()).contains("[a]");
    server.command("CLIENT", "KILL", "TYPE", "pubsub");
    assertThat(heard.next()).isEqualTo("down");
    assertThat(heard.next()).isEqualTo("up");
    assertThat(also.all).isEmpty();
  }

  @Test
  void withoutAListenerNothingIsSubscribed() {
    try (RedisFixture other = new RedisFixture(server)) {
      RedisStore<String, String> quiet = other.store();
      quiet.write(Change.put("a", "1", LONG, LONG), budget);
      assertThat((List<?>) server.command("PUBSUB", "CHANNELS", "larder:{" + other.namespace + "*"))
          .isEmpty();
    }
  }

  private interface Attempt<T> {
    T make();
  }

  /** After a restart, until the client has reconnected. */
  private static <T> T eventually(Attempt<T> attempt) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        return attempt.make();
      } catch (RedisUnavailableException | RedisTimedOutException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        RedisFixture.pass(20);
      }
    }
  }

  private List<String> keysOfOneBucket(int count) {
    return java.util.stream.IntStream.range(0, 10_000)
        .mapToObj(i -> "ü" + i)
        .filter(key -> Layout.bucketOf(key.getBytes(StandardCharsets.UTF_8)) == 7)
        .limit(count)
        .toList();
  }

  private String changed(String key, long previous, long sequence, List<String> keys) {
    return writer.bucketOf(key) + " " + previous + " " + sequence + " " + keys;
  }

  private static final class Heard implements Invalidations<String> {

    final BlockingQueue<String> all = new LinkedBlockingQueue<>();

    String next() throws InterruptedException {
      String next = all.poll(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);
      return next == null ? "nothing" : next;
    }

    @Override
    public void changed(int bucket, long previous, long sequence, @Nullable List<String> keys) {
      all.add(bucket + " " + previous + " " + sequence + " " + keys);
    }

    @Override
    public void lost(int bucket) {
      all.add("lost " + bucket);
    }

    @Override
    public void up() {
      all.add("up");
    }

    @Override
    public void down() {
      all.add("down");
    }
  }
}
