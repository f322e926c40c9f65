package io.larder.store.redis;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Deque;
import java.util.List;
import org.redisson.client.RedisConnection;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisPubSubConnection;
import org.redisson.client.handler.CommandsQueue;
import org.redisson.client.protocol.QueueCommandHolder;

/**
 * Ends at once what waits for a reply from a connection that is gone. The client library tells only
 * the first command in line, when it has connected anew; the others would wait for their timeout.
 */
@Sharable
final class LostReplies extends ChannelInboundHandlerAdapter {

  /** A connection ended before the reply; whether the command was carried out is not known. */
  static final class ConnectionLostException extends RedisConnectionException {

    private static final long serialVersionUID = 1L;

    ConnectionLostException() {
      super("the connection ended before the reply");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    Deque<QueueCommandHolder> waiting =
        context.channel().attr(CommandsQueue.COMMANDS_QUEUE).get();
    if (waiting != null
        && !(RedisConnection.getFrom(context.channel()) instanceof RedisPubSubConnection)) {
      for (QueueCommandHolder holder : List.copyOf(waiting)) {
        holder.getCommand().tryFailure(new ConnectionLostException());
      }
    }
    super.channelInactive(context);
  }
}
