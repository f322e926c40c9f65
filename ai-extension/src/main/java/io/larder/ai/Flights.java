package io.larder.ai;

import io.larder.ai.Attempts.Attempt;
import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls to models that are on their way in this process, one for each request. Thread-safe.
 * Nobody joins a call whose answer was invalidated after it began: another begins beside it.
 */
final class Flights {

  private final ConcurrentHashMap<Route, Flight<?>> flights = new ConcurrentHashMap<>();
  private final Answers answers;

  Flights(Answers answers) {
    this.answers = answers;
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
    private final CompletableFuture<AiResult<T>> landing = new CompletableFuture<>();
    private volatile @Nullable Begun begun;

    /**
     * A call that begins.
     *
     * @param waiting until the model is asked
     */
    private Flight(Attempt waiting) {
      this.waiting = waiting;
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
      begun = now;
      now.attempt().onClosed(giveBack);
    }

    private void shut() {
      waiting.shut();
      Begun known = begun;
      if (known != null) {
        known.attempt().shut();
      }
    }
  }

  <T> Flight<T> begin(Query<T> query) {
    return new Flight<>(answers.attempts().waiting(query.key()));
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
      if (other != null && !isJoinable(other)) {
        other.shut();
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

  private boolean isJoinable(Flight<?> flight) {
    return flight.waiting.isOpen() && (flight.begun == null || answers.isCurrent(flight.begun));
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
