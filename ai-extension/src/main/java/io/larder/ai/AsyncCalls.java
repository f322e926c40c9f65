package io.larder.ai;

import io.larder.ai.Flights.Abandoned;
import io.larder.ai.Flights.Flight;
import io.larder.ai.Turns.Turn;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls to models that answer later, one at a time for each request; as {@link Calls} does,
 * but no thread waits for a model or for another process. Thread-safe.
 */
final class AsyncCalls {

  private final Answers answers;
  private final Flights flights;
  private final Turns turns;
  private final Executor workers;

  AsyncCalls(Answers answers, Flights flights, Turns turns, Executor workers) {
    this.answers = answers;
    this.flights = flights;
    this.turns = turns;
    this.workers = workers;
  }

  /** A model call, and who is to have its answer. */
  private record Asked<T>(
      Query<T> query,
      Supplier<? extends CompletionStage<AiAnswer<T>>> call,
      CompletableFuture<AiResult<T>> answer) {}

  /** Completes what was promised with the answer to a request that the cache did not answer. */
  <T> void answer(
      Query<T> query,
      Supplier<? extends CompletionStage<AiAnswer<T>>> call,
      CompletableFuture<AiResult<T>> promised) {
    Asked<T> asked = new Asked<>(query, call, promised);
    Flight<T> mine = new Flight<>(null);
    Flight<T> other = query.control().shares() ? flights.findOrBegin(query, mine) : null;
    if (other == mine) {
      fly(asked, mine);
    } else if (other == null) {
      ask(asked, null, pass(promised));
    } else {
      other.landing().whenComplete((theirs, e) -> landed(asked, theirs, e));
    }
  }

  private <T> void landed(Asked<T> asked, @Nullable AiResult<T> theirs, @Nullable Throwable e) {
    if (e instanceof Abandoned) {
      workers.execute(() -> answer(asked.query(), asked.call(), asked.answer()));
    } else if (theirs == null) {
      asked.answer().completeExceptionally(e);
    } else {
      asked.answer().complete(answers.shared(asked.query(), theirs));
    }
  }

  /** Tells what came, or why it could not. */
  private static <T> void tell(End<T> end, Supplier<AiResult<T>> came) {
    AiResult<T> result;
    try {
      result = came.get();
    } catch (Throwable e) {
      end.came(null, e);
      return;
    }
    end.came(result, null);
  }

  /** Told how a call ended: with a result or an exception. */
  private interface End<T> {
    void came(@Nullable AiResult<T> result, @Nullable Throwable e);
  }

  private static <T> End<T> pass(CompletableFuture<AiResult<T>> promised) {
    return (result, e) -> {
      if (result == null) {
        promised.completeExceptionally(e);
      } else {
        promised.complete(result);
      }
    };
  }

  private <T> void fly(Asked<T> asked, Flight<T> flight) {
    Query<T> query = asked.query();
    turns.await(query, turn -> {
      End<T> end = ending(asked, flight, turn);
      StoredAnswer found = turn.found();
      if (found == null) {
        ask(asked, flight, end);
      } else {
        tell(end, () -> answers.shared(query, found));
      }
    });
  }

  private <T> End<T> ending(Asked<T> asked, Flight<T> flight, Turn turn) {
    return (result, e) -> {
      turn.close();
      if (result == null) {
        Throwable failure = e == null ? new IllegalStateException("no result") : e;
        flights.fail(asked.query(), flight, Calls.isStop(failure) ? new Abandoned() : failure);
        asked.answer().completeExceptionally(failure);
      } else {
        flights.land(asked.query(), flight, result);
        asked.answer().complete(result);
      }
    };
  }

  private <T> void ask(Asked<T> asked, @Nullable Flight<T> flight, End<T> end) {
    Query<T> query = asked.query();
    Map<String, String> generations = answers.before(query);
    long start = System.nanoTime();
    CompletionStage<AiAnswer<T>> stage;
    try {
      stage = Objects.requireNonNull(asked.call().get(), "the model call gave null, not a stage");
    } catch (Throwable e) {
      query.counters().failed(System.nanoTime() - start);
      end.came(null, e);
      return;
    }
    stage.whenComplete((answer, e) -> {
      long nanos = System.nanoTime() - start;
      if (e != null) {
        query.counters().failed(nanos);
        end.came(null, own(e));
      } else {
        query.counters().called(nanos);
        workers.execute(() -> tell(
            end,
            () -> answers.kept(
                query,
                Objects.requireNonNull(answer, "the model call's stage gave null, not an AiAnswer"),
                flight == null || flight.isOpen() ? generations : null)));
      }
    });
  }

  /** The model's exception, without what stages wrap it in. */
  private static Throwable own(Throwable e) {
    return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
  }
}
