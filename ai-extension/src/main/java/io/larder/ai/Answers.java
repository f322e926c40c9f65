package io.larder.ai;

import io.larder.ai.AiResult.Source;
import io.larder.ai.Attempts.Attempt;
import io.larder.ai.config.AiConfig;
import io.larder.ai.key.KeyScheme;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds answers that may be given and keeps those that may be kept. Thread-safe. A cache that fails
 * is a miss, and a store that fails is no failure of the call.
 */
final class Answers {

  private final Caches caches;
  private final KeyScheme scheme;
  private final InstantSource clock;
  private final Predicate<? super AiAnswer<?>> keeping;
  private final Attempts attempts = new Attempts();
  private final Moments moments;
  private final Shelf shelf;

  Answers(
      Caches caches,
      KeyScheme scheme,
      InstantSource clock,
      Predicate<? super AiAnswer<?>> keeping) {
    this.caches = caches;
    this.scheme = scheme;
    this.clock = clock;
    this.moments = new Moments(clock);
    this.keeping = keeping;
    this.shelf = new Shelf(caches);
  }

  AiConfig config() {
    return caches.config();
  }

  /** The way of a request that goes by the cache: without a key, which nobody asks for. */
  <T> Query<T> passing(AiRequest request, Class<T> type) {
    return new Query<>(
        caches.operation(request.operation()),
        config().tierOf(request.textLength()),
        "",
        request,
        type);
  }

  /** The request's way. */
  <T> Query<T> query(AiRequest request, Class<T> type) {
    return new Query<>(
        caches.operation(request.operation()),
        config().tierOf(request.textLength()),
        request.key(scheme),
        request,
        type);
  }

  /** The answer that may be given to the request, or null; counted nowhere. */
  @Nullable
  StoredAnswer find(Query<?> query) {
    Interruption interruption = Interruption.hold();
    try {
      StoredAnswer found = look(query);
      return found != null && isGood(found, query) ? found : null;
    } catch (RuntimeException | LinkageError e) {
      caches.troubles().tell(cacheName(query), "no answer can be read", e);
      return null;
    } finally {
      interruption.release();
    }
  }

  /** What is there, good or not; what is asked for from now on is newer. */
  private @Nullable StoredAnswer look(Query<?> query) {
    StoredAnswer found = query.operation().cache().get().get(query.key());
    if (found != null) {
      moments.saw(found);
    }
    return found;
  }

  private boolean isGood(StoredAnswer found, Query<?> query) {
    if (!isOfType(found, query) || !isUsable(found, query)) {
      tellOfUse(found, query);
      return false;
    }
    Duration maxAge = query.control().maxAge().orElse(null);
    if (found.validMillis() != 0 || maxAge != null) {
      long now = clock.millis();
      if (found.validMillis() != 0 && now >= found.validMillis()
          || maxAge != null
              && Duration.ofMillis(now - found.createdMillis()).compareTo(maxAge) > 0) {
        return false;
      }
    }
    return caches.tags().areCurrent(found.tags());
  }

  /** As {@link #isOfType}. */
  private static boolean isUsable(StoredAnswer found, Query<?> query) {
    return query.type() == Object.class || query.request().canUse(found.answer());
  }

  /** Of streams, whose queries are for any object, it is asked piece by piece. */
  private static boolean isOfType(StoredAnswer found, Query<?> query) {
    Type wanted = query.request().answerType();
    return query.type().isInstance(found.answer())
        && (wanted == null
            || query.type() == Object.class
            || AnswerTypes.fits(found.answer(), wanted, found.type()));
  }

  /** An answer that was found is of another type than is wanted, or of no use. */
  void tellOfUse(StoredAnswer found, Query<?> query) {
    Type wanted = query.request().answerType();
    caches
        .troubles()
        .note(
            cacheName(query),
            isOfType(found, query)
                ? "a stored answer cannot be used by who asks for it, and counts as none"
                : "a stored answer"
                    + (found.type() == null ? "" : " that was stored as " + found.type())
                    + " is of class " + found.answer().getClass().getName() + ", not of the type "
                    + (wanted == null ? query.type() : wanted).getTypeName()
                    + " that is asked for, and counts as none; ask for each type with an option or"
                    + " schema version of its own");
  }

  private static String cacheName(Query<?> query) {
    return query.operation().cache().name();
  }

  /**
   * A look-up that counts.
   *
   * @param startNanos when the caller began
   */
  <T> @Nullable AiResult<T> lookUp(Query<T> query, long startNanos) {
    StoredAnswer found = find(query);
    if (found == null) {
      query.counters().miss(System.nanoTime() - startNanos);
      return null;
    }
    return taken(query, found, startNanos);
  }

  /** A hit, counted. */
  <T> AiResult<T> taken(Query<T> query, StoredAnswer found, long startNanos) {
    AiResult<T> result = new AiResult<>(
        query.type().cast(found.answer()),
        Source.CACHE,
        details(found, caches.hits().hit(query.key(), found.stamp())));
    query.counters().hit(System.nanoTime() - startNanos, isLate(query, found));
    saved(query, found);
    return result;
  }

  private static void saved(Query<?> query, StoredAnswer found) {
    query.counters().saved(found.inputTokens(), found.outputTokens(), found.cost());
  }

  private boolean isLate(Query<?> query, StoredAnswer found) {
    long life = query.operation().ttl().toMillis();
    return life != 0 && (clock.millis() - found.createdMillis()) * 5 >= life * 4;
  }

  /** What another caller's call brought, counted. */
  <T> AiResult<T> shared(Query<T> query, StoredAnswer found) {
    query.counters().shared();
    saved(query, found);
    return new AiResult<>(
        query.type().cast(found.answer()),
        Source.SHARED_CALL,
        details(found, caches.hits().of(query.key(), found.stamp())));
  }

  /** What another caller's call in this process brought, counted. */
  <T> AiResult<T> shared(Query<T> query, AiResult<T> theirs) {
    AiDetails details = theirs.details();
    query.counters().shared();
    query
        .counters()
        .saved(details.usage().inputTokens(), details.usage().outputTokens(), details.cost());
    return new AiResult<>(theirs.value(), Source.SHARED_CALL, details, theirs.companion());
  }

  private AiDetails details(StoredAnswer stored, long hits) {
    return new AiDetails(
        Instant.ofEpochMilli(stored.createdMillis()),
        stored.operation(),
        stored.textLength(),
        config().tierOf(stored.textLength()),
        stored.model(),
        new AiUsage(stored.inputTokens(), stored.outputTokens()),
        stored.cost(),
        stored.reason(),
        hits);
  }

  /** The model is about to be asked; to be closed when that is over. */
  Begun begin(Query<?> query) {
    Attempt attempt = attempts.begin(query.key());
    try {
      return new Begun(attempt, before(query), moments.now());
    } catch (Throwable e) {
      attempt.close();
      throw e;
    }
  }

  /**
   * What has to be known before the model is asked, for its answer to be kept: the generations of
   * the request's tags. Null if nothing is to be kept.
   */
  private @Nullable Map<String, String> before(Query<?> query) {
    Interruption interruption = Interruption.hold();
    try {
      if (!query.control().stores()) {
        return null;
      }
      if (query.control().refresh()) {
        glance(query);
      }
      return generations(query);
    } catch (RuntimeException | LinkageError e) {
      caches.troubles().tell(cacheName(query), "no answer can be stored", e);
      return null;
    } finally {
      interruption.release();
    }
  }

  /** What is to be replaced need not be readable. */
  private void glance(Query<?> query) {
    try {
      look(query);
    } catch (RuntimeException | LinkageError e) {
      caches.troubles().tell(cacheName(query), "no answer can be read", e);
    }
  }

  private Map<String, String> generations(Query<?> query) {
    Set<String> names = new HashSet<>();
    names.add(Tags.ofOperation(query.operation().name()));
    query.request().tags().forEach(tag -> names.add(scheme.tag(tag.kind(), tag.value())));
    return caches.tags().generations(names);
  }

  Attempts attempts() {
    return attempts;
  }

  /**
   * Whether a call on its way may still be joined: nothing has been invalidated since it began. If
   * it may not, others need not wait for its lease.
   *
   * @param waiting stands for it until the model is asked
   */
  boolean isCurrent(Attempt waiting, @Nullable Begun begun) {
    if (begun == null) {
      return waiting.isOpen();
    }
    if (isCurrent(begun)) {
      return true;
    }
    begun.attempt().shut();
    return false;
  }

  private boolean isCurrent(Begun begun) {
    Map<String, String> seen = begun.generations();
    try {
      return begun.attempt().isOpen() && (seen == null || caches.tags().areCurrent(seen));
    } catch (RuntimeException e) {
      return true;
    }
  }

  /** A call is made beside another that takes too long. */
  void tellOfWait(Query<?> query) {
    caches
        .troubles()
        .note(
            cacheName(query),
            "a call takes longer than longestWait, and another for the same request is made beside"
                + " it");
  }

  /** The model's answer as a result; stored if it is worth it, and nothing newer is there. */
  <T> AiResult<T> kept(
      Query<T> query, AiAnswer<T> answer, @Nullable List<Integer> chunks, Begun begun) {
    long now = clock.millis();
    T value = answer.value();
    boolean stored = false;
    Interruption interruption = Interruption.hold();
    try {
      if (value != null && begun.generations() != null && isKept(query, answer)) {
        StoredAnswer kept = stored(query, answer, value, chunks, begun, now);
        stored = begun.attempt().store(() -> shelf.put(query, kept));
      }
    } catch (RuntimeException | Error e) { // whatever it is, the caller gets what the model said
      caches.troubles().tell(cacheName(query), "an answer cannot be stored", e);
    } finally {
      interruption.release();
    }
    if (!stored && query.control().stores()) {
      query.counters().notStored();
    }
    AiDetails details = passed(query.request(), answer, now);
    return new AiResult<>(value, Source.MODEL, details, answer.companion());
  }

  private boolean isKept(Query<?> query, AiAnswer<?> answer) {
    try {
      return keeping.test(answer);
    } catch (RuntimeException | Error e) {
      caches.troubles().tell(cacheName(query), "keepIf failed, so that an answer is not stored", e);
      return false;
    }
  }

  /** Stores an answer that the application has, or throws what kept it from that. */
  void put(Query<?> query, AiAnswer<?> answer) {
    Object value = answer.value();
    if (value != null && query.control().stores()) {
      Map<String, String> generations = generations(query);
      try (Begun begun = new Begun(attempts.begin(query.key()), generations, moments.now())) {
        StoredAnswer kept = stored(query, answer, value, null, begun, clock.millis());
        begun.attempt().override(() -> shelf.replace(query, kept));
      }
    }
  }

  /** Removes an answer; what is on its way in this process will neither be stored nor joined. */
  boolean remove(Query<?> query) {
    AtomicBoolean removed = new AtomicBoolean();
    try (Attempt attempt = attempts.begin(query.key())) {
      attempt.override(() -> removed.set(query.operation().cache().get().remove(query.key())));
    }
    return removed.get();
  }

  private StoredAnswer stored(
      Query<?> query,
      AiAnswer<?> answer,
      Object value,
      @Nullable List<Integer> chunks,
      Begun begun,
      long now) {
    Duration ttl = query.control().ttl().orElse(null);
    Type type = query.request().answerType();
    return new StoredAnswer(
        value,
        chunks,
        now,
        ttl == null ? 0 : now + ttl.toMillis(),
        UUID.randomUUID().toString(),
        query.operation().name(),
        query.request().textLength(),
        query.tier().name(),
        answer.model() == null ? query.request().model() : answer.model(),
        answer.usage().inputTokens(),
        answer.usage().outputTokens(),
        answer.cost(),
        answer.finish().name(),
        type == null ? null : type.getTypeName(),
        begun.generations() == null ? Map.of() : begun.generations(),
        begun.millis());
  }

  /** What is known of an answer that went by the cache. */
  AiDetails passed(AiRequest request, AiAnswer<?> answer, long now) {
    return new AiDetails(
        Instant.ofEpochMilli(now),
        request.operation(),
        request.textLength(),
        config().tierOf(request.textLength()),
        answer.model() == null ? request.model() : answer.model(),
        answer.usage(),
        answer.cost(),
        answer.finish(),
        0);
  }
}
