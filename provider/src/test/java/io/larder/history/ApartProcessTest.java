package io.larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process tells when it may have answered without Redis. */
final class ApartProcessTest {

  private static final long TIMEOUT_MILLIS = 1_000;

  @TempDir
  private Path directory;

  private RedisServer redis;
  private Peer.Child process;

  @BeforeEach
  void start() {
    redis = RedisServer.startOwn();
    process = Peer.child("one");
  }

  @AfterEach
  void stop() {
    process.close();
    redis.close();
  }

  /** Single calls find Redis away, and their keys are journalled; the circuit never opens. */
  @Test
  void tellsOfCallsThatWereNotAnswered() {
    load("fallback=memory breaker_failures=1000");
    redis.pause();
    long down = System.nanoTime();
    pass(2 * TIMEOUT_MILLIS);
    long up = System.nanoTime();
    redis.resume();
    process.ask("settled");
    process.ask("stop");

    assertTold(down, up);
  }

  @Test
  void tellsOfAnOpenCircuit() {
    load("fallback=none breaker_failures=1");
    redis.kill();
    long down = System.nanoTime();
    await(() -> !health().isWell());
    process.ask("quiet");
    long up = System.nanoTime();
    redis.startAgain();
    process.ask("settled");
    process.ask("stop");

    assertTold(down, up);
  }

  /** What fails is told call by call. */
  @Test
  void tellsNothingWhereCallsFail() {
    load("fallback=fail breaker_failures=1");
    redis.kill();
    await(() -> !health().isWell());
    redis.startAgain();
    process.ask("settled");
    process.ask("stop");

    assertThat(process.ask("apart")).isEqualTo("-");
  }

  /** One time is told that begins with the start of a call that failed, and ends with all well. */
  private void assertTold(long down, long up) {
    List<Apart.Span> spans = Apart.Span.parse(process.ask("apart"));
    long asked = System.nanoTime();
    long firstFailed = down + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
    assertThat(spans).anySatisfy(span -> {
      assertThat(span.from()).isLessThan(Math.min(up, firstFailed));
      assertThat(span.to()).isBetween(up, asked);
    });
  }

  private void load(String settings) {
    process.ask("manager redis_url=" + redis.url()
        + " namespace=apart connection_timeout=1 operation_timeout_ms=" + TIMEOUT_MILLIS + " "
        + settings);
    LoadPlan plan = new LoadPlan(0, 1, 1, 400, 4, 0);
    process.ask("load -1 " + plan.words() + " " + directory);
    await(() -> CallTimes.Seen.parse(process.ask("times")).calls() > 0);
    await(() -> health().isWell());
    process.ask("settled");
  }

  private Wellness health() {
    return Wellness.parse(process.ask("health"));
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("30 s have passed").isLessThan(end);
      pass(10);
    }
  }

  private static void pass(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
