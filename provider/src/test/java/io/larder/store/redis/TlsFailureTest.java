package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.RedisSettings;
import io.larder.config.TlsSettings;
import io.larder.testing.RedisServer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.redisson.client.RedisConnectionException;

/** Why TLS could not be spoken once is no reason of what goes wrong later. */
final class TlsFailureTest {

  @Test
  void isForgottenWhenRedisHasAnsweredAgain() throws Exception {
    try (RedisServer server = RedisServer.start();
        RedisFixture fixture = new RedisFixture(server)) {
      fixture.client.connect();
      SSLException failure = new SSLException("Received fatal alert: certificate_expired");
      EmbeddedChannel channel =
          new EmbeddedChannel(new SslHandler(SSLContext.getDefault().createSSLEngine()));
      fixture.client.subscriptions().afterChannelInitialization(channel);
      channel.pipeline().context(SslHandler.class).fireExceptionCaught(failure);
      assertThat(fixture.client.subscriptions().tlsFailure()).isSameAs(failure);

      fixture.client.learnAgain().get(30, TimeUnit.SECONDS);

      assertThat(fixture.client.subscriptions().tlsFailure()).isNull();
    }
  }

  /** Where connecting may take longer than the client library's own limit of a handshake. */
  @Test
  void aHandshakeThatIsNotAnsweredIsTold() {
    RedisSettings settings = new RedisSettings(
        List.of("rediss://redis.example"),
        "rediss://redis.example",
        0,
        Optional.empty(),
        Optional.empty(),
        new TlsSettings(true, Optional.empty(), Optional.empty(), Optional.empty(), true),
        5,
        Duration.ofSeconds(20),
        Duration.ofSeconds(20));
    assertThat(Causes.of(
            new RedisConnectionException("cannot connect"),
            new SslHandshakeTimeoutException("handshake timed out after 10000ms"),
            settings))
        .startsWith("no answer to a TLS handshake; if it does not speak TLS, redis_url must");
  }
}
