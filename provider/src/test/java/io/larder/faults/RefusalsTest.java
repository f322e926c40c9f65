package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Outage;
import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Redis takes no changes for a while, and tells why. With {@code fail} everything that was answered
 * is judged; with a fallback, what each process read meanwhile is its own business, and what it
 * changed has to be gone from Redis afterwards. The short form has some of the choices, the soak
 * test all.
 */
@ExtendWith(Trials.class)
final class RefusalsTest {

  /** So that a stall of a busy machine does not have a process take Redis for dead. */
  private static final long TIMEOUT_MILLIS = 2_000;

  private static final long HARM_MILLIS = 1_500;

  /** Why Redis takes no changes, in its own word. */
  enum Refusal {
    /** Too few replicas have it; reads are answered. */
    NOREPLICAS,
    /** It could not save its data; then it refuses a PING, too. */
    MISCONF
  }

  static List<List<Object>> choices() {
    return Arrays.stream(Refusal.values())
        .flatMap(refusal ->
            Stream.of("fail", "memory", "none").map(fallback -> List.<Object>of(refusal, fallback)))
        .toList();
  }

  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = RedisServer.startOwn();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"NOREPLICAS, fail", "MISCONF, none"})
  void takesNoChanges(Refusal refusal, String fallback, Trial trial) throws IOException {
    boolean fails = fallback.equals("fail");
    trial
        .with("connection_timeout=30 operation_timeout_ms=" + TIMEOUT_MILLIS)
        .with("fallback=" + fallback)
        .allowingLongCalls(TIMEOUT_MILLIS - Trial.TIMEOUT_MILLIS)
        .promising(promises -> fails ? promises : promises.evicting())
        .begin(redis.url());
    long down = System.nanoTime();
    begin(refusal);
    long refused = System.nanoTime();
    tells(refusal, trial);
    Trial.last(HARM_MILLIS);
    tells(refusal, trial);
    long up = System.nanoTime();
    end(refusal);
    long[] back = trial.fleet().settle();
    trial.heals();
    trial.finish(history -> {
      for (int process = 0; !fails && process < back.length; process++) {
        history.without(new Outage(process, down, refused, up, back[process]));
      }
    });
    if (fails) {
      assertThat(trial.fleet().times().failures()).as("failed calls").isPositive();
    } else {
      trial.noneThrew();
    }
  }

  private static void tells(Refusal refusal, Trial trial) {
    if (refusal == Refusal.NOREPLICAS) {
      trial.tellsOfRefusedChanges(refusal.name());
    } else {
      trial.tellsOfFault(refusal.name());
    }
  }

  private void begin(Refusal refusal) throws IOException {
    switch (refusal) {
      case NOREPLICAS -> redis.command("CONFIG", "SET", "min-replicas-to-write", 1);
      case MISCONF -> {
        redis.command("CONFIG", "SET", "save", "3600 1");
        Files.createDirectories(snapshot().resolve("in the way"));
        save("rdb_last_bgsave_status:err");
      }
    }
  }

  private void end(Refusal refusal) throws IOException {
    switch (refusal) {
      case NOREPLICAS -> redis.command("CONFIG", "SET", "min-replicas-to-write", 0);
      case MISCONF -> {
        Path snapshot = snapshot();
        Files.delete(snapshot.resolve("in the way"));
        Files.delete(snapshot);
        save("rdb_last_bgsave_status:ok");
      }
    }
  }

  private Path snapshot() {
    List<?> reply = (List<?>) redis.command("CONFIG", "GET", "dir");
    return Path.of(RespConnection.text(reply.get(1)), "dump.rdb");
  }

  private void save(String expected) {
    redis.command("BGSAVE");
    Redises.await(
        () -> RespConnection.text(redis.command("INFO", "persistence")).contains(expected));
  }
}
