package io.larder.store.redis;

import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.InetSocketAddressResolver;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.redisson.connection.AddressResolverGroupFactory;

/**
 * Looks host names up as the JDK does, so that Larder finds what all else in the process finds, and
 * notices changes when the JDK does ({@code networkaddress.cache.ttl}). A name that cannot be
 * looked up any more leads where it led last. A lookup may take long: none is made on a thread that
 * moves bytes. Thread-safe.
 */
final class HostNames implements AddressResolverGroupFactory {

  private final Executor lookups;
  private final Map<String, List<InetAddress>> last = new ConcurrentHashMap<>();

  /** @param lookups where names are looked up */
  HostNames(Executor lookups) {
    this.lookups = lookups;
  }

  @Override
  public AddressResolverGroup<InetSocketAddress> create(
      Class<? extends DatagramChannel> datagrams,
      Class<? extends SocketChannel> sockets,
      DnsServerAddressStreamProvider servers) {
    return new AddressResolverGroup<>() {
      @Override
      protected AddressResolver<InetSocketAddress> newResolver(EventExecutor loop) {
        return new InetSocketAddressResolver(loop, new Names(loop));
      }
    };
  }

  private List<InetAddress> addresses(String name) throws UnknownHostException {
    try {
      List<InetAddress> found = List.of(InetAddress.getAllByName(name));
      last.put(name, found);
      return found;
    } catch (UnknownHostException e) {
      List<InetAddress> known = last.get(name);
      if (known == null) {
        throw e;
      }
      return known;
    }
  }

  private final class Names extends InetNameResolver {

    Names(EventExecutor loop) {
      super(loop);
    }

    @Override
    protected void doResolve(String name, Promise<InetAddress> found) {
      look(name, addresses -> addresses.get(0), found);
    }

    @Override
    protected void doResolveAll(String name, Promise<List<InetAddress>> found) {
      look(name, addresses -> addresses, found);
    }

    private <T> void look(String name, Function<List<InetAddress>, T> part, Promise<T> found) {
      try {
        lookups.execute(() -> answer(name, part, found));
      } catch (RejectedExecutionException e) {
        found.tryFailure(e);
      }
    }

    /** Nobody waits for an answer once the loop ends. */
    private <T> void answer(String name, Function<List<InetAddress>, T> part, Promise<T> found) {
      try {
        T answer = part.apply(addresses(name));
        if (!executor().isShuttingDown()) {
          found.trySuccess(answer);
        }
      } catch (UnknownHostException | RuntimeException e) {
        if (!executor().isShuttingDown()) {
          found.tryFailure(e);
        }
      }
    }
  }
}
