package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.larder.history.CallTimes;
import io.larder.history.Fleet;
import io.larder.history.History;
import io.larder.history.Promises;
import io.larder.history.Verdict;
import io.larder.history.Wellness;
import io.larder.stats.Health;
import io.larder.stats.RedisStatus.Connection;
import io.larder.testing.RedisServer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** One fault under the load of several processes: begin, do harm, see that it heals, finish. */
final class Trial {

  /**
   * What one call may take; a deadline that is kept on an idle machine, and slack for a busy one.
   */
  static final long TIMEOUT_MILLIS = 500;

  static final long SLACK_MILLIS = 2_500;
  private static final long PATIENT_MILLIS = 10_000;
  private static final long BACK_MILLIS = 10_000;

  static final boolean LONG_RUN = System.getProperty("larderTest.soakMinutes") != null;

  private final String name;
  private final Fleet fleet;
  private final Figures figures;
  private final StringBuilder more = new StringBuilder();
  private String settings = "";
  private long longCallsMillis;
  private long stalledMillis;

  Trial(String name, Fleet fleet, Figures figures) {
    this.name = name.replace("()", "").replaceAll("\\(.*?\\)", "");
    this.fleet = fleet.padding(0).promising(UnaryOperator.identity());
    this.figures = figures;
  }

  Fleet fleet() {
    return fleet;
  }

  Figures figures() {
    return figures;
  }

  /** The same trial on other processes. */
  Trial on(Fleet others) {
    Trial trial = new Trial(name, others, figures).allowingLongCalls(longCallsMillis);
    trial.settings = settings;
    return trial;
  }

  /** A process that is stopped has calls that take that much longer. */
  Trial allowingLongCalls(long millis) {
    longCallsMillis = millis;
    return this;
  }

  /** More settings for all processes: {@code key=value ...}. */
  Trial with(String more) {
    settings += " " + more;
    return this;
  }

  /** For faults in which no call has to fail: no busy machine is to make one. */
  Trial patient() {
    return with("connection_timeout=30 operation_timeout_ms=" + PATIENT_MILLIS)
        .allowingLongCalls(PATIENT_MILLIS - TIMEOUT_MILLIS);
  }

  /** How much longer values are than they need be. */
  Trial padding(int characters) {
    fleet.padding(characters);
    return this;
  }

  Trial promising(UnaryOperator<Promises> promises) {
    fleet.promising(promises);
    return this;
  }

  /** Redis answers comparisons all the time, as far as the machine does not stand still. */
  Trial compared() {
    return promising(promises -> {
      Promises compared = promises.compared();
      long stalled = TimeUnit.MILLISECONDS.toNanos(figures.stalls().millis() - stalledMillis);
      return new Promises(
          Math.min(promises.staleNanos(), compared.staleNanos() + stalled),
          compared.lagNanos(),
          compared.ttlNanos(),
          compared.absenceNeedsRemoval(),
          compared.absenceLasts());
    });
  }

  /** Lets all processes load that Redis, and waits until they do. */
  void begin(String url) {
    begin(number -> url);
  }

  /** The same with an address for each process. */
  void begin(Function<Integer, String> urls) {
    beginWithout(urls);
    fleet.awaitHealthy();
    pass(1_000);
    fleet.forgetTimes();
  }

  /** The same where Redis is not there. */
  void beginWithout(Function<Integer, String> urls) {
    String namespace = RedisServer.newNamespace();
    stalledMillis = figures.stalls().millis();
    fleet.begin(number -> "redis_url=" + urls.apply(number) + " namespace=" + namespace
        + " connection_timeout=1 operation_timeout_ms=" + TIMEOUT_MILLIS + settings);
  }

  static void pass(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** How long a fault lasts: twice as long in long runs. */
  static void last(long millis) {
    pass(LONG_RUN ? 2 * millis : millis);
  }

  /**
   * Those processes, or all, say that Redis cannot be used: their health is bad, and the breaker
   * open.
   */
  void tellsOfOutage(int... processes) {
    awaitWellness(
        "an outage",
        each -> each.isUnhealthy() && each.connection() != Connection.CONNECTED,
        processes);
  }

  /** Those processes, or all, say that something is wrong. */
  void tellsOfFault(String words, int... processes) {
    awaitWellness(
        words, each -> each.isUnhealthy() && each.found().toString().contains(words), processes);
  }

  /** All say that Redis has no room. What is small may still find some. */
  void tellsOfAFullRedis() {
    awaitWellness(
        "a full Redis",
        each -> each.health() != Health.Status.HEALTHY
            && each.found().toString().contains("Redis is full and evicts nothing"));
  }

  /** All say that Redis takes no changes for that reason, and ask it all the same. */
  void tellsOfRefusedChanges(String reason) {
    awaitWellness(
        "changes that are refused",
        each -> each.isUnhealthy()
            && each.connection() == Connection.CONNECTED
            && each.found().toString().contains(reason));
  }

  /** Those processes, or all, say that nothing is wrong. */
  void tellsOfNothing(int... processes) {
    awaitWellness("no fault", Wellness::isWell, processes);
  }

  private void awaitWellness(String what, Predicate<Wellness> expected, int... processes) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    Map<Integer, Wellness> found = fleet.wellness(processes);
    while (!found.values().stream().allMatch(expected)) {
      if (System.nanoTime() - end > 0) {
        fail("after 20 s not all told of " + what + ": " + found);
      }
      found = fleet.wellness(processes);
    }
  }

  /** The fault is over: all processes work again, soon, and say so. */
  void heals() {
    long stalledBefore = figures.stalls().millis();
    long healed = System.nanoTime();
    fleet.settle();
    fleet.awaitHealthy();
    long back = Math.max(0, fleet.times().lastFailure() - healed);
    more.append(String.format(Locale.ROOT, "; last failure %.0f ms after the fault", back / 1e6));
    long stalled = figures.stalls().millis() - stalledBefore;
    assertThat(TimeUnit.NANOSECONDS.toMillis(back))
        .as("back on Redis")
        .isLessThan(BACK_MILLIS + stalled);
    tellsOfNothing();
    pass(700);
  }

  /** No call has failed since the trial began, whatever was done to Redis. */
  void noneThrew() {
    if (fleet.times().failures() > 0) {
      fail(fleet.times().failures() + " calls threw; the first: " + fleet.thrown());
    }
  }

  /** A test has judged that itself, without a load. */
  void judged(long operations, long writes) {
    figures.made(name, operations, writes);
  }

  Verdict finish() {
    return finish(history -> {});
  }

  /** Ends it: no promise was broken, and no call took much longer than the operation timeout. */
  Verdict finish(Consumer<History> outside) {
    Verdict verdict = fleet.finish(outside);
    CallTimes.Seen times = fleet.times();
    stalledMillis = figures.stalls().millis() - stalledMillis;
    more.append(String.format(
        Locale.ROOT,
        "; %d calls failed, longest call %.0f ms; the machine stood still for %d ms",
        times.failures(),
        times.longestNanos() / 1e6,
        stalledMillis));
    figures.trial(name, verdict, more.toString());
    assertThat(verdict.told()).isEmpty();
    assertThat(verdict.violations()).isZero();
    assertThat(verdict.writes()).isGreaterThan(100);
    assertThat(times.longestNanos())
        .as("the longest call")
        .isLessThan(TimeUnit.MILLISECONDS.toNanos(
            longCallsMillis + TIMEOUT_MILLIS + SLACK_MILLIS + stalledMillis));
    return verdict;
  }
}
