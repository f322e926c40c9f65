package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.larder.testing.Certificates;
import io.larder.testing.RedisServer;
import io.larder.testing.ServerTls;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that speaks TLS, with certificates of a private authority. */
final class RedisTlsTest {

  private static final String PASSWORD = "sesam-open";
  private static final Duration MONTH = Duration.ofDays(30);

  @TempDir
  private static Path folder;

  private static Certificates ca;
  private static Certificates otherCa;
  private static Certificates.Issued client;

  /** Asks for client certificates. */
  private static RedisServer strict;

  /** Does not. */
  private static RedisServer lax;

  @BeforeAll
  static void start() {
    ca = Certificates.authority(folder, "ca");
    otherCa = Certificates.authority(folder, "other-ca");
    client = ca.issue("client", "localhost", MONTH);
    Certificates.Issued server = ca.issue("server", "127.0.0.1", MONTH);
    strict = serving(server, "yes");
    lax = serving(server, "no");
  }

  @AfterAll
  static void stop() {
    strict.close();
    lax.close();
  }

  private static RedisServer serving(Certificates.Issued server, String clients) {
    return RedisServer.startInstalled(new ServerTls(ca.file(), server, clients));
  }

  @Test
  void rightAuthorityIsEnough() {
    assertWorks(tls(lax.safestPort()), Map.of("tls_ca_path", ca.file()));
  }

  @Test
  void useTlsIsAsGoodAsTheScheme() {
    assertWorks(
        "redis://127.0.0.1:" + lax.safestPort(),
        Map.of("use_tls", "true", "tls_ca_path", ca.file()));
  }

  @Test
  void clientCertificateIsShown() {
    assertWorks(tls(strict.safestPort()), withClient(client.certificate(), client.key()));
  }

  @Test
  void keyMayBeInPkcs1() throws Exception {
    byte[] pkcs8 = client.secret().getEncoded();
    Path key = folder.resolve("pkcs1.key");
    Certificates.write(key, "RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
    assertWorks(tls(strict.safestPort()), withClient(client.certificate(), key));
  }

  @Test
  void missingClientCertificate() {
    assertFails(
        tls(strict.safestPort()),
        Map.of("tls_ca_path", ca.file()),
        "wants a certificate, tls_cert_path");
  }

  @Test
  void foreignClientCertificate() {
    Certificates.Issued foreign = otherCa.issue("foreign", "localhost", MONTH);
    assertFails(
        tls(strict.safestPort()),
        withClient(foreign.certificate(), foreign.key()),
        "does not accept the certificate of tls_cert_path");
  }

  @Test
  void expiredClientCertificate() {
    Certificates.Issued expired = ca.issue("old-client", "localhost", Duration.ofDays(-1));
    assertFails(
        tls(strict.safestPort()),
        withClient(expired.certificate(), expired.key()),
        "does not accept the certificate of tls_cert_path");
  }

  @Test
  void wrongAuthority() {
    assertFails(
        tls(lax.safestPort()),
        Map.of("tls_ca_path", otherCa.file()),
        "signed by no CA of tls_ca_path " + otherCa.file());
  }

  @Test
  void noAuthorityMeansTheJvms() {
    assertFails(tls(lax.safestPort()), Map.of(), "signed by no CA of the JVM: tls_ca_path");
  }

  @Test
  void expiredCertificate() {
    assertFailsWith(
        ca.issue("expired", "127.0.0.1", Duration.ofDays(-1)), "is not valid now: NotAfter: ");
  }

  @Test
  void otherHostName() {
    assertFailsWith(
        ca.issue("elsewhere", "redis.example", MONTH), "not for the host name in redis_url: No ");
  }

  private void assertFailsWith(Certificates.Issued certificate, String message) {
    try (RedisServer server = serving(certificate, "no")) {
      assertThat(server.runs()).isTrue();
      assertFails(tls(server.safestPort()), Map.of("tls_ca_path", ca.file()), message);
    }
  }

  @Test
  void serverWithoutTlsIsNotSpokenToInPlainText() {
    assertFails(
        tls(lax.port()),
        Map.of("tls_ca_path", ca.file(), "operation_timeout_ms", 1000),
        "if it does not speak TLS, redis_url must begin with");
  }

  @Test
  void serverWithTlsOnlyIsTold() {
    assertFails(
        "redis://127.0.0.1:" + lax.safestPort(),
        Map.of(),
        "speaks TLS only, redis_url must begin with");
  }

  @Test
  void wrongPassword() {
    lax.command("ACL", "SETUSER", "someone", "on", ">" + PASSWORD, "~*", "&*", "+@all");
    assertFails(
        tls(lax.safestPort()).replace("//", "//someone:not-" + PASSWORD + "@"),
        Map.of("tls_ca_path", ca.file()),
        "does not accept redis_username and redis_password: WRONGPASS");
  }

  @Test
  void filesThatHoldNothing() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
    assertFails(
        tls(lax.safestPort()),
        Map.of("tls_ca_path", empty),
        "tls_ca_path " + empty + " cannot be used");
    assertFails(
        tls(strict.safestPort()),
        withClient(client.certificate(), empty),
        "tls_key_path " + empty + " cannot be used: it holds no private key");
  }

  @Test
  void keyWithPassPhrase() {
    PrivateKey secret = client.secret();
    Path key = folder.resolve("encrypted.key");
    Certificates.write(key, "ENCRYPTED PRIVATE KEY", secret.getEncoded());
    assertFails(
        tls(strict.safestPort()), withClient(client.certificate(), key), "without a pass phrase");
  }

  private static Map<String, Object> withClient(Path certificate, Path key) {
    return Map.of("tls_ca_path", ca.file(), "tls_cert_path", certificate, "tls_key_path", key);
  }

  private static String tls(int port) {
    return "rediss://127.0.0.1:" + port;
  }

  private static void assertWorks(String url, Map<String, ?> settings) {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      Cache<String, String> cache =
          open(provider, url, settings).createCache("cache", new MutableConfiguration<>());
      cache.put("k", "v");
      assertThat(cache.get("k")).isEqualTo("v");
    }
  }

  private static void assertFails(String url, Map<String, ?> settings, String message) {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      long start = System.nanoTime();
      Throwable thrown = catchThrowable(() -> open(provider, url, settings));
      assertThat(thrown).isInstanceOf(CacheException.class).hasMessageContaining(message);
      for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
        assertThat(cause.toString()).doesNotContain(PASSWORD);
      }
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(25).toNanos());
    }
  }

  private static CacheManager open(
      LarderCachingProvider provider, String url, Map<String, ?> settings) {
    Properties properties = new Properties();
    properties.setProperty("redis_url", url);
    properties.setProperty("namespace", RedisServer.newNamespace());
    properties.setProperty("fail_on_connection_error", "true");
    properties.setProperty("connection_timeout", "5");
    properties.setProperty("operation_timeout_ms", "5000");
    settings.forEach((key, value) -> properties.setProperty(key, value.toString()));
    return provider.getCacheManager(
        URI.create("larder:development"), RedisTlsTest.class.getClassLoader(), properties);
  }
}
