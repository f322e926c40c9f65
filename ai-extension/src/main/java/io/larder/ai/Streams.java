package io.larder.ai;

import io.larder.ai.Attempts.Attempt;
import io.larder.ai.Turns.Turn;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Streams answers: from the cache, from a stream that is on its way, or from the model. A text is
 * stored as a text, with the lengths of its pieces; other pieces are stored as a list. Thread-safe.
 */
final class Streams {

  private final Answers answers;
  private final Door door;
  private final Turns turns;
  private final Nesting nesting;
  private final Background background;
  private final ConcurrentHashMap<String, Course<?>> underway = new ConcurrentHashMap<>();

  Streams(Answers answers, Door door, Turns turns, Nesting nesting, Background background) {
    this.answers = answers;
    this.door = door;
    this.turns = turns;
    this.nesting = nesting;
    this.background = background;
  }

  /** Where pieces of a type come from. */
  record Source<T>(
      AiRequest request, Class<T> type, Supplier<? extends Flow.Publisher<AiChunk<T>>> call) {

    private boolean isAlike(Source<?> other) {
      return type == other.type && Objects.equals(request.answerType(), other.request.answerType());
    }
  }

  /** Each subscription is a request of its own; subscribers get what the function makes of it. */
  <T, R> Flow.Publisher<R> publisher(Source<T> source, Function<AiChunk<T>, @Nullable R> shown) {
    return subscriber -> {
      Cursor<T, R> cursor = new Cursor<>(Objects.requireNonNull(subscriber), shown);
      subscriber.onSubscribe(cursor);
      Set<Nesting.Call> outer = nesting.now();
      background.callers().execute(() -> {
        try {
          start(source, cursor, outer);
        } catch (Throwable e) {
          cursor.fail(e);
        }
      });
    };
  }

  private <T> void start(Source<T> source, Cursor<T, ?> cursor, Set<Nesting.Call> outer) {
    long start = System.nanoTime();
    Query<Object> query = door.called(source.request(), Object.class);
    StoredAnswer found = query.control().refresh() ? null : answers.find(query);
    List<T> pieces = found == null ? null : pieces(found, source);
    if (found != null && pieces == null) {
      answers.tellOfUse(found, answers.query(source.request(), source.type()));
    }
    if (found != null && pieces != null) {
      answers.taken(query, found, start);
      Recording<T> stored = new Recording<>();
      stored.fill(chunks(pieces, found));
      stored.attach(cursor);
      return;
    }
    if (!query.control().refresh()) {
      query.counters().miss(System.nanoTime() - start);
    }
    Course<T> mine = new Course<>(source, query, outer);
    mine.recording.attach(cursor);
    if (query.control().shares()
        && !query.control().readOnly()
        && !nesting.isIn(outer, query.key())) {
      joinOrBegin(mine, cursor);
    } else {
      mine.turned(turns.own());
    }
  }

  @SuppressWarnings("unchecked")
  private <T> void joinOrBegin(Course<T> mine, Cursor<T, ?> cursor) {
    Query<Object> query = mine.query;
    while (!cursor.isCancelled()) {
      Course<?> other = underway.putIfAbsent(query.key(), mine);
      if (other == null) {
        turns.await(query, mine::turned, mine::unturned);
        return;
      }
      if (!other.source.isAlike(mine.source)) {
        mine.turned(turns.own());
        return;
      }
      Course<T> theirs = (Course<T>) other;
      if (theirs.isJoinable() && theirs.recording.attach(cursor)) {
        theirs.joined();
        mine.waiting.close();
        return;
      }
      underway.remove(query.key(), other);
    }
    mine.waiting.close();
  }

  /** The pieces of a stored answer, or null if it has none of that type, or one of no use. */
  private static <T> @Nullable List<T> pieces(StoredAnswer found, Source<T> source) {
    List<T> pieces = pieces(found, source.type());
    Type precise = source.request().answerType();
    return pieces == null
            || pieces.stream()
                .allMatch(piece -> source.request().canUse(piece)
                    && (precise == null || AnswerTypes.fits(piece, precise, found.type())))
        ? pieces
        : null;
  }

  @SuppressWarnings("unchecked")
  private static <T> @Nullable List<T> pieces(StoredAnswer found, Class<T> type) {
    Object answer = found.answer();
    if (type == String.class && answer instanceof String text) {
      return (List<T>) split(text, found.chunks());
    }
    if (found.chunks() != null && answer instanceof List<?> list) {
      return list.stream().allMatch(type::isInstance) ? (List<T>) list : null;
    }
    return type.isInstance(answer) ? List.of(type.cast(answer)) : null;
  }

  private static List<String> split(String text, @Nullable List<Integer> lengths) {
    if (lengths == null) {
      return List.of(text);
    }
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int length : lengths) {
      pieces.add(text.substring(from, from + length));
      from += length;
    }
    return pieces;
  }

  private static <T> List<AiChunk<T>> chunks(List<T> pieces, StoredAnswer found) {
    List<AiChunk<T>> all = new ArrayList<>();
    pieces.forEach(piece -> all.add(new AiChunk<>(piece, null, true)));
    all.add(new AiChunk<>(
        null, new AiAnswer<>(null, found.model(), AiUsage.NONE, null, found.reason()), true));
    return all;
  }

  /** One stream from a model, from its turn to its end. */
  private final class Course<T> implements Recording.Ending<T> {

    private final Source<T> source;
    private final Query<Object> query;
    private final Recording<T> recording = new Recording<>();
    private final Set<Nesting.Call> outer;
    private final Attempt waiting;
    private int joined;
    private @Nullable Runnable counting;
    private @Nullable Turn turn;
    private volatile @Nullable Begun begun;
    private long startNanos;

    private Course(Source<T> source, Query<Object> query, Set<Nesting.Call> outer) {
      this.source = source;
      this.query = query;
      this.outer = outer;
      this.waiting = answers.attempts().waiting(query.key());
    }

    /** Whether nothing has been invalidated since it began, and it does not stand still. */
    private boolean isJoinable() {
      Begun known = begun;
      if (!answers.isCurrent(waiting, known)) {
        return false;
      }
      if (known == null || recording.stillNanos() < turns.longestWaitNanos()) {
        return true;
      }
      answers.tellOfWait(query);
      return false;
    }

    /** One more who gets what this brings: counted when that is known. */
    private void joined() {
      Runnable count;
      synchronized (this) {
        joined++;
        count = counting;
      }
      if (count != null) {
        count.run();
      }
    }

    /** Counts those who joined, and from now on each who does. */
    private void brought(Runnable count) {
      int known;
      synchronized (this) {
        known = joined;
        counting = count;
      }
      for (int i = 0; i < known; i++) {
        count.run();
      }
    }

    private void unturned(Throwable e) {
      ended();
      recording.finish(null, e);
    }

    private void turned(Turn given) {
      try {
        answered(given);
      } catch (Throwable e) {
        given.close();
        ended();
        recording.finish(null, e);
      }
    }

    private void answered(Turn given) {
      StoredAnswer found = given.found();
      List<T> pieces = found == null ? null : pieces(found, source);
      if (found == null || pieces == null) {
        ask(given);
        return;
      }
      given.close();
      ended();
      answers.shared(query, found);
      brought(() -> answers.shared(query, found));
      recording.fill(chunks(pieces, found));
    }

    private void ask(Turn given) {
      turn = given;
      recording.endingWith(this);
      if (recording.isAbandoned()) {
        abandoned();
        return;
      }
      Begun now = answers.begin(query);
      begun = now;
      if (recording.isAbandoned()) {
        abandoned(); // once more: the first time there was nothing begun to be closed
        return;
      }
      now.attempt().onClosed(given::giveBack);
      startNanos = System.nanoTime();
      Set<Nesting.Call> before = nesting.enter(outer);
      try {
        nesting.enter(nesting.with(query.key()));
        Objects.requireNonNull(source.call().get(), PieceSource.NO_STREAM).subscribe(recording);
      } catch (Throwable e) {
        recording.onError(e);
      } finally {
        nesting.leave(before);
      }
    }

    @Override
    public void complete(List<T> all, @Nullable AiChunk<T> end) {
      Begun known = Objects.requireNonNull(begun);
      long nanos = System.nanoTime() - startNanos;
      background.keepers().execute(() -> {
        try {
          query.counters().called(nanos);
          AiAnswer<Object> answer = whole(all, end == null ? null : end.end());
          boolean stores = end == null || !end.unstored();
          AiResult<Object> result =
              answers.kept(query, stores ? answer : details(null, answer), lengths(all), known);
          ended();
          brought(() -> answers.shared(query, result));
          background.tellers().execute(() -> recording.finish(AiChunk.end(answer), null));
        } catch (Throwable e) {
          ended();
          background.tellers().execute(() -> recording.finish(null, e));
        }
      });
    }

    private AiAnswer<Object> whole(List<T> all, @Nullable AiAnswer<T> end) {
      Object value =
          source.type() == String.class ? String.join("", all.toArray(String[]::new)) : all;
      return end == null ? AiAnswer.of(value) : details(value, end);
    }

    private AiAnswer<Object> details(@Nullable Object value, AiAnswer<?> of) {
      return new AiAnswer<>(value, of.model(), of.usage(), of.cost(), of.finish(), of.companion());
    }

    private List<Integer> lengths(List<T> all) {
      return source.type() == String.class
          ? all.stream().map(piece -> ((String) piece).length()).toList()
          : List.of();
    }

    @Override
    public void failed(Throwable e) {
      long nanos = System.nanoTime() - startNanos;
      background.keepers().execute(() -> {
        query.counters().failed(nanos);
        ended();
        background.tellers().execute(() -> recording.finish(null, e));
      });
    }

    @Override
    public void abandoned() {
      background.keepers().execute(this::ended);
    }

    private void ended() {
      underway.remove(query.key(), this);
      waiting.close();
      Begun known = begun;
      if (known != null) {
        known.close();
      }
      if (turn != null) {
        turn.close();
      }
    }
  }
}
