package io.larder;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LarderSettings;
import io.larder.config.ProbeReport;
import io.larder.testing.Certificates;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import io.larder.testing.ServerTls;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Redis URL says is what a Redis sees. */
final class RedisUrlEffectTest {

  @TempDir
  Path directory;

  private RedisServer redis;

  @BeforeEach
  void open() {
    redis = RedisServer.startOwn();
  }

  @AfterEach
  void close() {
    redis.close();
  }

  private static LarderSettings.Builder settings(String url) {
    return LarderSettings.builder()
        .preset("production")
        .redis(url)
        .set("operation_timeout_ms", 9000);
  }

  @Test
  void databaseAndConnections() throws Exception {
    LarderSettings settings =
        settings(redis.url() + "/2?max_connections=3").withoutMemoryCache().build();
    Set<String> others = Effects.connected(redis);
    LarderCacheManager manager = LarderCaches.manager(settings);
    try {
      LarderCache<Object, Object> cache = manager.findOrCreate("many", Object.class, Object.class);
      cache.put(1, "one");
      assertThat(Effects.connections(cache, redis, others)).isEqualTo("3+0");
      // One that was just made has not selected it yet.
      Outages.await(
          () -> databases().size() >= 3 && Set.of("2").containsAll(databases()),
          "all are in database 2");
      assertThat(RespConnection.text(redis.command("INFO", "keyspace")))
          .contains("db2:")
          .doesNotContain("db0:");
    } finally {
      manager.close();
    }
  }

  /** Those of all connections but the one that asks. */
  private List<String> databases() {
    return RespConnection.text(redis.command("CLIENT", "LIST"))
        .lines()
        .filter(line -> !line.contains("cmd=client"))
        .map(line -> line.replaceAll(".* db=([0-9]+) .*", "$1"))
        .toList();
  }

  @Test
  void credentialsArePercentDecoded() {
    redis.command("ACL", "SETUSER", "b\u00f6b@home", "on", ">p@ss:/%+#?x", "~*", "&*", "+@all");
    String address = "@127.0.0.1:" + redis.port();

    ProbeReport report = LarderCaches.probe(
        settings("redis://b%C3%B6b%40home:p%40ss%3A%2F%25+%23%3Fx" + address).build());
    assertThat(report.success()).as("%s", report).isTrue();
    assertThat(report.toString()).doesNotContain("p@ss", "p%40ss");

    redis.command("CONFIG", "SET", "requirepass", "only me");
    report = LarderCaches.probe(settings("redis://:only%20me" + address).build());
    assertThat(report.success()).as("%s", report).isTrue();
  }

  /** Needs a redis-server with TLS on the PATH; the bundled one has none. */
  @Test
  void tlsIsVerified() throws Exception {
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    ServerTls tls = new ServerTls(certificate, makeCertificate(certificate, key), "no");
    try (RedisServer secure = RedisServer.startInstalled(tls)) {
      String url = "rediss://localhost:" + secure.safestPort();

      ProbeReport trusted =
          LarderCaches.probe(settings(url).security(s -> s.trust(certificate)).build());
      assertThat(trusted.success()).as("%s", trusted).isTrue();

      ProbeReport unknown =
          LarderCaches.probe(settings(url).set("connection_timeout", 2).build());
      assertThat(unknown.failure().orElseThrow().hint()).contains("tls_ca_path");

      ProbeReport otherName = LarderCaches.probe(settings(url.replace("localhost", "127.0.0.1"))
          .set("connection_timeout", 2)
          .security(s -> s.trust(certificate))
          .build());
      assertThat(otherName.success()).as("%s", otherName).isFalse();

      ProbeReport unverified = LarderCaches.probe(
          settings(url).security(s -> s.verifyCertificates(false)).build());
      assertThat(unverified.success()).as("%s", unverified).isTrue();
    }
  }

  private Certificates.Issued makeCertificate(Path certificate, Path key) throws Exception {
    Path store = directory.resolve("store.p12");
    Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "redis",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost",
            "-ext",
            "bc=ca:true",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-storepass",
            "changeit",
            "-keystore",
            store.toString())
        .redirectErrorStream(true)
        .start();
    String said = new String(
        keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore entries = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      entries.load(in, "changeit".toCharArray());
    }
    Key secret = entries.getKey("redis", "changeit".toCharArray());
    Files.writeString(key, pem("PRIVATE KEY", secret.getEncoded()));
    Files.writeString(
        certificate, pem("CERTIFICATE", entries.getCertificate("redis").getEncoded()));
    return new Certificates.Issued(certificate, key, (PrivateKey) secret);
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN " + what + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END " + what + "-----\n";
  }
}
