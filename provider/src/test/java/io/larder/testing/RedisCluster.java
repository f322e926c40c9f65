package io.larder.testing;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis Cluster for tests: three masters with a replica each, processes of this machine. It
 * ends with {@link #close}.
 */
public final class RedisCluster implements AutoCloseable {

  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;
  private static final int SLOTS_PER_COMMAND = 1_000;
  private static final String LOOPBACK = "127.0.0.1";
  private static final long PATIENCE_SECONDS = 60;
  private static final long FAILOVER_NANOS = TimeUnit.SECONDS.toNanos(8);

  private final List<RedisServer> nodes = new ArrayList<>();
  private final @Nullable ServerTls tls;

  private RedisCluster(@Nullable ServerTls tls) {
    this.tls = tls;
  }

  /** Starts one, with options such as {@code "--cluster-node-timeout", "1000"}. */
  public static RedisCluster start(String... options) {
    return start(null, options);
  }

  /** Starts one that speaks TLS with clients and among its nodes; this test asks in plain text. */
  public static RedisCluster start(@Nullable ServerTls tls, String... options) {
    RedisCluster cluster = new RedisCluster(tls);
    try {
      cluster.startNodes(options);
      cluster.meet();
      cluster.shareSlots();
      cluster.addReplicas();
      cluster.awaitWhole();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** A URL with all nodes. */
  public String url() {
    return nodes.stream()
        .map(node -> LOOPBACK + ":" + node.safestPort())
        .collect(Collectors.joining(",", tls == null ? "redis://" : "rediss://", ""));
  }

  /** The cluster as the fixtures of one server name it: by one node and {@code cluster=true}. */
  public RedisServer asServer() {
    return RedisServer.at("redis://" + LOOPBACK + ":" + nodes.get(0).port() + "?cluster=true");
  }

  public List<RedisServer> nodes() {
    return List.copyOf(nodes);
  }

  /** Who now has slots. */
  public List<RedisServer> masters() {
    return owners().stream().map(Owner::master).distinct().toList();
  }

  /** Who now has the slot of that key. */
  public RedisServer masterOf(Object key) {
    return ownerOf(slotOf(key)).master();
  }

  public int slotOf(Object key) {
    return ((Long) alive().command("CLUSTER", "KEYSLOT", key)).intValue();
  }

  /** Who now follows that master. */
  public RedisServer replicaOf(RedisServer master) {
    return owners().stream()
        .filter(owner -> owner.master() == master)
        .flatMap(owner -> owner.replicas().stream())
        .findFirst()
        .orElseThrow();
  }

  /** Has a replica take its master's place, in agreement with it; it has when this returns. */
  public void failOver(RedisServer master) {
    RedisServer replica = replicaOf(master);
    long[] asked = {0};
    await("a replica takes over", () -> {
      if (masters().contains(replica)) {
        return true;
      }
      // Redis itself gives it up after five seconds, in which a busy machine may have stood still.
      if (asked[0] == 0 || System.nanoTime() - asked[0] > FAILOVER_NANOS) {
        replica.command("CLUSTER", "FAILOVER");
        asked[0] = System.nanoTime();
      }
      return false;
    });
  }

  /** Waits until a master that does not answer has been replaced. */
  public void awaitFailedOver(RedisServer lost) {
    await("the lost master is replaced", () -> {
      List<Owner> owners = owners();
      return owners.stream().noneMatch(owner -> owner.master() == lost) && isWhole(lost);
    });
  }

  /** Moves a slot to another master key by key, as {@code redis-cli --cluster reshard} does. */
  public void move(int slot, RedisServer target, long pauseMillis) {
    RedisServer source = ownerOf(slot).master();
    target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", idOf(source));
    source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", idOf(target));
    while (true) {
      List<?> keys = (List<?>) source.command("CLUSTER", "GETKEYSINSLOT", slot, 10);
      if (keys.isEmpty()) {
        break;
      }
      for (Object key : keys) {
        source.command("MIGRATE", LOOPBACK, target.port(), key, 0, 5000);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
    }
    String owner = idOf(target);
    target.command("CLUSTER", "SETSLOT", slot, "NODE", owner);
    source.command("CLUSTER", "SETSLOT", slot, "NODE", owner);
    await("the slot is moved", () -> ownerOf(slot).master() == target);
  }

  /** Waits until every node knows a whole cluster, and every replica follows its master. */
  public void awaitWhole() {
    await("the cluster is whole", () -> isWhole(null));
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }

  private record Owner(int first, int last, RedisServer master, List<RedisServer> replicas) {}

  private void startNodes(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--cluster-enabled", "yes", "--repl-diskless-sync-delay", "0"));
    if (!all.contains("--cluster-node-timeout")) {
      all.addAll(List.of("--cluster-node-timeout", "5000"));
    }
    if (tls != null) {
      all.addAll(List.of("--tls-cluster", "yes"));
    }
    for (int i = 0; i < 2 * MASTERS; i++) {
      nodes.add(
          tls == null
              ? RedisServer.startOwn(all.toArray(String[]::new))
              : RedisServer.startInstalled(tls, all.toArray(String[]::new)));
    }
  }

  private void meet() {
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
    }
    for (RedisServer one : nodes) {
      for (RedisServer other : nodes) {
        if (one.port() < other.port()) {
          one.command("CLUSTER", "MEET", LOOPBACK, other.safestPort());
        }
      }
    }
    await(
        "the nodes have met",
        () -> nodes.stream()
            .map(node -> RespConnection.text(node.command("CLUSTER", "NODES")))
            .allMatch(list -> list.lines().count() == nodes.size() && !list.contains("handshake")));
  }

  private void shareSlots() {
    for (int i = 0; i < MASTERS; i++) {
      int end = SLOTS * (i + 1) / MASTERS;
      for (int from = SLOTS * i / MASTERS; from < end; from += SLOTS_PER_COMMAND) {
        List<Object> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        IntStream.range(from, Math.min(end, from + SLOTS_PER_COMMAND)).forEach(command::add);
        nodes.get(i).command(command.toArray());
      }
    }
  }

  private void addReplicas() {
    for (int i = 0; i < MASTERS; i++) {
      nodes.get(MASTERS + i).command("CLUSTER", "REPLICATE", idOf(nodes.get(i)));
    }
  }

  private boolean isWhole(RedisServer without) {
    return nodes.stream().filter(node -> node != without).allMatch(node -> {
      String state = RespConnection.text(node.command("CLUSTER", "INFO"));
      String role = RespConnection.text(node.command("INFO", "replication"));
      return state.contains("cluster_state:ok")
          && state.contains("cluster_slots_ok:" + SLOTS)
          && (role.contains("role:master") || role.contains("master_link_status:up"))
          && (without != null || knowsReplicas(node));
    });
  }

  private static boolean knowsReplicas(RedisServer node) {
    return ((List<?>) node.command("CLUSTER", "SLOTS"))
        .stream().allMatch(range -> ((List<?>) range).size() > 3);
  }

  private Owner ownerOf(int slot) {
    return owners().stream()
        .filter(owner -> owner.first() <= slot && slot <= owner.last())
        .findFirst()
        .orElseThrow();
  }

  private List<Owner> owners() {
    return ((List<?>) alive().command("CLUSTER", "SLOTS"))
        .stream().map(range -> owner((List<?>) range)).toList();
  }

  private Owner owner(List<?> range) {
    List<RedisServer> servers = range.subList(2, range.size()).stream()
        .map(node -> node((List<?>) node))
        .toList();
    return new Owner(
        ((Long) range.get(0)).intValue(),
        ((Long) range.get(1)).intValue(),
        servers.get(0),
        servers.subList(1, servers.size()));
  }

  private RedisServer node(List<?> hostPortAndId) {
    int port = ((Long) hostPortAndId.get(1)).intValue();
    return nodes.stream().filter(node -> node.port() == port).findFirst().orElseThrow();
  }

  /** A node that answers and is with the majority, as far as is seen from it. */
  private RedisServer alive() {
    List<RedisServer> answering = nodes.stream().filter(RedisServer::runs).toList();
    return answering.stream()
        .filter(node ->
            RespConnection.text(node.command("CLUSTER", "INFO")).contains("cluster_state:ok"))
        .findFirst()
        .orElse(answering.get(0));
  }

  private static String idOf(RedisServer node) {
    return RespConnection.text(node.command("CLUSTER", "MYID"));
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds(condition)) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("not within " + PATIENCE_SECONDS + " s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private static boolean holds(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (IllegalStateException | UncheckedIOException e) {
      return false;
    }
  }
}
