package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LarderSettings;
import io.larder.config.ProbeReport;
import io.larder.config.ProbeReport.Step;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The probe against real servers, and against what is none. */
final class ProbeTest {

  private static final String PASSWORD = "sesam-open";
  private static final Duration SLACK = Duration.ofSeconds(15);

  private static RedisServer redis;

  @BeforeAll
  static void open() {
    redis = RedisServer.startOwn("--databases", "4");
  }

  @AfterAll
  static void close() {
    redis.close();
  }

  private static LarderSettings settings(String url, int seconds) {
    return LarderSettings.builder()
        .preset("simple")
        .redis(url)
        .set("connection_timeout", seconds)
        .set("operation_timeout_ms", seconds * 1000)
        .set("namespace", "probed")
        .build();
  }

  /** Runs the probe, with time for a busy machine, and sees to it that nothing of it stays. */
  private static ProbeReport probe(String url) {
    return probe(url, 6);
  }

  private static ProbeReport probe(String url, int seconds) {
    return probe(url, seconds, name -> true);
  }

  private static ProbeReport probe(String url, int seconds, Predicate<String> threads) {
    Set<String> before = threads(threads);
    long connections = connections();
    long start = System.nanoTime();

    ProbeReport report = LarderCaches.probe(settings(url, seconds));

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("%s", report)
        .isLessThan(Duration.ofSeconds(2L * seconds).plus(SLACK));
    assertThat(report.toString()).doesNotContain(PASSWORD).doesNotContain("hunter2");
    assertThat(redis.command("DBSIZE")).isEqualTo(0L);
    // A pool says that it has ended an instant before its last thread has.
    Outages.await(() -> before.containsAll(threads(threads)), "no thread of the probe is left");
    Outages.await(() -> connections() <= connections, "no connection of the probe is left");
    return report;
  }

  private static long connections() {
    return RespConnection.text(redis.command("CLIENT", "LIST")).lines().count();
  }

  private static Set<String> threads(Predicate<String> which) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(thread -> thread.getName() + " " + thread.getId())
        .filter(name -> name.contains("larder") || name.contains("redisson"))
        .filter(which)
        .collect(Collectors.toSet());
  }

  private static void failed(ProbeReport report, Step step, String hint) {
    assertThat(report.success()).isFalse();
    ProbeReport.Failure failure = report.failure().orElseThrow();
    assertThat(failure.step()).as("%s", report).isEqualTo(step);
    assertThat(failure.hint()).as("%s", report).contains(hint);
    assertThat(report.toString())
        .startsWith("FAILED at " + step)
        .contains(failure.cause(), failure.hint());
  }

  @Test
  void aServerThatWorks() {
    ProbeReport report = probe(redis.url() + "/3?max_connections=1");

    assertThat(report.success()).as("%s", report).isTrue();
    assertThat(report.timings())
        .extracting(ProbeReport.Timing::step)
        .containsExactly(Step.values());
    assertThat(report.timings()).allMatch(timing -> timing.took().toNanos() > 0);
    assertThat(report.serverVersion().orElseThrow()).matches("(redis|valkey) [0-9]+\\.[0-9]+.*");
    assertThat(report.toString()).startsWith("OK: redis://127.0.0.1").contains("DELETE");
  }

  @Test
  void theHeapNeedsNoTrial() {
    ProbeReport report = LarderCaches.probe(LarderSettings.builder().build());

    assertThat(report.success()).isTrue();
    assertThat(report.target()).isEqualTo(ProbeReport.HEAP);
    assertThat(report.timings()).isEmpty();
    assertThat(report.toString()).contains("on the heap of this process alone");
  }

  @Test
  void nobodyListens() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    failed(probe("redis://127.0.0.1:" + port), Step.CONNECT, "nothing listens there");
  }

  @Test
  void aServerThatAcceptsAndNeverAnswers() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      failed(
          probe("redis://:hunter2@127.0.0.1:" + socket.getLocalPort(), 2),
          Step.CONNECT,
          "does not answer in time");
    }
  }

  @Test
  void aCertificateThatIsNotThere() {
    ProbeReport report = LarderCaches.probe(LarderSettings.builder()
        .redis("rediss://127.0.0.1:" + redis.port())
        .set("tls_ca_path", "/no/such.pem")
        .build());

    failed(report, Step.CONNECT, "must name PEM files that this process may read");
    assertThat(report.failure().orElseThrow().cause())
        .contains("tls_ca_path /no/such.pem: there is no file");
  }

  @Test
  void anUnknownHost() {
    // What looks the name up goes on until the system has done with it.
    ProbeReport report =
        probe("redis://no-such-host.invalid", 2, name -> !name.startsWith("larder-redis-names"));

    failed(report, Step.CONNECT, "");
    // Without any name server the answer does not come in time.
    assertThat(report.failure().orElseThrow().hint())
        .matches("(?s).*(not known to DNS|does not answer in time).*");
  }

  @Test
  void aWrongPassword() {
    redis.command("ACL", "SETUSER", "guarded", "on", ">" + PASSWORD, "~*", "&*", "+@all");
    String address = "@127.0.0.1:" + redis.port();
    failed(probe("redis://guarded:hunter2" + address), Step.CONNECT, "redis_password");
    assertThat(probe("redis://guarded:" + PASSWORD + address).success()).isTrue();
  }

  @Test
  void aDatabaseThatIsNotThere() {
    failed(probe(redis.url() + "/9"), Step.CONNECT, "no such database");
  }

  @Test
  void tlsWhereThereIsNone() {
    failed(probe("rediss://127.0.0.1:" + redis.port()), Step.CONNECT, "TLS");
  }

  @Test
  void aUserWhoMayOnlyRead() {
    redis.command("ACL", "SETUSER", "reader", "on", ">" + PASSWORD, "~*", "&*", "+@all", "-@write");
    ProbeReport report = probe("redis://reader:" + PASSWORD + "@127.0.0.1:" + redis.port());

    failed(report, Step.SET, "docs/storage.md");
    assertThat(report.timings()).extracting(ProbeReport.Timing::step).containsExactly(Step.CONNECT);
  }

  @Test
  void aUserWithTheDocumentedRights() {
    String rights = "+mget +get +getrange +set +setrange +unlink +exists +del +pexpire +persist"
        + " +time +publish +evalsha +script +scan +subscribe +unsubscribe +ping +select";
    redis.command(
        ("ACL SETUSER plain on >" + PASSWORD + " ~larder:* &larder:* -@all " + rights).split(" "));
    ProbeReport report = probe("redis://plain:" + PASSWORD + "@127.0.0.1:" + redis.port());

    assertThat(report.success()).as("%s", report).isTrue();
    assertThat(report.serverVersion()).isEmpty();
  }

  @Test
  void aReplicaRefusesWrites() {
    try (RedisServer replica = RedisServer.startOwn("--replicaof", "127.0.0.1 " + redis.port())) {
      // Its connection to the master is one of those that are counted.
      Outages.await(
          () -> RespConnection.text(redis.command("INFO", "replication"))
              .contains("connected_slaves:1"),
          "the replica has come");
      failed(probe(replica.url()), Step.SET, "replica");
    }
  }

  @Test
  void aFactoryProbesItsSettings() {
    ProbeReport report = LarderCaches.from(
            Map.of("redis_url", redis.url(), "operation_timeout_ms", 6000))
        .probe();

    assertThat(report.success()).as("%s", report).isTrue();
  }
}
