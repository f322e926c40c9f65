package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.config.RedisSettings;
import io.larder.config.Secret;
import io.larder.expiry.Ttl;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.SharedStore.Invalidations;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rights that docs/storage.md asks for are enough, and secrets stay out of messages. */
final class RedisRightsTest {

  private static final String PASSWORD = "sesam-open";

  private final Budget budget = Budget.each(TimeUnit.SECONDS.toNanos(5));
  private RedisServer server;
  private RedisFixture fixture;

  @BeforeEach
  void open() {
    server = RedisServer.startOwn();
    fixture = new RedisFixture(server);
  }

  @AfterEach
  void close() {
    fixture.close();
    server.close();
  }

  @Test
  void theDocumentedRightsAreEnough() throws Exception {
    List<Object> rule = new ArrayList<>(List.of(
        "ACL", "SETUSER", "larder", "on", ">" + PASSWORD, "~larder:*", "&larder:*", "-@all"));
    boolean subcommands = !serverVersion().startsWith("6.");
    documentedRights()
        .forEach(right -> rule.add(subcommands ? right : right.replaceAll("\\|.*", "")));
    server.command(rule.toArray());
    RedisClient client = fixture.clients.acquire(as("larder", PASSWORD));
    RedisStore<String, String> store = fixture.store(client, Duration.ZERO, Duration.ofSeconds(5));
    CountDownLatch up = new CountDownLatch(1);
    store.listen(new Up(up));
    assertThat(up.await(10, TimeUnit.SECONDS)).isTrue();
    store.lease("a", budget).close();
    store.writeAll(List.of(Change.put("a", "1", 500_000, 500_000), Change.remove("b")), budget);
    store.get("a", 100_000, budget);
    store.getAll(Set.of("a", "b"), Ttl.ETERNAL, budget);
    store.touch("a", store.getFresh("a", budget), 900_000, budget);
    store.containsKey("a", budget);
    assertThat(store.iterator().hasNext()).isTrue();
    assertThat(fixture
            .store(client, Duration.ZERO, Duration.ZERO)
            .getFresh("a", budget)
            .value())
        .isEqualTo("1");
    store.heads().toCompletableFuture().get();
    store.clear(budget);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (server.command("GET", fixture.layout().unswept()) != null) {
      assertThat(System.nanoTime()).isLessThan(end);
      RedisFixture.pass(10);
    }
    store.close();
    for (Object denied : (List<?>) server.command("ACL", "LOG")) {
      assertThat(RespConnection.text(((List<?>) denied).get(7))).isEqualTo("eval");
    }
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    server.command("ACL", "SETUSER", "larder", "on", ">" + PASSWORD, "~*", "&*", "+@all");
    assertThatThrownBy(() -> fixture.clients.acquire(as("larder", "wrong-" + PASSWORD)))
        .isInstanceOf(RedisUnavailableException.class)
        .satisfies(thrown -> {
          for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(PASSWORD);
          }
        });
  }

  @Test
  void aMissingRightIsARefusal() {
    server.command(
        "ACL", "SETUSER", "larder", "on", ">" + PASSWORD, "~*", "&*", "+@all", "-publish");
    RedisClient client = fixture.clients.acquire(as("larder", PASSWORD));
    RedisStore<String, String> store = fixture.store(client, Duration.ZERO, Duration.ZERO);
    assertThatThrownBy(() -> store.write(Change.put("a", "1", 5000, 5000), budget))
        .isInstanceOf(RedisRefusedException.class)
        .hasMessageContaining("things");
    assertThat(server.command("GET", fixture.entryName("a"))).isNull();
  }

  private RedisSettings as(String user, String password) {
    RedisSettings plain = RedisFixture.settings(server, RedisFixture.TIMEOUT);
    return new RedisSettings(
        plain.addresses(),
        plain.maskedUrl(),
        0,
        Optional.of(user),
        Optional.of(new Secret(password)),
        plain.tls(),
        plain.maxConnections(),
        plain.connectTimeout(),
        plain.operationTimeout());
  }

  private String serverVersion() {
    String info = RespConnection.text(server.command("INFO", "server"));
    int at = info.indexOf("redis_version:") + "redis_version:".length();
    return info.substring(at, info.indexOf('\r', at));
  }

  private static List<String> documentedRights() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "storage.md"));
    String block = page.substring(page.indexOf("ACL SETUSER"));
    return Arrays.stream(block.substring(0, block.indexOf("```")).split("\\s+"))
        .filter(word -> word.startsWith("+"))
        .toList();
  }

  private record Up(CountDownLatch latch) implements Invalidations<String> {

    @Override
    public void changed(int bucket, long previous, long sequence, @Nullable List<String> keys) {}

    @Override
    public void lost(int bucket) {}

    @Override
    public void up() {
      latch.countDown();
    }

    @Override
    public void down() {}
  }
}
