package io.larder.store.redis;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisConnection;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisPubSubConnection;
import org.redisson.client.handler.CommandsQueue;
import org.redisson.client.protocol.QueueCommandHolder;

/**
 * Ends at once what waits for a reply from a connection that is gone. The client library tells only
 * the first command in line, when it has connected anew; the others would wait for their timeout.
 */
final class LostReplies extends ChannelInboundHandlerAdapter {

  /** A connection ended before the reply; whether the command was carried out is not known. */
  static final class ConnectionLostException extends RedisConnectionException {

    private static final long serialVersionUID = 1L;

    ConnectionLostException(@Nullable Throwable cause) {
      super("the connection ended before the reply", cause);
    }
  }

  private @Nullable Throwable failure;

  private final Consumer<Throwable> tlsFailures;

  private LostReplies(Consumer<Throwable> tlsFailures) {
    this.tlsFailures = tlsFailures;
  }

  /**
   * Watches a channel that has all its other handlers.
   *
   * @param tlsFailures told why TLS could not be spoken, which the client library does not always
   *     hand on
   */
  static void watch(Channel channel, Consumer<Throwable> tlsFailures) {
    LostReplies watch = new LostReplies(tlsFailures);
    channel.pipeline().addFirst(watch);
    if (channel.pipeline().get(SslHandler.class) != null) {
      String tls = channel.pipeline().context(SslHandler.class).name();
      channel.pipeline().addAfter(tls, null, watch.new Alerts());
    }
  }

  /** Keeps why TLS ended a connection: the other side may say so after the handshake. */
  private final class Alerts extends ChannelInboundHandlerAdapter {

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
      failure = cause;
      tlsFailures.accept(cause);
      super.exceptionCaught(context, cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    Deque<QueueCommandHolder> waiting =
        context.channel().attr(CommandsQueue.COMMANDS_QUEUE).get();
    if (waiting != null
        && !(RedisConnection.getFrom(context.channel()) instanceof RedisPubSubConnection)) {
      for (QueueCommandHolder holder : List.copyOf(waiting)) {
        holder.getCommand().tryFailure(new ConnectionLostException(failure));
      }
    }
    super.channelInactive(context);
  }
}
