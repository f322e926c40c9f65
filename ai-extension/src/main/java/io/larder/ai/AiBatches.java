package io.larder.ai;

import io.larder.ai.Flights.Abandoned;
import io.larder.ai.Flights.Flight;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Answers many requests at a time, with one call for those that are missing: of use with models
 * that take many inputs at once, such as those that make embeddings. Thread-safe.
 *
 * <p><b>Design.</b> Each request that the cache does not answer joins the flight of the same
 * request in this process, or begins one, as in {@link Calls}. The model is asked for those that
 * began, and these land, before any of the others is waited for: so batches never wait for each
 * other in a circle. What another caller gave up, or what took too long, goes into the next round.
 * There are no leases: processes do not share the calls of batches.
 */
public final class AiBatches {

  private final Answers answers;
  private final Door door;
  private final Flights flights;
  private final Turns turns;
  private final Nesting nesting;

  AiBatches(Answers answers, Door door, Flights flights, Turns turns, Nesting nesting) {
    this.answers = answers;
    this.door = door;
    this.flights = flights;
    this.turns = turns;
    this.nesting = nesting;
  }

  /** What counts as one: a request, how it uses the cache, and what the answer has to be. */
  private record Wanted(
      AiRequest request, AiControl control, @Nullable Type answerType) {

    private static Wanted of(AiRequest request) {
      return new Wanted(request, request.control(), request.answerType());
    }
  }

  /** A request that this caller asks the model for, and where others wait for it. */
  private record Mine<T>(
      Wanted wanted, Query<T> query, @Nullable Flight<T> flight) {}

  /** What is known, and what is still to be had. */
  private record Batch<T, X extends Exception>(
      AiBatchCall<T, X> call,
      Map<Wanted, AiResult<T>> known,
      Map<Wanted, Query<T>> missing,
      long startNanos) {}

  /**
   * The answers to the requests, in their order: stored ones, those of calls on their way in this
   * process for the same requests, and for the rest what the call answers, which is stored if it is
   * complete. Equal requests with the same control are asked for once; of those with different ones
   * each has its own way: it looks, shares and stores as if it were alone, and the call can be
   * given equal requests.
   *
   * @param call asks the model for all that is missing; called once, on this thread, and again only
   *     for requests whose call another caller began and gave up, or that took longer than
   *     {@code longestWait}
   * @throws X what the call threw; if it was another caller's call, that very exception
   * @throws javax.cache.CacheException only if this thread is interrupted while it waits for
   *     another caller's call
   * @throws IllegalStateException if the call gave another number of answers than it was asked for
   */
  public <T, X extends Exception> List<AiResult<T>> getOrCompute(
      List<AiRequest> requests, Class<T> type, AiBatchCall<T, X> call) throws X {
    Objects.requireNonNull(requests, "requests");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(call, "call");
    Batch<T, X> batch =
        new Batch<>(call, new HashMap<>(), new LinkedHashMap<>(), System.nanoTime());
    List<Wanted> all = requests.stream().map(Wanted::of).toList();
    for (Wanted wanted : all) {
      if (!batch.known.containsKey(wanted) && !batch.missing.containsKey(wanted)) {
        lookUp(wanted, Door.boxed(type), batch);
      }
    }
    while (!batch.missing.isEmpty()) {
      round(batch);
    }
    return all.stream()
        .map(wanted -> Objects.requireNonNull(batch.known.get(wanted)))
        .toList();
  }

  private <T> void lookUp(Wanted wanted, Class<T> type, Batch<T, ?> batch) {
    long start = System.nanoTime();
    Query<T> query = door.called(wanted.request, type);
    AiResult<T> hit = door.lookUp(query, start);
    if (hit == null) {
      batch.missing.put(wanted, query);
    } else {
      batch.known.put(wanted, hit);
    }
  }

  private <T, X extends Exception> void round(Batch<T, X> batch) throws X {
    List<Mine<T>> mine = new ArrayList<>();
    Map<Wanted, Flight<T>> theirs = new LinkedHashMap<>();
    try {
      batch.missing.forEach((wanted, query) -> {
        Flight<T> own = sharing(query, batch) ? flights.begin(query) : null;
        Flight<T> flight = own == null ? null : flights.findOrBegin(query, own);
        if (own != null && flight != own) {
          flights.end(query, own);
        }
        if (flight == null || flight == own) {
          mine.add(new Mine<>(wanted, query, flight));
        } else {
          theirs.put(wanted, flight);
        }
      });
      ask(mine, batch);
    } catch (Throwable e) {
      Throwable told = Calls.isStop(e) ? new Abandoned() : e;
      mine.forEach(one -> {
        if (one.flight != null) {
          flights.fail(one.query, one.flight, told);
        }
      });
      throw e;
    }
    theirs.forEach((wanted, flight) -> await(wanted, flight, batch));
  }

  private boolean sharing(Query<?> query, Batch<?, ?> batch) {
    return query.control().shares()
        && !nesting.contains(query.key())
        && turns.patienceNanos(batch.startNanos) > 0;
  }

  private <T> void await(Wanted wanted, Flight<T> flight, Batch<T, ?> batch) {
    try {
      AiResult<T> theirs = Calls.landed(flight, turns.waitNanos(flight, batch.startNanos));
      Query<T> query = batch.missing.get(wanted);
      if (theirs != null && query != null) {
        batch.known.put(wanted, answers.shared(query, theirs));
        batch.missing.remove(wanted);
      }
    } catch (TimeoutException e) {
      // in the next round
    }
  }

  /** Asks for what has not come meanwhile, and lands it. */
  private <T, X extends Exception> void ask(List<Mine<T>> mine, Batch<T, X> batch) throws X {
    List<Mine<T>> asked = new ArrayList<>();
    List<Begun> begun = new ArrayList<>();
    try {
      for (Mine<T> one : mine) {
        boolean looks = one.flight != null
            || one.query.control().shares() && turns.patienceNanos(batch.startNanos) <= 0;
        StoredAnswer found = looks ? answers.find(one.query) : null;
        if (found != null) {
          land(one, answers.shared(one.query, found), batch);
          continue;
        }
        asked.add(one);
        begun.add(answers.begin(one.query));
        if (one.flight != null) {
          one.flight.asking(begun.get(begun.size() - 1), () -> {});
        }
      }
      if (!asked.isEmpty()) {
        List<AiAnswer<T>> made = called(asked, batch.call);
        for (int i = 0; i < asked.size(); i++) {
          Query<T> query = asked.get(i).query;
          land(asked.get(i), answers.kept(query, made.get(i), null, begun.get(i)), batch);
        }
      }
    } finally {
      begun.forEach(Begun::close);
    }
  }

  private <T> void land(Mine<T> one, AiResult<T> result, Batch<T, ?> batch) {
    batch.known.put(one.wanted, result);
    batch.missing.remove(one.wanted);
    if (one.flight != null) {
      flights.land(one.query, one.flight, result);
    }
  }

  /** One call for all, counted as that. */
  private <T, X extends Exception> List<AiAnswer<T>> called(
      List<Mine<T>> asked, AiBatchCall<T, X> call) throws X {
    long start = System.nanoTime();
    boolean failed = true;
    Set<Nesting.Call> outer =
        nesting.enter(nesting.with(asked.stream().map(one -> one.query.key()).toList()));
    try {
      List<AiAnswer<T>> made = Objects.requireNonNull(
          call.call(asked.stream().map(one -> one.wanted.request).toList()),
          "the model call gave null, not a list of AiAnswers");
      if (made.size() != asked.size()) {
        throw new IllegalStateException(
            "the model gave " + made.size() + " answers for " + asked.size() + " requests");
      }
      made.forEach(
          answer -> Objects.requireNonNull(answer, "the model call gave null, not an AiAnswer"));
      failed = false;
      return made;
    } finally {
      nesting.leave(outer);
      asked.get(0).query.counters().ended(System.nanoTime() - start, failed);
    }
  }
}
