package io.larder.store.redis;

import io.larder.config.RedisSettings;
import io.larder.config.TlsSettings;
import io.larder.config.Topology;
import io.larder.store.redis.LostReplies.ConnectionLostException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisAuthRequiredException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisMovedException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.RedisWrongPasswordException;

/** Why Redis cannot be used, in words that name the setting to look at. */
final class Causes {

  private static final String PLAIN =
      "redis_url must begin with redis:// or name the port that does";

  private Causes() {}

  /**
   * What lies at the bottom of a failure, without secrets; empty if nothing is known.
   *
   * @param tlsFailure the reason where the failure itself does not tell one
   */
  static String of(
      @Nullable Throwable failure, @Nullable Throwable tlsFailure, RedisSettings settings) {
    String known = knownOf(failure, settings);
    if (known == null && failure instanceof RedisConnectionException) {
      known = knownOf(tlsFailure, settings);
    }
    if (known != null) {
      return known;
    }
    Throwable bottom = failure;
    while (bottom != null && bottom.getCause() != null) {
      bottom = bottom.getCause();
    }
    return bottom == null ? "" : text(bottom);
  }

  private static @Nullable String knownOf(@Nullable Throwable failure, RedisSettings settings) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String known = known(cause, settings);
      if (known != null) {
        return known;
      }
    }
    return null;
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? "" : RedisClient.firstWords(message);
  }

  private static @Nullable String known(Throwable cause, RedisSettings settings) {
    if (cause instanceof RedisWrongPasswordException) {
      return "it does not accept redis_username and redis_password: " + text(cause);
    } else if (cause instanceof RedisAuthRequiredException) {
      return "it wants a redis_password: " + text(cause);
    } else if (cause instanceof RedisMovedException && settings.topology() == Topology.SINGLE) {
      return "it is a node of a cluster: add ?cluster=true to redis_url";
    } else if (cause instanceof ConnectionLostException && !settings.tls().enabled()) {
      return text(cause) + "; if it speaks TLS only, redis_url must begin with rediss://";
    }
    String limit = limit(cause);
    if (limit != null) {
      return "no answer within " + limit
          + (settings.tls().enabled() ? "; if it does not speak TLS, " + PLAIN : "");
    }
    return settings.tls().enabled() ? ofTls(cause, settings.tls()) : null;
  }

  /** The setting whose time has run out; null for what is no timeout. */
  private static @Nullable String limit(Throwable cause) {
    boolean byClient = cause instanceof RedisConnectionException;
    if (cause instanceof ConnectTimeoutException
        || byClient && cause.getCause() instanceof TimeoutException) {
      return "connection_timeout";
    } else if (cause instanceof BothTimeoutsException) {
      return "connection_timeout and operation_timeout_ms together";
    }
    // The client library's own is about one command, AUTH among them.
    return cause instanceof TimeoutException || cause instanceof RedisTimeoutException
        ? "operation_timeout_ms"
        : null;
  }

  /** The time to connect and to ask is over. */
  static final class BothTimeoutsException extends TimeoutException {

    private static final long serialVersionUID = 1L;
  }

  private static @Nullable String ofTls(Throwable cause, TlsSettings tls) {
    String message = text(cause);
    if (cause instanceof NotSslRecordException) {
      return "it does not speak TLS: " + PLAIN;
    } else if (cause instanceof SslHandshakeTimeoutException) {
      return "no answer to a TLS handshake; if it does not speak TLS, " + PLAIN;
    } else if (cause instanceof CertificateExpiredException
        || cause instanceof CertificateNotYetValidException) {
      return "its certificate, or its CA's, is not valid now: " + message;
    } else if (cause instanceof CertPathBuilderException) {
      return "its certificate is signed by no CA of "
          + tls.ca().map(path -> "tls_ca_path " + path).orElse("the JVM: tls_ca_path may name one");
    } else if (cause instanceof CertificateException && message.startsWith("No ")) {
      return "its certificate is not for the host name in redis_url: " + message;
    } else if (cause instanceof SSLException && message.contains("fatal alert: ")) {
      return tls.certificate().isPresent()
          ? "it does not accept the certificate of tls_cert_path: " + message
          : "it wants a certificate, tls_cert_path and tls_key_path: " + message;
    }
    return null;
  }
}
