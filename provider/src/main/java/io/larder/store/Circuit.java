package io.larder.store;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.larder.log.Log;
import io.larder.stats.RedisStatus;
import io.larder.stats.RedisStatus.Connection;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker before one shared server, for all stores of one manager. Thread-safe.
 *
 * <p><b>Design.</b> Closed, it counts failures; so many in a row open it. Open, nobody asks the
 * server, until a probe in the background, once a second, is answered: then the members' journals
 * are replayed, and only after that it closes. So no caller pays for a probe, and nobody sees what
 * the journals are about to remove. A replay that fails leaves it open; what is still to be
 * replayed stays in the journals. What little is journalled while it closes, or while it is closed,
 * is guarded key by key by the stores, and replayed soon. What fails then of calls that were begun
 * before says nothing of the server that is back.
 */
public final class Circuit implements AutoCloseable {

  /** The server behind it. */
  public interface Server {

    /** Returns if the server answers, else throws {@link StoreUnavailableException}. */
    void ping(Budget budget);

    /** What is wrong, in words: where the server is, and why it cannot be asked. */
    String awayBecause(@Nullable Throwable failure);

    /** What is wrong, in words: where the server is, and why changes fail while it answers. */
    String takesNoChangesBecause(Throwable failure);

    /** What a call on a cache is answered while the server is away. */
    StoreUnavailableException away(String cacheName, @Nullable Throwable lastFailure);
  }

  private static final long LEAST_PART = 4;

  private final Server server;
  private final CircuitSpec spec;
  private final Log log;
  private final CircuitBreaker breaker;
  private final Refusals refusals;
  private final CircuitMembers members;
  private final CircuitTicks ticks;
  private final ReentrantLock attempting = new ReentrantLock();
  private volatile boolean open;
  private volatile boolean doubtful;
  /** Whether the last replay left nothing, so that the next may come almost at once. */
  private volatile boolean soon = true;
  /** Whether the last replay while open failed; under {@link #attempting}. */
  private boolean replayedInVain;

  private volatile long failedAt = System.nanoTime() - Long.MAX_VALUE / 2;
  /** When the server was found back; under this. */
  private long backAt = failedAt;

  private volatile long attemptedAt;
  private volatile @Nullable Throwable lastFailure;
  private final LongAdder callsWithout = new LongAdder();
  private Connection connection = Connection.CONNECTED;
  private Instant since = Instant.now();
  private long downSince;

  /** Closed, without members. */
  public Circuit(Server server, CircuitSpec spec) {
    this.server = server;
    this.spec = spec;
    this.log = spec.log().from(Circuit.class);
    this.refusals = new Refusals(log, server::takesNoChangesBecause, spec.failures());
    this.members = new CircuitMembers(log, refusals::refused);
    this.ticks = new CircuitTicks(spec, this::tick);
    this.breaker = CircuitBreaker.of(
        "larder",
        CircuitBreakerConfig.custom()
            .slidingWindowType(SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(spec.failures())
            .minimumNumberOfCalls(spec.failures())
            .failureRateThreshold(100)
            .permittedNumberOfCallsInHalfOpenState(1)
            .waitDurationInOpenState(spec.open())
            .build());
  }

  /** Whether the server may be asked. Takes no lock while it is closed. */
  boolean passes(Budget budget) {
    if (!open) {
      return true;
    }
    if (System.nanoTime() - attemptedAt > spec.open().toNanos() && breaker.tryAcquirePermission()) {
      if (!attempt(budget)) {
        breaker.releasePermission();
      }
      return !open;
    }
    return false;
  }

  boolean isOpen() {
    return open;
  }

  /** Whether a call found it away of late. */
  boolean isInDoubt() {
    return open || System.nanoTime() - failedAt < 2 * spec.timeout().toNanos();
  }

  /** A call, or some of its keys, goes another way than by the server. */
  void passed() {
    callsWithout.increment();
  }

  /** How many calls have not, or not in all, been answered by the server. */
  public long callsWithout() {
    return callsWithout.sum();
  }

  /** The server has answered. */
  void succeeded() {
    if (doubtful) {
      doubtful = false;
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * The server did not answer a call.
   *
   * @param call when it began, and how long it might have taken; one that came with little time
   *     left, for it had waited for something else, says nothing of the server
   */
  void failed(StoreUnavailableException failure, Allowance call) {
    if (tells(failure, call.nanos())) {
      failedAt = System.nanoTime();
      if (counts(failure, call.begun()) && !open) {
        opened(failure, log);
      }
    }
    if (failure.refusesChanges() && !open) {
      refusals.refused(failure);
      ticks.next();
    }
  }

  /**
   * Counts a failure, unless its call was begun before the server was back.
   *
   * @return whether it is one too many
   */
  private synchronized boolean counts(StoreUnavailableException failure, long begun) {
    if (begun - backAt < 0) {
      return false;
    }
    doubtful = true;
    lastFailure = failure;
    breaker.onError(0, TimeUnit.NANOSECONDS, failure);
    return breaker.getState() == CircuitBreaker.State.OPEN;
  }

  /** Whether a call that failed so, and might have taken so long, says that the server is away. */
  boolean tells(StoreUnavailableException failure, long allowedNanos) {
    return failure.tellsOfOutage() && isWhole(allowedNanos);
  }

  /** Whether a call that might take so long had not waited for something else before. */
  boolean isWhole(long allowedNanos) {
    return allowedNanos > spec.timeout().toNanos() / LEAST_PART;
  }

  /**
   * Opens it without regard to the count: the server was not there at the start.
   *
   * @param startLog told of it, in place of the log of later outages
   */
  public void open(StoreUnavailableException failure, Log startLog) {
    lastFailure = failure;
    breaker.transitionToOpenState();
    opened(failure, startLog.from(Circuit.class));
  }

  private void opened(StoreUnavailableException failure, Log told) {
    synchronized (this) {
      if (open || breaker.getState() != CircuitBreaker.State.OPEN) {
        return;
      }
      attemptedAt = System.nanoTime();
      downSince = attemptedAt;
      open = true;
      refusals.forget();
      become(Connection.DEGRADED);
    }
    told.warn("{}; caches answer by their fallback until it is back", server.awayBecause(failure));
    ticks.next();
  }

  /** What a call is answered that has no fallback. */
  StoreUnavailableException away(String cacheName) {
    return server.away(cacheName, lastFailure);
  }

  /** A store whose journal is to be replayed. */
  void join(CircuitMembers.Member member) {
    members.add(member);
  }

  /** The stores of that cache: closed ones with a journal, and one that is about to be closed. */
  List<CircuitMembers.Member> membersOf(String cacheName) {
    return members.of(cacheName);
  }

  /** A store that is closed; it stays for what is in its journal. */
  void leave(CircuitMembers.Member member) {
    members.remove(member);
  }

  /** A member has journalled something; it is one again, if it had left. */
  void journalled(CircuitMembers.Member member) {
    members.journalled(member);
    if (open) {
      return;
    }
    if (soon) {
      ticks.soon();
    } else {
      ticks.next();
    }
  }

  private void tick() {
    soon = false;
    if (open) {
      attempt(null);
    } else {
      settle();
    }
    soon = !members.anyJournal();
    if (open || !soon || refusals.isBegun()) {
      ticks.next();
    }
  }

  /** Replays what was journalled while the circuit is closed. */
  private void settle() {
    Allowance replay = Allowance.of(step());
    try {
      members.replay(this::step);
      if (!members.anyJournal()) {
        refusals.settled();
      }
    } catch (StoreUnavailableException e) {
      failed(e, replay);
      if (!open) {
        refusals.inVain(e);
      }
    }
  }

  /**
   * Asks whether the server is back, and if so replays and closes. A replay after one that failed
   * is no news, or a server that takes no changes would be told of each second.
   *
   * @param given bounds it, or null for a timeout for each step
   * @return whether it was tried, to its end; another thread may be doing so
   */
  private boolean attempt(@Nullable Budget given) {
    if (!attempting.tryLock()) {
      return false;
    }
    boolean inVain = replayedInVain;
    try {
      replayedInVain = false;
      server.ping(given == null ? step() : given);
      replayedInVain = true;
      if (!inVain) {
        become(Connection.REPLAYING);
      }
      CircuitMembers.Replayed replayed = members.replay(() -> given == null ? step() : given);
      replayedInVain = false;
      if (replayed.partly()) {
        return false;
      }
      closed(replayed);
    } catch (StoreUnavailableException e) {
      lastFailure = e;
      breaker.onError(0, TimeUnit.NANOSECONDS, e);
      become(Connection.DEGRADED);
    } finally {
      attemptedAt = System.nanoTime();
      attempting.unlock();
    }
    return true;
  }

  private void closed(CircuitMembers.Replayed replayed) {
    long downMillis;
    synchronized (this) {
      breaker.transitionToClosedState();
      downMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - downSince);
      doubtful = false;
      backAt = System.nanoTime();
      open = false;
      become(Connection.CONNECTED);
    }
    if (members.anyJournal()) {
      ticks.soon(); // who journalled while it was open did not ask for it
    }
    log.info(
        "Redis is back after {} ms; {} keys that had changed meanwhile were removed there, and"
            + " {} caches cleared",
        downMillis,
        replayed.keys(),
        replayed.clears());
  }

  /** A budget for one probe, or for one step of a replay. */
  Budget step() {
    return Budget.startingNow(spec.timeout().toNanos());
  }

  /** Under the lock that {@link #open} changes under, so that news come in their order. */
  private synchronized void become(Connection next) {
    if (connection != next) {
      connection = next;
      since = Instant.now();
      spec.onChange().accept(status());
    }
  }

  /** How it stands now. */
  public synchronized RedisStatus status() {
    return new RedisStatus(connection, since, members.journalledKeys(), members.journalledClears());
  }

  /** Ends the probes; what is journalled is forgotten. */
  @Override
  public void close() {
    ticks.close();
  }
}
