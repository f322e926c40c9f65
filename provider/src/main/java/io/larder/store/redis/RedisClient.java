package io.larder.store.redis;

import io.larder.config.RedisSettings;
import io.larder.config.Topology;
import io.larder.store.Budget;
import io.netty.util.HashedWheelTimer;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.BatchOptions;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.command.CommandAsyncExecutor;
import org.redisson.config.Config;
import org.redisson.connection.MasterSlaveEntry;

/**
 * The connections to one Redis, with the threads that serve them and what is known of its clock.
 * Handed out by {@link RedisClients}; each user closes it once. Thread-safe.
 */
public final class RedisClient implements AutoCloseable {

  private static final RedisCommand<Object> PING = new RedisCommand<>("PING");
  private static final long CLOCK_SECONDS = 30;
  private static final long CLOSE_SECONDS = 1;

  private final RedisSettings settings;
  private final Runnable release;
  private final ClientThreads threads = ClientThreads.start();
  private final ServerClocks clocks = new ServerClocks();
  private final Subscriptions subscriptions = new Subscriptions(threads.messages());
  private final Redisson redisson;
  private final CommandAsyncExecutor commands;
  private final List<String> remarks;
  private @Nullable CompletableFuture<Void> connecting;
  private volatile boolean connected;
  private volatile boolean shutDown;

  RedisClient(RedisSettings settings, Runnable release) {
    this.settings = settings;
    this.release = release;
    try {
      Config config = ClientConfig.of(settings, threads);
      config.setNettyHook(subscriptions);
      redisson = (Redisson) Redisson.create(config);
    } catch (RuntimeException e) {
      threads.stop();
      throw e;
    }
    commands = redisson.getCommandExecutor();
    remarks = letTimerDie(redisson.getServiceManager().getTimer());
  }

  /**
   * Connects, if that is not done.
   *
   * @throws RedisUnavailableException if Redis cannot be reached within the connect timeout
   */
  public void connect() {
    connect(Budget.startingNow(
        settings.connectTimeout().plus(settings.operationTimeout()).toNanos()));
  }

  /** The same with a budget of both timeouts. */
  void connect(Budget both) {
    ensureConnected(both, new Causes.BothTimeoutsException());
  }

  /**
   * What its users should know of it. The client is shared by managers whose {@code log_level} may
   * differ, so it writes no messages itself: each manager writes these through its own floor.
   */
  public List<String> remarks() {
    return remarks;
  }

  /** Lets go of it; the last user's call ends connections and threads. */
  @Override
  public void close() {
    release.run();
  }

  RedisSettings settings() {
    return settings;
  }

  ServerClocks clocks() {
    return clocks;
  }

  /** The clock of the master to which a key's commands go, as far as is known here. */
  ServerClock clockOf(byte[] slotKey) {
    MasterSlaveEntry master = masterOf(slotKey);
    return clocks.of(master == null ? this : master.getClient());
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  ScheduledExecutorService background() {
    return threads.background();
  }

  Redisson redisson() {
    return redisson;
  }

  boolean isShutDown() {
    return shutDown;
  }

  /** Whether one command may name keys of several buckets. */
  boolean oneServer() {
    return settings.topology() != Topology.CLUSTER
        && !redisson.getServiceManager().isClusterSetup();
  }

  /** Whether another server may take the place of one. */
  boolean severalServers() {
    return settings.topology() != Topology.SINGLE;
  }

  /** The master of a key's slot; null while none is known. */
  @Nullable
  MasterSlaveEntry masterOf(byte[] slotKey) {
    var connections = commands.getConnectionManager();
    return connections.getWriteEntry(connections.calcSlot(slotKey));
  }

  /** Every master. */
  Collection<MasterSlaveEntry> masters() {
    return commands.getConnectionManager().getEntrySet();
  }

  /** Waits until the connection was made once; the work is done in the background. */
  void ensureConnected(Budget budget) {
    if (!connected) {
      ensureConnected(budget, null);
    }
  }

  private void ensureConnected(Budget budget, @Nullable TimeoutException late) {
    if (connected) {
      return;
    }
    try {
      connecting().get(Math.max(0, budget.remainingNanos()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw unreachable(e.getCause());
    } catch (TimeoutException e) {
      throw unreachable(late == null ? e : late);
    }
  }

  /** Whether the connection was made once; if not, it is being made when this returns. */
  boolean isConnectedElseConnect() {
    if (!connected && !shutDown) {
      connecting();
    }
    return connected;
  }

  private synchronized CompletableFuture<Void> connecting() {
    CompletableFuture<Void> now = connecting;
    if (now == null || (now.isCompletedExceptionally() && !shutDown)) {
      now = CompletableFuture.runAsync(this::connectNow, threads.background());
      connecting = now;
    }
    return now;
  }

  private void connectNow() {
    subscriptions.forgetTlsFailure();
    commands.getConnectionManager().getEntrySet();
    subscriptions.forgetTlsFailure();
    learnTime().join();
    loadScripts().join();
    connected = true;
    threads
        .background()
        .scheduleWithFixedDelay(this::learnAgain, CLOCK_SECONDS, CLOCK_SECONDS, TimeUnit.SECONDS);
  }

  /** From time to time; what was wrong with TLS before an answer came is forgotten. */
  CompletableFuture<Void> learnAgain() {
    return learnTime().thenRun(subscriptions::forgetTlsFailure);
  }

  /** Asks all masters for their time; fails if none tells. */
  CompletableFuture<Void> learnTime() {
    List<CompletableFuture<?>> learning = new ArrayList<>();
    for (MasterSlaveEntry master : masters()) {
      ServerClock clock = clocks.of(master.getClient());
      long sent = System.nanoTime();
      learning.add(send(master, Call.TIME).thenAccept(reply -> learnTime(clock, sent, reply)));
    }
    return oneOf(learning)
        .thenRun(() ->
            clocks.retain(masters().stream().map(MasterSlaveEntry::getClient).toList()));
  }

  /** Takes in a reply to TIME. */
  static void learnTime(ServerClock clock, long sentNanos, Object reply) {
    List<?> parts = (List<?>) reply;
    long micros = decimal((byte[]) parts.get(0)) * 1_000_000 + decimal((byte[]) parts.get(1));
    clock.learn(sentNanos, System.nanoTime(), micros);
  }

  /** Ends when all have ended, and fails only if all have failed. */
  private static CompletableFuture<Void> oneOf(List<CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .exceptionallyCompose(
            failure -> futures.stream().allMatch(CompletableFuture::isCompletedExceptionally)
                ? CompletableFuture.failedFuture(failure)
                : CompletableFuture.completedFuture(null));
  }

  private static long decimal(byte[] digits) {
    return Long.parseLong(new String(digits, java.nio.charset.StandardCharsets.US_ASCII));
  }

  /**
   * Asks every master for a sign of life, and connects before if that is not done. Waits for
   * nothing and throws nothing: what is wrong is the future's failure.
   */
  public CompletableFuture<Void> ping() {
    try {
      return connected ? pingMasters() : connecting().thenCompose(made -> pingMasters());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Void> pingMasters() {
    return CompletableFuture.allOf(
        masters().stream().map(master -> send(master, PING)).toArray(CompletableFuture[]::new));
  }

  /** Sends one command to the master of its slot. */
  CompletableFuture<Object> send(Call call) {
    return commands
        .<Object, Object>writeAsync(
            call.slotKey(), ByteArrayCodec.INSTANCE, call.command(), call.wire())
        .toCompletableFuture();
  }

  /** Sends one command to one master. */
  CompletableFuture<Object> send(
      MasterSlaveEntry master, RedisCommand<Object> command, Object... arguments) {
    return commands
        .<Object, Object>writeAsync(master, ByteArrayCodec.INSTANCE, command, arguments)
        .toCompletableFuture();
  }

  /** Sends commands in one pipeline to each master, in their order; a future for each. */
  List<CompletableFuture<Object>> sendAll(List<Call> calls) {
    Map<@Nullable MasterSlaveEntry, Pipeline> pipelines = new HashMap<>();
    List<CompletableFuture<Object>> replies = new ArrayList<>(calls.size());
    for (Call call : calls) {
      Pipeline pipeline = pipelines.computeIfAbsent(
          masterOf(call.slotKey()),
          master -> new Pipeline(commands.createCommandBatchService(BatchOptions.defaults())));
      replies.add(pipeline.add(call));
    }
    pipelines.values().forEach(Pipeline::send);
    return replies;
  }

  /** Makes all scripts known to all masters that answer; fails if none does. */
  CompletableFuture<Void> loadScripts() {
    List<CompletableFuture<?>> loading = new ArrayList<>();
    for (MasterSlaveEntry master : masters()) {
      for (Script script : Script.values()) {
        loading.add(commands
            .writeAsync(master, StringCodec.INSTANCE, RedisCommands.SCRIPT_LOAD, script.text())
            .toCompletableFuture());
      }
    }
    return oneOf(loading);
  }

  RedisUnavailableException unreachable(@Nullable Throwable cause) {
    return new RedisUnavailableException(unreachableBecause(cause), cause);
  }

  /** The message about a Redis that cannot be reached, with what lies at the bottom of it. */
  String unreachableBecause(@Nullable Throwable cause) {
    return "Redis at " + settings.maskedUrl() + " cannot be reached" + reason(cause);
  }

  /** What lies at the bottom of it, in brackets; empty if nothing is known. */
  String reason(@Nullable Throwable cause) {
    String reason = Causes.of(cause, subscriptions.tlsFailure(), settings);
    return reason.isBlank() ? "" : " (" + reason + ")";
  }

  /** The error's own text: what the client library adds names arguments. */
  static String firstWords(String message) {
    String line = message.lines().findFirst().orElse("");
    int end = line.indexOf(". channel:");
    return end < 0 ? line : line.substring(0, end);
  }

  void shutDown() {
    synchronized (this) {
      if (shutDown) {
        return;
      }
      shutDown = true;
    }
    redisson.shutdown(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    subscriptions.end();
    threads.stop();
  }

  /**
   * Makes the client library's timer thread a daemon; where that is refused, an application that
   * does not close its caches has to call {@code System.exit}.
   */
  private static List<String> letTimerDie(HashedWheelTimer timer) {
    try {
      Field worker = HashedWheelTimer.class.getDeclaredField("workerThread");
      worker.setAccessible(true);
      ((Thread) worker.get(timer)).setDaemon(true);
      return List.of();
    } catch (ReflectiveOperationException | RuntimeException e) {
      return List.of("the Redis client's timer thread stays as it is: " + e);
    }
  }
}
