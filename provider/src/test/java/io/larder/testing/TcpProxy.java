package io.larder.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A link to a server whose faults a test chooses: slow, cut in one or both directions, dropped,
 * leading elsewhere, late after its client has gone; and from Redis, single messages to subscribers
 * lost. A cut link is silent, as one is whose cable was pulled: connections stay, bytes wait and go
 * on when it is mended. Two threads a connection.
 */
public final class TcpProxy implements AutoCloseable {

  private static final int CHUNK = 8192;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ServerSocket door;
  private final Set<Closeable> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger messagesToSwallow = new AtomicInteger();
  private final AtomicInteger swallowed = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger late = new AtomicInteger();
  private final AtomicInteger kept = new AtomicInteger();
  private final Map<Socket, Integer> clients = new ConcurrentHashMap<>();
  private volatile int heldUpTo;
  private volatile int silentUpTo;
  private volatile InetSocketAddress server;
  private volatile boolean requestsPass = true;
  private volatile boolean repliesPass = true;
  private volatile boolean refusing;
  private volatile long latencyNanos;
  private volatile long bytesPerSecond = Long.MAX_VALUE;
  private volatile boolean closed;

  private TcpProxy(ServerSocket door, InetSocketAddress server) {
    this.door = door;
    this.server = server;
  }

  /** A link on a free loopback port. */
  public static TcpProxy to(RedisServer redis) {
    try {
      TcpProxy proxy = new TcpProxy(
          new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
          new InetSocketAddress(redis.host(), redis.port()));
      start("proxy " + proxy.door.getLocalPort(), proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "redis://127.0.0.1:" + port();
  }

  public int port() {
    return door.getLocalPort();
  }

  /** From now on every chunk of bytes takes so long, each way. */
  public void slow(long millis) {
    latencyNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** From now on no more than that passes, each way of each connection. */
  public void narrow(long bytesEachSecond) {
    bytesPerSecond = bytesEachSecond;
  }

  /** From now on what the server says does not arrive. */
  public void cutReplies() {
    repliesPass = false;
  }

  /** From now on what clients say does not arrive. */
  public void cutRequests() {
    requestsPass = false;
  }

  /** From now on nothing arrives. */
  public void cut() {
    cutRequests();
    cutReplies();
  }

  /** As good as new; what waited goes on. */
  public void mend() {
    refusing = false;
    requestsPass = true;
    repliesPass = true;
    latencyNanos = 0;
    bytesPerSecond = Long.MAX_VALUE;
  }

  /**
   * From now on nothing arrives on the connections that there are, whatever is mended: as if what
   * stands between had forgotten them. New ones are as good as the link is.
   */
  public void forgetConnections() {
    silentUpTo = connections.get();
  }

  /** Closes all connections. */
  public void drop() {
    sockets.forEach(TcpProxy::quietly);
  }

  /** Closes all connections, and new ones at once. */
  public void refuse() {
    refusing = true;
    drop();
  }

  /** From now on what clients say on the connections that there are is kept; replies pass. */
  public void hold() {
    heldUpTo = connections.get();
  }

  /** Closes the held connections towards the clients only: what is kept can still be sent on. */
  public void hangUp() {
    clients.forEach((client, number) -> {
      if (number <= heldUpTo) {
        quietly(client);
      }
    });
  }

  /** What was kept goes to the server. */
  public void release() {
    heldUpTo = 0;
  }

  /** On how many connections something is kept now. */
  public int kept() {
    return kept.get();
  }

  /** How many times something went to the server whose client had gone. */
  public int late() {
    return late.get();
  }

  /** Closes all connections; new ones lead to another server. */
  public void redirect(RedisServer redis) {
    server = new InetSocketAddress(redis.host(), redis.port());
    drop();
  }

  /** The next messages to subscribers are lost. */
  public void swallowMessages(int count) {
    messagesToSwallow.set(count);
  }

  /** How many messages were lost. */
  public int swallowed() {
    return swallowed.get();
  }

  @Override
  public void close() {
    closed = true;
    quietly(door);
    drop();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = door.accept();
        connect(client);
      } catch (IOException e) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private void connect(Socket client) throws IOException {
    InetSocketAddress target = server;
    Socket toServer = new Socket();
    sockets.add(client);
    sockets.add(toServer);
    try {
      if (!refusing) {
        toServer.connect(target, 10_000);
        client.setTcpNoDelay(true);
        toServer.setTcpNoDelay(true);
      }
    } catch (IOException e) {
      forget(client, toServer);
      return;
    }
    // The link may have changed since: who closes what is open has not seen all of this one.
    if (refusing || closed || target != server) {
      forget(client, toServer);
      return;
    }
    int number = connections.incrementAndGet();
    clients.put(client, number);
    start("requests", () -> pump(client, toServer, number, false));
    start("replies", () -> pump(toServer, client, number, true));
  }

  private void forget(Socket client, Socket toServer) {
    quietly(client);
    quietly(toServer);
    sockets.remove(client);
    sockets.remove(toServer);
  }

  private void pump(Socket from, Socket to, int number, boolean replies) {
    try (from;
        to) {
      InputStream in = new BufferedInputStream(from.getInputStream());
      OutputStream out = to.getOutputStream();
      Replies parsed = new Replies(in);
      byte[] chunk = new byte[CHUNK];
      while (true) {
        byte[] bytes = replies ? parsed.next() : some(in, chunk);
        if (bytes == null) {
          return;
        }
        pass(bytes.length, replies);
        lose(number);
        if (!replies) {
          keep(number);
        }
        if (!replies && from.isClosed()) {
          late.incrementAndGet();
        }
        if (replies && Replies.isMessage(bytes) && swallow()) {
          continue;
        }
        out.write(bytes);
        out.flush();
      }
    } catch (IOException e) {
      // The connection is gone: both ends close.
    } finally {
      sockets.remove(from);
      sockets.remove(to);
      clients.remove(from);
    }
  }

  private void lose(int number) throws EOFException {
    while (number <= silentUpTo) {
      if (closed) {
        throw new EOFException();
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void keep(int number) {
    if (number <= heldUpTo) {
      kept.incrementAndGet();
      while (number <= heldUpTo && !closed) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
      kept.decrementAndGet();
    }
  }

  private boolean swallow() {
    if (messagesToSwallow.getAndUpdate(count -> Math.max(0, count - 1)) == 0) {
      return false;
    }
    swallowed.incrementAndGet();
    return true;
  }

  private static byte[] some(InputStream in, byte[] chunk) throws IOException {
    int length = in.read(chunk);
    return length < 0 ? null : java.util.Arrays.copyOf(chunk, length);
  }

  /** Waits as long as the link's state says, which may change meanwhile. */
  private void pass(int bytes, boolean reply) throws IOException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < delayNanos(bytes) || !(reply ? repliesPass : requestsPass)) {
      if (closed) {
        throw new EOFException();
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private long delayNanos(int bytes) {
    long rate = bytesPerSecond;
    return latencyNanos + (rate == Long.MAX_VALUE ? 0 : TimeUnit.SECONDS.toNanos(bytes) / rate);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "tcp-proxy " + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void quietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // It was closing already.
    }
  }

  /** Replies of Redis one by one, as they are, so that a message can be taken out whole. */
  private static final class Replies {

    private static final byte[] MESSAGE =
        "*3\r\n$7\r\nmessage\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final ByteArrayOutputStream reply = new ByteArrayOutputStream();

    Replies(InputStream in) {
      this.in = in;
    }

    static boolean isMessage(byte[] reply) {
      return reply.length > MESSAGE.length
          && reply[0] != '$'
          && java.util.Arrays.equals(reply, 1, MESSAGE.length, MESSAGE, 1, MESSAGE.length);
    }

    /** Null at the end. */
    byte[] next() throws IOException {
      reply.reset();
      int first = in.read();
      if (first < 0) {
        return null;
      }
      element(first);
      return reply.toByteArray();
    }

    private void element(int type) throws IOException {
      int length = line(type);
      switch (type) {
        case '$', '=', '!' -> {
          if (length >= 0) {
            byte[] body = in.readNBytes(length + 2);
            reply.write(body);
          }
        }
        case '*', '>', '~' -> elements(length);
        case '%' -> elements(2 * length);
        default -> {}
      }
    }

    private void elements(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        int type = in.read();
        if (type < 0) {
          throw new EOFException();
        }
        element(type);
      }
    }

    /** Takes in a line, and answers the number in it, if it has one. */
    private int line(int type) throws IOException {
      reply.write(type);
      StringBuilder text = new StringBuilder();
      for (int next = in.read(); ; next = in.read()) {
        if (next < 0) {
          throw new EOFException();
        }
        reply.write(next);
        if (next == '\n') {
          break;
        }
        if (next != '\r') {
          text.append((char) next);
        }
      }
      return "$=!*>~%".indexOf(type) < 0 ? 0 : Integer.parseInt(text.toString());
    }
  }
}
