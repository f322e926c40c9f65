package io.larder.ai;

import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The calls to models that are on their way in this process, one for each request. Thread-safe. */
final class Flights {

  private final ConcurrentHashMap<Route, Flight<?>> flights = new ConcurrentHashMap<>();

  private record Route(String key, Class<?> type, @Nullable Type precise) {}

  /** What happened to a call whose caller was told to stop: others make their own. */
  static final class Abandoned extends RuntimeException {

    Abandoned() {
      super("the caller was interrupted", null, false, false);
    }
  }

  /** One call. */
  static final class Flight<T> {

    private final @Nullable Thread pilot;
    private final CompletableFuture<AiResult<T>> landing = new CompletableFuture<>();
    private volatile boolean open = true;

    /**
     * A call that begins.
     *
     * @param pilot the thread that makes it; null if it keeps none waiting
     */
    Flight(@Nullable Thread pilot) {
      this.pilot = pilot;
    }

    /** Completes with what the call brought, its own exception, or {@link Abandoned}. */
    CompletableFuture<AiResult<T>> landing() {
      return landing;
    }

    /** Whether the thread would wait for itself. */
    boolean isOwn() {
      return pilot == Thread.currentThread();
    }

    /** Whether the answer has not been removed meanwhile. */
    boolean isOpen() {
      return open;
    }
  }

  /**
   * The flight on its way; else the one given, which begins; or null for a request that is to begin
   * none.
   */
  @SuppressWarnings("unchecked")
  <T> @Nullable Flight<T> findOrBegin(Query<T> query, Flight<T> flight) {
    if (query.control().readOnly()) {
      return (Flight<T>) flights.get(route(query));
    }
    Flight<T> other = (Flight<T>) flights.putIfAbsent(route(query), flight);
    return other == null ? flight : other;
  }

  <T> void land(Query<T> query, Flight<T> flight, AiResult<T> result) {
    flights.remove(route(query), flight);
    flight.landing.complete(result);
  }

  <T> void fail(Query<T> query, Flight<T> flight, Throwable e) {
    flights.remove(route(query), flight);
    flight.landing.completeExceptionally(e);
  }

  /** What is on its way under that key is not to be stored. */
  void close(String key) {
    flights.forEach((route, flight) -> {
      if (route.key().equals(key)) {
        flight.open = false;
      }
    });
  }

  private static Route route(Query<?> query) {
    return new Route(query.key(), query.type(), query.request().answerType());
  }
}
