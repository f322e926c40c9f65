package io.larder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.larder.testing.Certificates;
import io.larder.testing.RedisCluster;
import io.larder.testing.RedisSentinels;
import io.larder.testing.RedisServer;
import io.larder.testing.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import javax.cache.CacheException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster, and a master with sentinels, that speak TLS only with who shows a certificate. */
final class TlsTopologiesTest {

  private static final int KEYS = 50;
  private static final Duration MONTH = Duration.ofDays(30);

  @TempDir
  private static Path folder;

  private static Certificates ca;
  private static Certificates.Issued client;

  @BeforeAll
  static void issue() {
    ca = Certificates.authority(folder, "ca");
    client = ca.issue("client", "localhost", MONTH);
  }

  private static ServerTls certificateFor(String host) {
    return new ServerTls(ca.file(), ca.issue("server-" + host, host, MONTH));
  }

  private static Properties settings() {
    Properties settings = Outages.settings("fail", 5000);
    settings.setProperty("fail_on_connection_error", "true");
    settings.setProperty("connection_timeout", "30");
    settings.setProperty("tls_ca_path", ca.file().toString());
    settings.setProperty("tls_cert_path", client.certificate().toString());
    settings.setProperty("tls_key_path", client.key().toString());
    return settings;
  }

  @Test
  void clusterWithFailover() {
    try (RedisCluster cluster =
        RedisCluster.start(certificateFor("127.0.0.1"), "--cluster-node-timeout", "1000")) {
      RedisServer lost = cluster.masters().get(0);
      assertWorks(cluster.url(), () -> {
        lost.kill();
        cluster.awaitFailedOver(lost);
      });
      assertFaultsAreTold(cluster.url());
    }
  }

  /** With one host in the URL all nodes are asked for a certificate of that name. */
  @Test
  @Tag("soak")
  void clusterBehindOneName() {
    try (RedisCluster cluster = RedisCluster.start(certificateFor("localhost"))) {
      String one = cluster.url().split(",")[0] + "?cluster=true";
      assertWorks(one.replace("127.0.0.1", "localhost"), () -> {});
      assertThatThrownBy(() -> open(cluster.url(), settings()).close())
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("its certificate is not for the host name in redis_url");
    }
  }

  @Test
  void sentinelsWithFailover() {
    try (RedisSentinels redis =
        RedisSentinels.start(folder, "sesam", certificateFor("127.0.0.1"))) {
      RedisServer lost = redis.master();
      assertWorks(redis.url(), () -> {
        lost.kill();
        redis.awaitFailedOver(lost);
      });
      assertFaultsAreTold(redis.url());
    }
  }

  private static void assertFaultsAreTold(String url) {
    Properties wrongCa = settings();
    Path other = Certificates.authority(folder, "other-ca").file();
    wrongCa.setProperty("tls_ca_path", other.toString());
    assertThatThrownBy(() -> open(url, wrongCa).close())
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("signed by no CA of tls_ca_path " + other);
    Properties noCertificate = settings();
    noCertificate.remove("tls_cert_path");
    noCertificate.remove("tls_key_path");
    assertThatThrownBy(() -> open(url, noCertificate).close())
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("wants a certificate, tls_cert_path");
  }

  private static TestCaches open(String url, Properties settings) {
    return TestCaches.in(Mode.NEAR, RedisServer.at(url), settings);
  }

  private static void assertWorks(String url, Runnable failover) {
    try (TestCaches one = open(url, settings());
        TestCaches two = one.peer()) {
      LarderCache<Integer, String> writer =
          one.cache(one.configuration(Integer.class, String.class));
      LarderCache<Integer, String> reader =
          two.cache(two.configuration(Integer.class, String.class));
      for (int key = 0; key < KEYS; key++) {
        writer.put(key, "before");
        assertThat(reader.get(key)).isEqualTo("before");
      }
      failover.run();
      for (int i = 0; i < KEYS; i++) {
        int key = i;
        Outages.await(() -> catchThrowable(() -> writer.put(key, "after")) == null, "put " + key);
        Outages.await(() -> reads(reader, key, "after"), "the other follows at " + key);
      }
    }
  }

  private static boolean reads(LarderCache<Integer, String> cache, int key, String value) {
    String[] found = {null};
    return catchThrowable(() -> found[0] = cache.get(key)) == null && value.equals(found[0]);
  }
}
