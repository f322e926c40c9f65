package io.larder.ai;

import io.larder.ai.Flights.Abandoned;
import io.larder.ai.Flights.Flight;
import io.larder.ai.Turns.Turn;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls to models on the threads that ask, one at a time for each request. Thread-safe.
 *
 * <p><b>Design.</b> A request that the cache does not answer joins the flight of the same request,
 * or begins one. The flight's pilot waits for its turn: for the lease, where other processes share
 * the cache, or for the answer of whoever holds it. It looks for the answer once more, which may
 * have come between its first look and the flight; only then the model is asked. The answer is
 * stored, then the lease given back, then the flight landed. What the model call throws reaches the
 * pilot and all who wait in this process, and nobody of them asks again; only if the pilot was told
 * to stop, the others go on by themselves.
 */
final class Calls {

  private final Answers answers;
  private final Flights flights;
  private final Turns turns;

  Calls(Answers answers, Flights flights, Turns turns) {
    this.answers = answers;
    this.flights = flights;
    this.turns = turns;
  }

  /** The answer to a request that the cache did not answer, or was not to. */
  <T, X extends Exception> AiResult<T> answer(Query<T> query, AiCall<T, X> call) throws X {
    while (query.control().shares()) {
      Flight<T> mine = new Flight<>(Thread.currentThread());
      Flight<T> other = flights.findOrBegin(query, mine);
      if (other == mine) {
        return fly(query, mine, call);
      }
      if (other == null || other.isOwn()) {
        break;
      }
      AiResult<T> theirs = landed(other);
      if (theirs != null) {
        return answers.shared(query, theirs);
      }
    }
    return ask(query, call, null);
  }

  /** What the flight brings, or null if it was abandoned. */
  private static <T> @Nullable AiResult<T> landed(Flight<T> flight) {
    try {
      return flight.landing().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Abandoned) {
        return null;
      }
      throw Calls.<RuntimeException>untouched(e.getCause());
    } catch (InterruptedException e) {
      throw Turns.interrupted(e);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> X untouched(@Nullable Throwable e) throws X {
    throw (X) e;
  }

  private <T, X extends Exception> AiResult<T> fly(
      Query<T> query, Flight<T> flight, AiCall<T, X> call) throws X {
    AiResult<T> result;
    try (Turn turn = turns.await(query)) {
      result =
          turn.found() == null ? ask(query, call, flight) : answers.shared(query, turn.found());
    } catch (Throwable e) {
      flights.fail(query, flight, isStop(e) ? new Abandoned() : e);
      throw e;
    }
    flights.land(query, flight, result);
    return result;
  }

  /** Whether the call ended because its caller was to stop, and not for a reason of its own. */
  static boolean isStop(Throwable e) {
    return Thread.currentThread().isInterrupted()
        || e instanceof InterruptedException
        || e instanceof CancellationException;
  }

  /** The model's answer, as it is. */
  <T, X extends Exception> AiResult<T> ask(
      Query<T> query, AiCall<T, X> call, @Nullable Flight<T> flight) throws X {
    Map<String, String> generations = answers.before(query);
    long start = System.nanoTime();
    AiAnswer<T> answer;
    try {
      answer = Objects.requireNonNull(call.call(), "the model call gave null, not an AiAnswer");
    } catch (Throwable e) {
      query.counters().failed(System.nanoTime() - start);
      throw e;
    }
    query.counters().called(System.nanoTime() - start);
    return answers.kept(query, answer, flight == null || flight.isOpen() ? generations : null);
  }
}
