package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Fleet;
import io.larder.history.Peer;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The name of Redis leads to another server, as after a failover that is told by DNS. */
@ExtendWith(Trials.class)
final class MovedNameTest {

  private static final String NAME = "redis.larder.test";
  private static final String OTHER_HOST = "127.0.0.2";
  private static final int PROCESSES = 2;

  /** While the name is lost no call has to fail: no busy machine is to make one. */
  private static final long TIMEOUT_MILLIS = 6_000;

  /** From the name's move: looked up each second, and the slack of a busy machine. */
  private static final long MOVED_MILLIS = 10_000;

  /** A process that still asks the old server sees what that has from the new one, and when. */
  private static final long LAG_NANOS = TimeUnit.MILLISECONDS.toNanos(MOVED_MILLIS);

  private Path directory;

  private record Servers(RedisServer old, RedisServer next, Path names) {}

  private interface Harm {
    void done(Trial trial, Servers servers, Runnable move) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    directory = Files.createTempDirectory("larder-names");
  }

  @AfterEach
  void stop() throws IOException {
    for (String file : List.of("hosts", "next", "security")) {
      Files.deleteIfExists(directory.resolve(file));
    }
    Files.delete(directory);
  }

  /** Before that the name is lost for a while, of which nothing comes: it leads where it led. */
  @Test
  void theOldServerIsDead(Trial trial) throws IOException {
    trial.with("operation_timeout_ms=" + TIMEOUT_MILLIS).allowingLongCalls(TIMEOUT_MILLIS);
    moved(trial, (moving, servers, move) -> {
      Files.writeString(servers.names(), "");
      moving.fleet().forgetTimes();
      Trial.last(1_500);
      moving.tellsOfNothing();
      for (int i = 0; i < PROCESSES; i++) {
        assertThat(moving.fleet().times(i).failures())
            .as("while the name is lost")
            .isZero();
      }
      handOver(servers);
      servers.old().kill();
      moving.tellsOfOutage();
      move.run();
    });
  }

  /** It has become a replica of the new one; connections to it stay as they were. */
  @Test
  void theOldServerIsDemoted(Trial trial) throws IOException {
    moved(trial, (moving, servers, move) -> {
      moving.promising(promises -> promises.lagging(LAG_NANOS));
      handOver(servers);
      servers.old().command("REPLICAOF", servers.next().host(), servers.next().port());
      servers.old().command("CLIENT", "UNPAUSE");
      Trial.last(700);
      moving.tellsOfFault("READONLY");
      move.run();
    });
  }

  /** Nothing is lost: the old master takes no writes while the replica catches up. */
  private static void handOver(Servers servers) {
    servers.old().command("CLIENT", "PAUSE", 60_000, "WRITE");
    Redises.awaitCaughtUp(servers.old(), servers.next());
    servers.next().command("REPLICAOF", "NO", "ONE");
  }

  private void moved(Trial trial, Harm harm) throws IOException {
    Path names = directory.resolve("hosts");
    try (RedisServer old = RedisServer.startOwn();
        RedisServer next =
            RedisServer.startBeside(old, OTHER_HOST, "--replicaof", old.host() + " " + old.port());
        Fleet fleet = Fleet.of(processes(names))) {
      Redises.awaitReplica(next);
      lead(names, old);
      Trial moving = trial.on(fleet);
      moving.begin("redis://" + NAME + ":" + old.port());
      long[] movedAt = {0};
      long[] stalledBefore = {0};
      harm.done(moving, new Servers(old, next, names), () -> {
        lead(names, next);
        movedAt[0] = System.nanoTime();
        stalledBefore[0] = trial.figures().stalls().millis();
      });
      awaitUsers(next);
      long connected = System.nanoTime() - movedAt[0];
      long stalled = trial.figures().stalls().millis() - stalledBefore[0];
      moving.heals();
      trial.figures().figure("a name has moved, all processes are there after", connected);
      if (old.runs()) {
        Redises.await(() -> users(old) == 0);
      }
      moving.finish();
      assertThat(connected).isLessThan(TimeUnit.MILLISECONDS.toNanos(MOVED_MILLIS + stalled));
    }
  }

  /** JVMs that look names up in that file, and remember nothing. */
  private List<Peer.Child> processes(Path names) throws IOException {
    Path security = directory.resolve("security");
    Files.writeString(
        security, "networkaddress.cache.ttl=0\nnetworkaddress.cache.negative.ttl=0\n");
    List<String> options =
        List.of("-Djdk.net.hosts.file=" + names, "-Djava.security.properties=" + security);
    List<Peer.Child> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(Peer.child("process " + i, List.of(), options));
    }
    return processes;
  }

  private static void lead(Path names, RedisServer to) {
    try {
      Path next = names.resolveSibling("next");
      Files.writeString(next, to.host() + " " + NAME + "\n");
      Files.move(next, names, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitUsers(RedisServer server) {
    Redises.await(() -> users(server) >= PROCESSES);
  }

  /** How many processes listen to it. */
  private static int users(RedisServer server) {
    String clients = RespConnection.text(server.command("CLIENT", "LIST", "TYPE", "pubsub"));
    return (int) clients.lines().filter(line -> !line.isBlank()).count();
  }
}
