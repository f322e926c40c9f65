package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.RedisSettings;
import io.larder.config.Secret;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.SharedStore.Invalidations;
import io.larder.testing.RedisServer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A channel whose SUBSCRIBE is refused after a reconnect is up again when Redis allows it. */
final class ResubscribingTest {

  private static final long LONG = 600_000;

  private final Budget budget = Budget.each(TimeUnit.SECONDS.toNanos(5));
  private RedisServer server;
  private RedisFixture fixture;
  private RedisClient limited;

  @BeforeEach
  void open() {
    server = RedisServer.startOwn();
    server.command("ACL", "SETUSER", "larder", "on", ">pw", "~larder:*", "&larder:*", "+@all");
    fixture = new RedisFixture(server);
    limited = fixture.clients.acquire(asLarder());
  }

  @AfterEach
  void close() {
    fixture.close();
    server.close();
  }

  @Test
  void theRightToTheChannelComesBack() throws Exception {
    Hearer hearer = new Hearer();
    assertThat(hearer.next()).isEqualTo("up");
    server.command("ACL", "SETUSER", "larder", "resetchannels");
    assertThat(hearer.next()).isEqualTo("down");
    hearer.staysDown();
    server.command("ACL", "SETUSER", "larder", "&larder:*");
    hearer.hears("1");
    server.command("CLIENT", "KILL", "TYPE", "pubsub");
    assertThat(hearer.next()).isEqualTo("down");
    hearer.hears("2");
  }

  @Test
  void theRightToTheCommandComesBack() throws Exception {
    Hearer hearer = new Hearer();
    assertThat(hearer.next()).isEqualTo("up");
    server.command("ACL", "SETUSER", "larder", "-subscribe");
    server.command("CLIENT", "KILL", "TYPE", "pubsub");
    assertThat(hearer.next()).isEqualTo("down");
    hearer.staysDown();
    server.command("ACL", "SETUSER", "larder", "+subscribe");
    hearer.hears("1");
  }

  /** The client library believes the name subscribed and answers at once. */
  @Test
  void aSecondStoreOfTheChannelIsNotUpWhileRedisRefuses() throws Exception {
    Hearer first = new Hearer();
    assertThat(first.next()).isEqualTo("up");
    server.command("ACL", "SETUSER", "larder", "resetchannels");
    assertThat(first.next()).isEqualTo("down");
    Hearer second = new Hearer();
    first.staysDown();
    assertThat(second.all).isEmpty();
    server.command("ACL", "SETUSER", "larder", "&larder:*");
    first.hears("1");
    second.hears("2");
  }

  @Test
  void whatIsClosedWhileItIsRefusedIsNotSubscribedLater() throws Exception {
    Hearer first = new Hearer();
    Hearer second = new Hearer();
    assertThat(first.next()).isEqualTo("up");
    assertThat(second.next()).isEqualTo("up");
    server.command("ACL", "SETUSER", "larder", "resetchannels");
    assertThat(first.next()).isEqualTo("down");
    assertThat(second.next()).isEqualTo("down");
    second.store.close();
    server.command("ACL", "SETUSER", "larder", "&larder:*");
    first.hears("1");
    assertThat(second.all).isEmpty();
    first.store.close();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!((List<?>) server.command("PUBSUB", "CHANNELS", "larder:*")).isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(end);
      RedisFixture.pass(20);
    }
  }

  private RedisSettings asLarder() {
    RedisSettings plain = RedisFixture.settings(server, RedisFixture.TIMEOUT);
    return new RedisSettings(
        plain.addresses(),
        plain.maskedUrl(),
        0,
        Optional.of("larder"),
        Optional.of(new Secret("pw")),
        plain.tls(),
        plain.maxConnections(),
        plain.connectTimeout(),
        plain.operationTimeout());
  }

  private final class Hearer implements Invalidations<String> {

    final BlockingQueue<String> all = new LinkedBlockingQueue<>();
    final RedisStore<String, String> store =
        fixture.store(limited, java.time.Duration.ZERO, java.time.Duration.ZERO);

    Hearer() {
      store.listen(this);
    }

    String next() throws InterruptedException {
      String next = all.poll(20, TimeUnit.SECONDS);
      return next == null ? "nothing" : next;
    }

    /** For as long as some attempts take, of which each is refused. */
    void staysDown() throws InterruptedException {
      assertThat(all.poll(2500, TimeUnit.MILLISECONDS)).isNull();
    }

    /** Comes up, and hears a write; the connection may be lost and come back in between. */
    void hears(String value) throws InterruptedException {
      RedisStore<String, String> writer = fixture.store();
      String last = "down";
      while (true) {
        if (last.equals("up")) {
          writer.write(Change.put("a", value, LONG, LONG), budget);
        }
        last = next();
        assertThat(last).isNotEqualTo("nothing");
        if (last.contains("[a]")) {
          break;
        }
      }
      writer.close();
    }

    @Override
    public void changed(int bucket, long previous, long sequence, @Nullable List<String> keys) {
      all.add(bucket + " " + keys);
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
