package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.history.Outage;
import io.larder.history.Promises;
import io.larder.testing.RedisServer;
import io.larder.testing.TcpProxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where a fallback answers, no call throws, whatever keeps Redis away; and what was done meanwhile
 * does not come back. The short form has some of the faults, the soak test all.
 */
@ExtendWith(Trials.class)
final class FallbacksTest {

  /**
   * A stall of a busy machine that is longer than this, before the fault or after it, opens the
   * circuit once more. The process tells of that, but what it does then is not judged.
   */
  private static final long TIMEOUT_MILLIS = 1_000;

  /** Long enough for the circuit to open, and to stay open for a while. */
  private static final long HARM_MILLIS = Trial.LONG_RUN ? 6_000 : 5_000;

  /** What is wrong, for all processes, or for those whose links are harmed. */
  enum Harm {
    PAUSED(true, (redis, links) -> redis.command("CLIENT", "PAUSE", HARM_MILLIS, "ALL")),
    STOPPED(true, (redis, links) -> redis.pause()),
    REFUSED(true, (redis, links) -> links.forEach(TcpProxy::refuse)),
    CUT(true, (redis, links) -> links.forEach(TcpProxy::cut)),
    WRITES_PAUSED(false, (redis, links) -> redis.command("CLIENT", "PAUSE", 60_000, "WRITE")),
    REPLIES_CUT(false, (redis, links) -> links.forEach(TcpProxy::cutReplies)),
    REQUESTS_CUT(false, (redis, links) -> links.forEach(TcpProxy::cutRequests)),
    SLOW(false, (redis, links) -> links.forEach(link -> link.slow(30))),
    TOO_SLOW(false, (redis, links) -> links.forEach(link -> link.slow(400)));

    /** Whether Redis surely did nothing meanwhile; else a call may have reached it or not. */
    private final boolean sure;

    private final BiConsumer<RedisServer, List<TcpProxy>> done;

    Harm(boolean sure, BiConsumer<RedisServer, List<TcpProxy>> done) {
      this.sure = sure;
      this.done = done;
    }

    private void mend(RedisServer redis, List<TcpProxy> links) {
      switch (this) {
        case PAUSED -> {}
        case WRITES_PAUSED -> redis.command("CLIENT", "UNPAUSE");
        case STOPPED -> redis.resume();
        default -> links.forEach(TcpProxy::mend);
      }
    }
  }

  static List<List<Object>> choices() {
    return Arrays.stream(Harm.values())
        .flatMap(
            harm -> Stream.of("memory", "none").map(fallback -> List.<Object>of(harm, fallback)))
        .toList();
  }

  private RedisServer redis;
  private final List<TcpProxy> links = new ArrayList<>();

  @BeforeEach
  void start() {
    redis = RedisServer.startOwn();
  }

  @AfterEach
  void stop() {
    links.forEach(TcpProxy::close);
    redis.close();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"CUT, memory", "WRITES_PAUSED, none"})
  void noCallThrows(Harm harm, String fallback, Trial trial) {
    for (int i = 0; i < trial.fleet().size(); i++) {
      links.add(TcpProxy.to(redis));
    }
    trial
        .with("operation_timeout_ms=" + TIMEOUT_MILLIS + " fallback=" + fallback)
        .allowingLongCalls(TIMEOUT_MILLIS - Trial.TIMEOUT_MILLIS)
        .promising(Promises::evicting)
        .begin(number -> links.get(number).url());
    long down = System.nanoTime();
    harm.done.accept(redis, links);
    long dead = System.nanoTime();
    if (harm.sure) {
      trial.tellsOfOutage();
    }
    long end = down + TimeUnit.MILLISECONDS.toNanos(HARM_MILLIS);
    Trial.pass(Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    long up = Math.min(System.nanoTime(), end);
    harm.mend(redis, links);
    long[] back = trial.fleet().settle();
    trial.heals();
    trial.finish(history -> {
      for (int process = 0; process < back.length; process++) {
        history.without(
            harm.sure
                ? new Outage(process, down, dead, up, back[process])
                : Outage.doubtful(process, down, back[process]));
      }
    });
    trial.noneThrew();
  }

  /** What Redis refuses is thrown with any fallback, and leaves the key absent; nothing else is. */
  @Test
  void fullWithAFallback(Trial trial) {
    redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    trial.with("operation_timeout_ms=5000 fallback=memory").padding(1_000).begin(redis.url());
    for (int i = 0; i < 3; i++) {
      redis.command("CONFIG", "SET", "maxmemory", 1);
      trial.tellsOfAFullRedis();
      Trial.pass(300);
      redis.command("CONFIG", "SET", "maxmemory", 0);
      Trial.pass(300);
    }
    trial.heals();
    trial.allowingLongCalls(TimeUnit.SECONDS.toMillis(5)).finish();
    assertThat(trial.fleet().thrown())
        .contains("it is full")
        .doesNotContain("UnavailableException");
  }
}
