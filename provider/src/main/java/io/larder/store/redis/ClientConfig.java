package io.larder.store.redis;

import io.larder.config.RedisSettings;
import io.larder.config.TlsSettings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.cache.CacheException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.ClusterServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.redisson.config.ReadMode;
import org.redisson.config.SentinelServersConfig;
import org.redisson.config.ShardedSubscriptionMode;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.SslVerificationMode;
import org.redisson.config.SubscriptionMode;

/** Larder's settings in the client library's terms. */
final class ClientConfig {

  private static final int CHANNELS_PER_CONNECTION = 10_000;

  /** How often the client asks who the masters are; until then it does not know a new one. */
  private static final int SCAN_MILLIS = 1000;

  /** How often it asks which address a name has. */
  private static final int NAME_MILLIS = 1000;

  private static final Duration RECONNECT_DELAY = Duration.ofMillis(100);

  /**
   * How long a connection may be silent to a PING, or the operation timeout if that is longer: then
   * no reply that somebody waits for is still before it. It is closed, and another takes its place.
   */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  /**
   * The client library gives up a command so much later than a PING. (Callers wait no longer than
   * their budget. A PING that it gives up first is logged for each connection.)
   */
  private static final Duration AFTER_SILENCE = Duration.ofMillis(100);

  private ClientConfig() {}

  static Config of(RedisSettings settings, ClientThreads threads) {
    Config config = new Config();
    config.setCodec(ByteArrayCodec.INSTANCE);
    config.setReferenceEnabled(false);
    config.setLazyInitialization(true);
    config.setUseScriptCache(true);
    config.setKeepPubSubOrder(true);
    config.setEventLoopGroup(threads.loops());
    config.setExecutor(threads.messages());
    config.setAddressResolverGroupFactory(new HostNames(threads.lookups()));
    config.setTcpNoDelay(true);
    settings.username().ifPresent(config::setUsername);
    settings.password().ifPresent(secret -> config.setPassword(secret.reveal()));
    if (settings.tls().enabled()) {
      secure(config, settings.tls());
    }
    switch (settings.topology()) {
      case SINGLE -> single(config.useSingleServer(), settings);
      case CLUSTER -> cluster(config.useClusterServers(), settings);
      case SENTINEL -> sentinel(config.useSentinelServers(), settings);
    }
    return config;
  }

  private static void cluster(ClusterServersConfig servers, RedisSettings settings) {
    settings.addresses().forEach(servers::addNodeAddress);
    masters(servers, settings)
        .setScanInterval(SCAN_MILLIS)
        .setShardedSubscriptionMode(ShardedSubscriptionMode.OFF);
  }

  /** Sentinels that want a password get Redis' own. */
  private static void sentinel(SentinelServersConfig servers, RedisSettings settings) {
    settings.addresses().forEach(servers::addSentinelAddress);
    masters(servers, settings)
        .setMasterName(settings.sentinelMaster().orElseThrow())
        .setDatabase(settings.database())
        .setCheckSentinelsList(false)
        .setScanInterval(SCAN_MILLIS);
    settings.username().ifPresent(servers::setSentinelUsername);
    settings.password().ifPresent(secret -> servers.setSentinelPassword(secret.reveal()));
  }

  private static void single(SingleServerConfig server, RedisSettings settings) {
    common(server, settings)
        .setAddress(settings.addresses().get(0))
        .setDatabase(settings.database())
        .setDnsMonitoringInterval(NAME_MILLIS)
        .setConnectionPoolSize(settings.maxConnections())
        .setConnectionMinimumIdleSize(1)
        .setSubscriptionConnectionPoolSize(1)
        .setSubscriptionConnectionMinimumIdleSize(0);
  }

  private static <T extends BaseMasterSlaveServersConfig<T>> T masters(
      T servers, RedisSettings settings) {
    common(servers, settings);
    return servers
        .setDnsMonitoringInterval(NAME_MILLIS)
        .setReadMode(ReadMode.MASTER)
        .setSubscriptionMode(SubscriptionMode.MASTER)
        .setMasterConnectionPoolSize(settings.maxConnections())
        .setMasterConnectionMinimumIdleSize(1)
        .setSubscriptionConnectionPoolSize(1)
        .setSubscriptionConnectionMinimumIdleSize(0);
  }

  private static <T extends BaseConfig<T>> T common(BaseConfig<T> config, RedisSettings settings) {
    config.setRetryAttempts(0);
    config.setRetryDelay(new ConstantDelay(Duration.ofMillis(10)));
    config.setReconnectionDelay(new ConstantDelay(RECONNECT_DELAY));
    Duration patience = settings.operationTimeout();
    Duration longer = longerOf(patience, SILENCE);
    Duration silence = longer.compareTo(LONGEST_SILENCE) > 0 ? LONGEST_SILENCE : longer;
    config.setPingConnectionInterval(Math.toIntExact(silence.toMillis()));
    config.setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()));
    config.setTimeout(Math.toIntExact(longer.plus(AFTER_SILENCE).toMillis()));
    return config.setSubscriptionsPerConnection(CHANNELS_PER_CONNECTION);
  }

  private static Duration longerOf(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static void secure(Config config, TlsSettings tls) {
    if (!tls.verify()) {
      config.setSslVerificationMode(SslVerificationMode.NONE);
    } else if (tls.ca().isPresent()) {
      Path ca = tls.ca().get();
      config.setSslTrustManagerFactory(read("tls_ca_path " + ca, () -> PemFiles.trust(ca)));
    }
    if (tls.certificate().isPresent() && tls.key().isPresent()) {
      Path certificate = tls.certificate().get();
      Path key = tls.key().get();
      config.setSslKeyManagerFactory(read(
          "tls_cert_path " + certificate + " with tls_key_path " + key,
          () -> PemFiles.identity(certificate, key)));
    }
  }

  private interface PemReading<T> {
    T read() throws IOException, GeneralSecurityException;
  }

  private static <T> T read(String what, PemReading<T> files) {
    try {
      return files.read();
    } catch (NoSuchFileException e) {
      throw new CacheException(what + ": there is no file " + e.getMessage(), e);
    } catch (IOException | GeneralSecurityException e) {
      throw new CacheException(what + " cannot be used: " + e.getMessage(), e);
    }
  }
}
