package io.larder.ai;

import io.larder.ai.Flights.Abandoned;
import io.larder.ai.Flights.Flight;
import io.larder.ai.Turns.Turn;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
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
  private final Nesting nesting;
  private final Background background;

  AsyncCalls(
      Answers answers, Flights flights, Turns turns, Nesting nesting, Background background) {
    this.answers = answers;
    this.flights = flights;
    this.turns = turns;
    this.nesting = nesting;
    this.background = background;
  }

  /**
   * A model call, and who is to have its answer.
   *
   * @param outer the requests of the calls that asked for it
   * @param startNanos when it was asked for
   */
  record Asked<T>(
      Query<T> query,
      Supplier<? extends CompletionStage<AiAnswer<T>>> call,
      CompletableFuture<AiResult<T>> answer,
      Set<Nesting.Call> outer,
      long startNanos) {}

  /** Completes what was promised with the answer to a request that the cache did not answer. */
  <T> void answer(Asked<T> asked) {
    try {
      joinOrBegin(asked);
    } catch (Throwable e) {
      pass(asked.answer()).came(null, e);
    }
  }

  private <T> void joinOrBegin(Asked<T> asked) {
    Query<T> query = asked.query();
    if (!query.control().shares() || nesting.isIn(asked.outer(), query.key())) {
      ask(asked, begun -> {}, pass(asked.answer()));
      return;
    }
    Flight<T> mine = flights.begin(query);
    Flight<T> other = flights.findOrBegin(query, mine);
    if (other == mine) {
      fly(asked, mine);
      return;
    }
    flights.end(query, mine);
    if (other == null) {
      ask(asked, begun -> {}, pass(asked.answer()));
    } else {
      join(asked, other);
    }
  }

  /** Waits for another's flight, but no longer than for one: whichever is first goes on. */
  private <T> void join(Asked<T> asked, Flight<T> other) {
    AtomicBoolean over = new AtomicBoolean();
    // What is on its way here is waited for also when this is closed meanwhile.
    Future<?> due = background.ending(turns.waitNanos(other, asked.startNanos()), () -> {
      if (over.compareAndSet(false, true)) {
        background.callers().execute(() -> waited(asked));
      }
    });
    other.landing().whenComplete((theirs, e) -> {
      if (over.compareAndSet(false, true)) {
        due.cancel(false);
        landed(asked, theirs, e);
      }
    });
  }

  private <T> void waited(Asked<T> asked) {
    if (turns.patienceNanos(asked.startNanos()) > 0) {
      answer(asked);
      return;
    }
    StoredAnswer found = answers.find(asked.query());
    if (found == null) {
      answers.tellOfWait(asked.query());
      ask(asked, begun -> {}, pass(asked.answer()));
    } else {
      tell(pass(asked.answer()), () -> answers.shared(asked.query(), found));
    }
  }

  private <T> void landed(Asked<T> asked, @Nullable AiResult<T> theirs, @Nullable Throwable e) {
    if (e instanceof Abandoned) {
      background.callers().execute(() -> answer(asked));
    } else if (theirs == null) {
      pass(asked.answer()).came(null, e);
    } else {
      pass(asked.answer()).came(answers.shared(asked.query(), theirs), null);
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

  private <T> End<T> pass(CompletableFuture<AiResult<T>> promised) {
    return (result, e) -> background.tellers().execute(() -> {
      if (result == null) {
        promised.completeExceptionally(e);
      } else {
        promised.complete(result);
      }
    });
  }

  private <T> void fly(Asked<T> asked, Flight<T> flight) {
    Query<T> query = asked.query();
    turns.await(
        query,
        turn -> {
          End<T> end = ending(asked, flight, turn);
          StoredAnswer found = turn.found();
          if (found == null) {
            ask(asked, begun -> flight.asking(begun, turn::giveBack), end);
          } else {
            tell(end, () -> answers.shared(query, found));
          }
        },
        e -> ending(asked, flight, turns.own()).came(null, e));
  }

  private <T> End<T> ending(Asked<T> asked, Flight<T> flight, Turn turn) {
    return (result, e) -> {
      turn.close();
      if (result == null) {
        Throwable failure = e == null ? new IllegalStateException("no result") : e;
        flights.fail(asked.query(), flight, Calls.isStop(failure) ? new Abandoned() : failure);
        pass(asked.answer()).came(null, failure);
      } else {
        flights.land(asked.query(), flight, result);
        pass(asked.answer()).came(result, null);
      }
    };
  }

  private <T> void ask(Asked<T> asked, Consumer<Begun> asking, End<T> end) {
    Query<T> query = asked.query();
    Begun begun;
    try {
      begun = answers.begin(query);
    } catch (Throwable e) {
      end.came(null, e);
      return;
    }
    long start = System.nanoTime();
    Set<Nesting.Call> before = nesting.enter(asked.outer());
    try {
      asking.accept(begun);
      nesting.enter(nesting.with(query.key()));
      CompletionStage<AiAnswer<T>> stage =
          Objects.requireNonNull(asked.call().get(), "the model call gave null, not a stage");
      stage.whenComplete((answer, e) -> {
        long nanos = System.nanoTime() - start;
        Brought<T> brought = new Brought<>(answer, e);
        background.keepers().execute(() -> kept(query, begun, nanos, brought, end));
      });
    } catch (Throwable e) {
      begun.close();
      query.counters().failed(System.nanoTime() - start);
      end.came(null, e);
    } finally {
      nesting.leave(before);
    }
  }

  /** Stores what the stage has brought, and tells it. */
  private <T> void kept(Query<T> query, Begun begun, long nanos, Brought<T> brought, End<T> end) {
    try (begun) {
      Throwable e = brought.failure();
      if (e != null) {
        query.counters().failed(nanos);
        end.came(null, own(e));
      } else {
        query.counters().called(nanos);
        tell(end, () -> answers.kept(query, present(brought.answer()), null, begun));
      }
    }
  }

  private record Brought<T>(
      @Nullable AiAnswer<T> answer, @Nullable Throwable failure) {}

  private static <T> AiAnswer<T> present(@Nullable AiAnswer<T> answer) {
    return Objects.requireNonNull(answer, "the model call's stage gave null, not an AiAnswer");
  }

  /** The model's exception, without what stages wrap it in. */
  private static Throwable own(Throwable e) {
    return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
  }
}
