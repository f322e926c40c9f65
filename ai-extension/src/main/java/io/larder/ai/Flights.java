package io.larder.ai;

import io.larder.ai.Attempts.Attempt;
import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls to models that are on their way in this process, one for each request. Thread-safe.
 * Nobody joins a call whose answer was invalidated after it began, or that has taken longer than
 * anyone waits: another begins beside it, and whoever comes then joins that.
 */
final class Flights {

  /** More than a pilot waits for its turn. */
  private static final int TURNS = 4;

  private final ConcurrentHashMap<Route, Flight<?>> flights = new ConcurrentHashMap<>();
  private final Answers answers;
  private final long longestWaitNanos;

  /**
   * No calls yet.
   *
   * @param longestWaitNanos how long a call may take until another is made beside it
   */
  Flights(Answers answers, long longestWaitNanos) {
    this.answers = answers;
    this.longestWaitNanos = longestWaitNanos;
  }

  private record Route(String key, Class<?> type, @Nullable Type precise) {}

  /** What happened to a call whose caller was told to stop: others make their own. */
  static final class Abandoned extends RuntimeException {

    Abandoned() {
      super("the caller was interrupted", null, false, false);
    }
  }

  /** One call. */
  static final class Flight<T> {

    private final Attempt waiting;
    private final long longestNanos;
    private final CompletableFuture<AiResult<T>> landing = new CompletableFuture<>();
    private volatile long dueNanos;
    private volatile @Nullable Begun begun;

    /**
     * A call that begins.
     *
     * @param waiting until the model is asked
     */
    private Flight(Attempt waiting, long longestNanos) {
      this.waiting = waiting;
      this.longestNanos = longestNanos;
      this.dueNanos = System.nanoTime() + TURNS * longestNanos;
    }

    /** For how long it may be waited for, by now. */
    long leftNanos() {
      return dueNanos - System.nanoTime();
    }

    /** Completes with what the call brought, its own exception, or {@link Abandoned}. */
    CompletableFuture<AiResult<T>> landing() {
      return landing;
    }

    /**
     * The model is about to be asked.
     *
     * @param giveBack what is done if the answer is invalidated meanwhile
     */
    void asking(Begun now, Runnable giveBack) {
      dueNanos = System.nanoTime() + longestNanos;
      begun = now;
      now.attempt().onClosed(giveBack);
    }
  }

  <T> Flight<T> begin(Query<T> query) {
    return new Flight<>(answers.attempts().waiting(query.key()), longestWaitNanos);
  }

  /**
   * The flight on its way; else the one given, which begins; or null for a request that is to begin
   * none.
   */
  @SuppressWarnings("unchecked")
  <T> @Nullable Flight<T> findOrBegin(Query<T> query, Flight<T> flight) {
    Route route = route(query);
    while (true) {
      Flight<T> other = (Flight<T>) flights.get(route);
      if (other != null && !isJoinable(query, other)) {
        flights.remove(route, other);
        continue;
      }
      if (query.control().readOnly() || other != null) {
        return other;
      }
      if (flights.putIfAbsent(route, flight) == null) {
        return flight;
      }
    }
  }

  private boolean isJoinable(Query<?> query, Flight<?> flight) {
    if (!answers.isCurrent(flight.waiting, flight.begun)) {
      return false;
    }
    if (flight.leftNanos() > 0) {
      return true;
    }
    answers.tellOfWait(query);
    return false;
  }

  <T> void land(Query<T> query, Flight<T> flight, AiResult<T> result) {
    end(query, flight);
    flight.landing.complete(result);
  }

  <T> void fail(Query<T> query, Flight<T> flight, Throwable e) {
    end(query, flight);
    flight.landing.completeExceptionally(e);
  }

  /** A flight that lands, or that was not needed. */
  <T> void end(Query<T> query, Flight<T> flight) {
    flights.remove(route(query), flight);
    flight.waiting.close();
  }

  private static Route route(Query<?> query) {
    return new Route(query.key(), query.type(), query.request().answerType());
  }
}
