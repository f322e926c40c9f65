package io.larder.store.redis;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.redisson.client.ChannelName;
import org.redisson.client.NettyHook;
import org.redisson.client.RedisConnection;
import org.redisson.client.RedisPubSubConnection;
import org.redisson.pubsub.PubSubConnectionEntry;

/**
 * Watches a client's connections: those that carry subscriptions, since the client library
 * resubscribes without telling that there was a gap, and all of them until they are closed. Tells
 * in the thread of the messages, so that the news stands in line with them.
 */
final class Subscriptions implements NettyHook {

  private final Executor messages;
  private final Set<InvalidationChannel<?>> channels = ConcurrentHashMap.newKeySet();
  private final Set<Channel> open = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;
  private volatile @Nullable Throwable tlsFailure;

  Subscriptions(Executor messages) {
    this.messages = messages;
  }

  void add(InvalidationChannel<?> channel) {
    channels.add(channel);
  }

  void remove(InvalidationChannel<?> channel) {
    channels.remove(channel);
  }

  /** Whether one of that name hears through a connection; in the thread of the messages. */
  boolean anyHears(ChannelName name, PubSubConnectionEntry at) {
    return channels.stream().anyMatch(each -> each.name().equals(name) && each.hears(at));
  }

  /** Runs something in the thread of the messages, unless the client is closed. */
  void inLine(Runnable news) {
    try {
      messages.execute(news);
    } catch (RejectedExecutionException e) {
      // The client is closed: nobody is left to tell.
    }
  }

  /** Why TLS could not be spoken lately, if so. */
  @Nullable
  Throwable tlsFailure() {
    return tlsFailure;
  }

  /** What was wrong with TLS before is news no more. */
  void forgetTlsFailure() {
    tlsFailure = null;
  }

  @Override
  public void afterBoostrapInitialization(Bootstrap bootstrap) {}

  @Override
  public void afterChannelInitialization(Channel channel) {
    open.add(channel);
    channel.closeFuture().addListener(unused -> open.remove(channel));
    LostReplies.watch(channel, cause -> tlsFailure = cause);
    channel.pipeline().addFirst(new Watch());
    if (ending) {
      channel.close();
    }
  }

  /**
   * Closes all channels, and from now on each that is opened: a loop that ends closes what it has
   * and may open one more after that, from a task that was waiting.
   */
  void end() {
    ending = true;
    open.forEach(Channel::close);
  }

  private final class Watch extends ChannelInboundHandlerAdapter {

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      if (RedisConnection.getFrom(context.channel()) instanceof RedisPubSubConnection connection) {
        Set<ChannelName> lost = Set.copyOf(connection.getChannels().keySet());
        inLine(() -> tellDown(lost));
      }
      super.channelInactive(context);
    }
  }

  private void tellDown(Set<ChannelName> lost) {
    for (InvalidationChannel<?> channel : channels) {
      if (lost.contains(channel.name())) {
        channel.down();
      }
    }
  }
}
