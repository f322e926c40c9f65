package io.larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import io.larder.testing.RespConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One computation per key in two JVMs, also when one of them is killed. */
final class ComputingProcessesTest {

  private static final int THREADS = 16;
  private static final int QUESTIONS = 200;

  private static RedisServer redis;
  private static RespConnection calls;
  private static String manager;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
    calls = redis.connect();
    manager = "manager namespace=" + RedisServer.newNamespace()
        + " operation_timeout_ms=5000 redis_url=" + redis.url();
  }

  @AfterAll
  static void stop() {
    calls.close();
    redis.close();
  }

  private static Peer peer(String name) {
    Peer peer = Peer.child(name);
    peer.ask(manager);
    return peer;
  }

  private static String compute(String cache, long millis) {
    return "compute %s %d %d %d %s %d"
        .formatted(cache, THREADS, QUESTIONS, millis, redis.host(), redis.port());
  }

  /** On a thread of its own: the common pool may have a single one. */
  private static CompletableFuture<String> started(Supplier<String> work) {
    return CompletableFuture.supplyAsync(work, task -> {
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      thread.start();
    });
  }

  private static void awaitCalls(String cache, int questions) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (Questions.calls(calls, cache).size() < questions) {
      assertThat(System.nanoTime() - end).as("waited in vain").isNegative();
      Thread.onSpinWait();
    }
  }

  @Test
  void eachQuestionIsComputedOnce() throws Exception {
    try (Peer one = peer("one");
        Peer two = peer("two")) {
      one.ask("open once");
      two.ask("open once");
      String command = compute("once", 50);
      CompletableFuture<String> other = started(() -> two.ask(command));

      assertThat(one.ask(command)).isEqualTo("0");

      assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo("0");
      var counts = Questions.calls(calls, "once");
      assertThat(counts).hasSize(QUESTIONS);
      assertThat(counts.values()).containsOnly(1);
    }
  }

  @Test
  void whatAKilledProcessHeldIsTakenOver() throws Exception {
    try (Peer one = peer("one");
        Peer two = peer("two")) {
      one.ask("open killed");
      two.ask("open killed");
      started(() -> one.ask(compute("killed", 5_000)));
      awaitCalls("killed", THREADS);
      CompletableFuture<String> survivor = started(() -> two.ask(compute("killed", 20)));
      // By then it computes in the midst of what the other computes for long.
      awaitCalls("killed", 3 * THREADS);

      one.close();

      assertThat(survivor.get(60, TimeUnit.SECONDS)).isEqualTo("0");
      var counts = Questions.calls(calls, "killed");
      assertThat(counts).hasSize(QUESTIONS);
      assertThat(counts.values()).allMatch(count -> count <= 2);
      int again = counts.values().stream().mapToInt(count -> count - 1).sum();
      assertThat(again).as("computed again").isBetween(1, THREADS);
    }
  }
}
