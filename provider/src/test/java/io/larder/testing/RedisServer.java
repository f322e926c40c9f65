package io.larder.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis for tests: the one at {@code LARDER_TEST_REDIS_URL}, else a process of the
 * {@code redis-server} on the PATH, else of the binary that the embedded-redis jar carries. A
 * process listens on a free loopback port, keeps nothing on disk, and ends with {@link #close}.
 * With the system property {@code larderTest.redis=bundled} it is the carried binary.
 *
 * <p>Others may use the same Redis: take names from {@link #newNamespace}, and start a server with
 * {@link #startOwn} for whatever disturbs others.
 */
public final class RedisServer implements AutoCloseable {

  private static final int PORT_TRIES = 5;
  private static final long START_MILLIS = 20_000;

  /**
   * Below those that the system gives to connections, which come and go; so is the bus of a
   * cluster's node, which has the port 10,000 above.
   */
  private static final int LOWEST_PORT = 10_000;

  private static final int HIGHEST_PORT = 22_000;

  private final URI uri;
  private final int tlsPort;
  private final List<String> options;
  private final Path directory;
  private Process process;
  private boolean paused;

  private RedisServer(URI uri, int tlsPort, List<String> options, Path directory) {
    this.uri = uri;
    this.tlsPort = tlsPort;
    this.options = options;
    this.directory = directory;
  }

  /** The Redis of {@code LARDER_TEST_REDIS_URL} if that is set, else a process of its own. */
  public static RedisServer start() {
    String external = System.getenv("LARDER_TEST_REDIS_URL");
    if (external == null || external.isBlank()) {
      return startOwn();
    }
    return at(external);
  }

  /** The Redis at a URL, whose process is somebody else's; of several hosts it is the first. */
  public static RedisServer at(String url) {
    return new RedisServer(URI.create(url), 0, List.of(), null);
  }

  /** A process of its own, with options such as {@code "--maxmemory", "8mb"}. */
  public static RedisServer startOwn(String... options) {
    return startOwn(null, options);
  }

  private static RedisServer startOwn(@Nullable ServerTls tls, String... options) {
    for (int i = 1; ; i++) {
      int tlsPort = tls == null ? 0 : freePort();
      List<String> all = new ArrayList<>(List.of(options));
      if (tls != null) {
        all.addAll(tls.options(tlsPort));
      }
      try {
        return start("127.0.0.1", freePort(), tlsPort, all);
      } catch (PortTakenException e) {
        if (i == PORT_TRIES) {
          throw e;
        }
      }
    }
  }

  private static RedisServer start(String host, int port, int tlsPort, List<String> options) {
    try {
      URI uri = URI.create("redis://" + host + ":" + port);
      RedisServer server =
          new RedisServer(uri, tlsPort, options, Files.createTempDirectory("larder-redis"));
      server.startProcess();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same on another loopback address, with the port of one that is there. */
  public static RedisServer startBeside(RedisServer other, String host, String... options) {
    return start(host, other.port(), 0, List.of(options));
  }

  /**
   * A process of the {@code redis-server} on the PATH, for what the carried binary cannot do: TLS,
   * at a port of its own beside the plain one, and being a sentinel.
   *
   * @throws IllegalStateException if there is none on the PATH
   */
  public static RedisServer startInstalled(@Nullable ServerTls tls, String... options) {
    if (installed().isEmpty()) {
      throw new IllegalStateException(
          "this test needs a redis-server on the PATH: .ci/run installs one");
    }
    return startOwn(tls, options);
  }

  /** A sentinel with that file, in which it also keeps its state; see {@link RedisSentinels}. */
  static RedisServer startSentinel(@Nullable ServerTls tls, Path file) {
    return startInstalled(tls, file.toString(), "--sentinel");
  }

  /** A loopback port that nobody listens on now. */
  public static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // It is taken: another.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A name that nothing else uses. */
  public static String newNamespace() {
    return "test-" + UUID.randomUUID();
  }

  /** {@code redis://host:port}, with what the environment's URL has more. */
  public String url() {
    return uri.toString();
  }

  public String host() {
    return uri.getHost();
  }

  public int port() {
    return uri.getPort() < 0 ? 6379 : uri.getPort();
  }

  /** Where it speaks TLS, or else as everybody does. */
  public int safestPort() {
    return tlsPort == 0 ? port() : tlsPort;
  }

  /** Whether it is a process of this test, which may be stopped and configured. */
  public boolean own() {
    return directory != null;
  }

  /** The reply to one command, over a connection of its own: see {@link RespConnection#command}. */
  public Object command(Object... command) {
    try (RespConnection connection = connect()) {
      return connection.command(command);
    }
  }

  /** A connection for raw commands, with the URL's password and database. */
  public RespConnection connect() {
    RespConnection connection = new RespConnection(host(), port());
    String user = uri.getUserInfo();
    if (user != null) {
      String[] parts = user.split(":", 2);
      connection.command(
          parts[0].isEmpty()
              ? new Object[] {"AUTH", parts[1]}
              : new Object[] {"AUTH", parts[0], parts[1]});
    }
    String database = uri.getPath() == null ? "" : uri.getPath().replace("/", "");
    if (!database.isEmpty()) {
      connection.command("SELECT", database);
    }
    return connection;
  }

  /** How often each command was called since the server started, those within scripts included. */
  public TreeMap<String, Long> commandStats() {
    TreeMap<String, Long> stats = new TreeMap<>();
    String info = RespConnection.text(command("INFO", "commandstats"));
    for (String line : info.split("\r\n")) {
      if (line.startsWith("cmdstat_")) {
        String name = line.substring("cmdstat_".length(), line.indexOf(':'));
        String calls = line.substring(line.indexOf("calls=") + 6, line.indexOf(','));
        stats.put(name.toLowerCase(Locale.ROOT), Long.parseLong(calls));
      }
    }
    return stats;
  }

  /** Ends the process as a crash does; what it held is lost. */
  public void kill() {
    try {
      paused = false;
      requireOwn().destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it again on the same port after {@link #kill}, empty. */
  public void startAgain() {
    if (requireOwn().isAlive()) {
      throw new IllegalStateException("it runs");
    }
    startProcess();
  }

  /** Whether its process is there and not paused. */
  public boolean runs() {
    return process != null && process.isAlive() && !paused;
  }

  /** Stops the process where it stands; connections stay open and nothing answers. */
  public void pause() {
    signal("-STOP");
    paused = true;
  }

  /** Lets a paused process go on. */
  public void resume() {
    signal("-CONT");
    paused = false;
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process requireOwn() {
    if (process == null) {
      throw new IllegalStateException("not a process of this test: " + uri.getHost());
    }
    return process;
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(requireOwn().pid()))
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void startProcess() {
    List<String> command = new ArrayList<>(List.of(binary()));
    int files = !options.isEmpty() && !options.get(0).startsWith("--") ? 1 : 0;
    command.addAll(options.subList(0, files));
    command.addAll(List.of("--port", Integer.toString(port()), "--bind", host()));
    command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", directory.toString()));
    command.addAll(options.subList(files, options.size()));
    Path log = directory.resolve("log");
    try {
      process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
      while (!answers()) {
        if (!process.isAlive() || System.nanoTime() - end > 0) {
          process.destroyForcibly().waitFor();
          String said = command + " did not start: " + Files.readString(log);
          throw said.contains("Failed listening on port")
              ? new PortTakenException(said)
              : new IllegalStateException(said);
        }
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean answers() {
    try {
      return process.isAlive() && "PONG".equals(command("PING")) && isThisProcess();
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage()).startsWith("NOAUTH");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** And not one of somebody else's who was faster. */
  private boolean isThisProcess() {
    return RespConnection.text(command("INFO", "server")).contains("process_id:" + process.pid());
  }

  private String binary() {
    return installed().map(Path::toString).orElseGet(this::bundled);
  }

  private static Optional<Path> installed() {
    String path = System.getenv("PATH");
    if ("bundled".equals(System.getProperty("larderTest.redis")) || path == null) {
      return Optional.empty();
    }
    return Arrays.stream(path.split(File.pathSeparator))
        .map(folder -> Path.of(folder, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private String bundled() {
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    boolean arm = System.getProperty("os.arch").matches("aarch64|arm64");
    String name = mac
        ? "redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64")
        : arm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
    Path file = directory.resolve("redis-server");
    try (InputStream in = RedisServer.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalStateException(
            "no redis-server on the PATH, and no " + name + " on the class path");
      }
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      if (!file.toFile().setExecutable(true)) {
        throw new IllegalStateException("cannot be made executable: " + file);
      }
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class PortTakenException extends IllegalStateException {

    private PortTakenException(String message) {
      super(message);
    }
  }
}
