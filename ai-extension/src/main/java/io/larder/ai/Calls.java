package io.larder.ai;

import io.larder.ai.Flights.Abandoned;
import io.larder.ai.Flights.Flight;
import io.larder.ai.Turns.Turn;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
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
 * to stop, the others go on: the first of them is the pilot of the next flight, which the rest
 * join. So it is, too, when the model has taken longer than {@code longestWait}: nobody joins or
 * waits for that call any more, and one is made beside it. Whoever has waited for three such calls
 * asks by itself.
 */
final class Calls {

  private final Answers answers;
  private final Flights flights;
  private final Turns turns;
  private final Nesting nesting;

  Calls(Answers answers, Flights flights, Turns turns, Nesting nesting) {
    this.answers = answers;
    this.flights = flights;
    this.turns = turns;
    this.nesting = nesting;
  }

  /** The answer to a request that the cache did not answer, or was not to. */
  <T, X extends Exception> AiResult<T> answer(Query<T> query, AiCall<T, X> call) throws X {
    long start = System.nanoTime();
    while (query.control().shares() && !nesting.contains(query.key())) {
      Flight<T> mine = flights.begin(query);
      Flight<T> other = flights.findOrBegin(query, mine);
      if (other == mine) {
        return fly(query, mine, call);
      }
      flights.end(query, mine);
      if (other == null) {
        break;
      }
      try {
        AiResult<T> theirs = landed(other, turns.waitNanos(other, start));
        if (theirs != null) {
          return answers.shared(query, theirs);
        }
      } catch (TimeoutException e) {
        if (turns.patienceNanos(start) <= 0) {
          StoredAnswer found = answers.find(query);
          if (found != null) {
            return answers.shared(query, found);
          }
          answers.tellOfWait(query);
          break;
        }
      }
    }
    return ask(query, call, begun -> {});
  }

  /** What the flight brings, or null if it was abandoned. */
  static <T> @Nullable AiResult<T> landed(Flight<T> flight, long nanos) throws TimeoutException {
    try {
      return flight.landing().get(nanos, TimeUnit.NANOSECONDS);
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
      result = turn.found() == null
          ? ask(query, call, begun -> flight.asking(begun, turn::giveBack))
          : answers.shared(query, turn.found());
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
      Query<T> query, AiCall<T, X> call, Consumer<Begun> asking) throws X {
    try (Begun begun = answers.begin(query)) {
      asking.accept(begun);
      long start = System.nanoTime();
      AiAnswer<T> answer;
      Set<Nesting.Call> outer = nesting.enter(nesting.with(query.key()));
      try {
        answer = Objects.requireNonNull(call.call(), "the model call gave null, not an AiAnswer");
      } catch (Throwable e) {
        query.counters().failed(System.nanoTime() - start);
        throw e;
      } finally {
        nesting.leave(outer);
      }
      query.counters().called(System.nanoTime() - start);
      return answers.kept(query, answer, null, begun);
    }
  }
}
