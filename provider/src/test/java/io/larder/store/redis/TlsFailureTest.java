package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** Why TLS could not be spoken once is no reason of what goes wrong later. */
final class TlsFailureTest {

  @Test
  void isForgottenWhenRedisHasAnsweredAgain() throws Exception {
    try (RedisFixture fixture = new RedisFixture(RedisServer.start())) {
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
}
