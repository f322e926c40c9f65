package io.larder.ai;

import io.larder.ai.config.AiConfig;
import io.larder.ai.key.KeyScheme;
import io.larder.ai.platform.Platform;
import io.larder.ai.stats.AiOperationStats;
import io.larder.ai.stats.AiStats;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/**
 * A cache of answers that AI models give, in the caches of a JCache manager: one cache for each
 * operation, named {@code ai.<operation>}. Thread-safe; one for each manager is enough.
 *
 * <p>{@link #getOrCompute} is the usual way in: it answers from the cache, joins a call for the
 * same request that is on its way, or asks the model. A cache that fails, is off, or whose manager
 * is closed never fails it; what the model call throws passes through untouched and is never
 * stored. Methods that change what is stored throw {@link CacheException} where they cannot, and
 * {@link IllegalStateException} once the manager is closed; over Redis with a fallback that keeps
 * on working they change what this process has, and Redis when it is back.
 *
 * <p>An answer that callers share in one process is one object: treat it as immutable.
 */
public final class AiCache implements AutoCloseable {

  private static final long FLUSH_MILLIS = 5000;

  private final Background background;
  private final Caches caches;
  private final KeyScheme scheme;
  private final Answers answers;
  private final Door door;
  private final Calls calls;
  private final AsyncAiCache async;
  private final AiBatches batches;
  private final Streams streams;
  private final Invalidation invalidation;
  private final Beans beans;
  private final Listeners listeners;

  private AiCache(Builder builder) {
    CacheManager manager = builder.manager;
    String name = String.valueOf(manager.getURI());
    Platform platform = Platform.of(manager);
    AiConfig config = builder.config == null ? platform.config() : builder.config;
    Troubles troubles = new Troubles();
    Settling settling = new Settling(platform, builder.outagePatience);
    this.listeners = new Listeners(troubles);
    this.background = new Background(name);
    this.beans = new Beans(name);
    this.caches = new Caches(manager, settling, config, troubles, this::firstUse);
    this.scheme = new KeyScheme(config);
    this.answers = new Answers(caches, scheme, builder.clock, builder.keeping);
    this.door = new Door(answers, name);
    Leases leases = new Leases(caches, background, builder.leaseTime, builder.longestWait);
    Turns turns = new Turns(answers, leases, background, builder.longestWait);
    Flights flights = new Flights(answers, turns.longestWaitNanos());
    Nesting nesting = new Nesting(platform.sharedBy(manager));
    this.calls = new Calls(answers, flights, turns, nesting);
    this.async = new AsyncAiCache(
        this,
        door,
        new AsyncCalls(answers, flights, turns, nesting, background),
        nesting,
        background);
    this.batches = new AiBatches(answers, door, flights, turns, nesting);
    this.streams = new Streams(answers, door, turns, nesting, background);
    this.invalidation = new Invalidation(caches, builder.clock);
    background.every(FLUSH_MILLIS, caches::flushHits);
  }

  /** An answer cache in that manager, with its settings if it is Larder's, else the defaults. */
  public static AiCache on(CacheManager manager) {
    return builder(manager).build();
  }

  /** Begins an answer cache in that manager. */
  public static Builder builder(CacheManager manager) {
    return new Builder(manager);
  }

  private void firstUse(Operation operation) {
    beans.register(operation);
    listeners.tellAll(operation);
  }

  /** The settings in force. */
  public AiConfig config() {
    return caches.config();
  }

  /** The asynchronous forms. */
  public AsyncAiCache async() {
    return async;
  }

  /** The form for many requests at a time. */
  public AiBatches batches() {
    return batches;
  }

  /** The text that answers the request, if it is stored: {@link #get(AiRequest, Class)}. */
  public Optional<AiResult<String>> get(AiRequest request) {
    return get(request, String.class);
  }

  /**
   * The answer to the request, if one is stored that is valid, of that type, and not older than the
   * request wants. Counts as a look-up. A cache that fails has none.
   */
  public <T> Optional<AiResult<T>> get(AiRequest request, Class<T> type) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(type, "type");
    long start = System.nanoTime();
    Query<T> query = door.called(request, Door.boxed(type));
    return Optional.ofNullable(door.lookUp(query, start));
  }

  /** A text that answers the request: {@link #getOrCompute(AiRequest, Class, AiCall)}. */
  public <X extends Exception> AiResult<String> getOrCompute(
      AiRequest request, AiCall<String, X> call) throws X {
    return getOrCompute(request, String.class, call);
  }

  /**
   * The answer to the request: a stored one, that of a call on its way for the same request, or
   * what the call answers, which is stored if it is complete.
   *
   * <p>Concurrent identical requests make one call in this process; over Redis with Larder's
   * provider, one in all processes that share the caches. A request that refreshes, or that does
   * not want its answer stored, makes a call of its own.
   *
   * @param call asks the model; called at most once, on this thread
   * @throws X what the call threw; if it was another caller's call, that very exception
   * @throws CacheException only if this thread is interrupted while it waits for another's call
   */
  public <T, X extends Exception> AiResult<T> getOrCompute(
      AiRequest request, Class<T> type, AiCall<T, X> call) throws X {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(call, "call");
    long start = System.nanoTime();
    Query<T> query = door.called(request, Door.boxed(type));
    AiResult<T> hit = door.lookUp(query, start);
    return hit == null ? calls.answer(query, call) : hit;
  }

  /** A text that streams: {@link #stream}, without the end. */
  public Flow.Publisher<String> streamText(
      AiRequest request, Supplier<? extends Flow.Publisher<String>> call) {
    return streamPieces(request, String.class, call);
  }

  /** Pieces of that type that stream: {@link #stream}, without the end. */
  public <T> Flow.Publisher<T> streamPieces(
      AiRequest request, Class<T> type, Supplier<? extends Flow.Publisher<T>> call) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(call, "call");
    return streams.publisher(
        new Streams.Source<>(request, Door.boxed(type), () -> new PieceSource<>(call.get())),
        AiChunk::value);
  }

  /**
   * The answer to the request as a stream: a stored one replayed in the pieces that it came in,
   * that of a stream on its way for the same request from its beginning, or the model's, which is
   * stored once it has ended well. One that fails, is cancelled by all its subscribers, or ends
   * with an incomplete answer is not stored.
   *
   * <p>Each subscription is a request. The model is asked for all pieces at once; each subscriber
   * gets at most as many as it requested. An answer that came whole is streamed as one piece, and
   * {@link #get} finds a streamed text as a whole.
   *
   * @param type of the pieces: strings, or something that the cache can store in a list
   * @param call asks the model; called at most once for each subscription, on a thread of this
   *     answer cache
   */
  public <T> Flow.Publisher<AiChunk<T>> stream(
      AiRequest request, Class<T> type, Supplier<? extends Flow.Publisher<AiChunk<T>>> call) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(call, "call");
    return streams.publisher(
        new Streams.Source<>(request, Door.boxed(type), call), Function.identity());
  }

  /**
   * Stores an answer, in place of any other. An answer without a value, a request that stores
   * nothing and one whose text is too long are left alone; whether the answer is complete is the
   * caller's affair.
   *
   * @throws CacheException if it cannot be stored
   */
  public void put(AiRequest request, AiAnswer<?> answer) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(answer, "answer");
    Query<Object> query = door.enter(request, Object.class);
    answers.put(query, answer);
  }

  /**
   * Removes one answer; one that is on its way in this process will not be stored, and nobody who
   * asks from now on gets it.
   *
   * @return whether there was one
   * @throws CacheException if it cannot be removed
   */
  public boolean remove(AiRequest request) {
    Objects.requireNonNull(request, "request");
    return answers.remove(answers.query(request, Object.class));
  }

  /**
   * Removes all answers of one operation, and of no other whose name begins alike. Takes effect at
   * once, also for answers that are on their way in whichever process.
   *
   * @return how many valid answers went
   * @throws CacheException if they cannot be removed
   */
  public long invalidateByOperation(String operation) {
    return invalidation.operation(AiRequest.requireOperation(operation));
  }

  /**
   * Ends the validity of all answers of requests to that model, at once and at constant cost; their
   * memory is freed as they expire.
   *
   * @throws CacheException if that cannot be stored
   */
  public void invalidateByModel(String model) {
    invalidation.tag(scheme.tag("model", Objects.requireNonNull(model, "model")));
  }

  /** The same for all answers of one tenant. */
  public void invalidateByTenant(String tenant) {
    invalidation.tag(scheme.tag("tenant", Objects.requireNonNull(tenant, "tenant")));
  }

  /** The same for all answers of requests with that tag of the application's own. */
  public void invalidateByTag(String tag) {
    invalidation.tag(scheme.tag("tag", Objects.requireNonNull(tag, "tag")));
  }

  /**
   * Removes all answers whose key matches a glob of Redis' kind: {@code *}, {@code ?},
   * {@code [...]} and {@code \}. Looks at every key, so it takes time where there are many.
   *
   * @return how many went
   * @throws CacheException if they cannot be removed
   */
  public long invalidatePattern(String glob) {
    Objects.requireNonNull(glob, "glob");
    answers.attempts().shut(Platform.matching(glob));
    return invalidation.pattern(glob);
  }

  /**
   * Removes all answers of all operations.
   *
   * @throws CacheException if they cannot be removed
   */
  public void clear() {
    invalidation.all();
  }

  /** The key that the request's answer stands under; its text is in it if that is short enough. */
  public String keyOf(AiRequest request) {
    return Objects.requireNonNull(request, "request").key(scheme);
  }

  /**
   * Counts a model call that the application made by itself, between {@link #get} and {@link #put}:
   * one for a batch, with one of its requests. {@link #getOrCompute} counts its own.
   */
  public void countModelCall(AiRequest request, Duration time, boolean failed) {
    Objects.requireNonNull(request, "request");
    long nanos = Objects.requireNonNull(time, "time").toNanos();
    answers.passing(request, Object.class).counters().ended(nanos, failed);
  }

  /** What was counted so far, in this process. */
  public AiStats stats() {
    return caches.stats();
  }

  /** What was counted so far for one operation; nothing if it was not used in this process. */
  public AiOperationStats stats(String operation) {
    Objects.requireNonNull(operation, "operation");
    return caches.stats(operation);
  }

  /**
   * Has a listener told the name of each operation used in this process: of those so far now, of
   * others when they are first used, by the thread that does; perhaps of one twice. What it throws
   * is a line in the log.
   */
  public void onOperation(Consumer<String> listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    caches.used().forEach(operation -> listeners.tell(listener, operation));
  }

  /** Ends the threads and beans of this; the manager and what is stored stay. Idempotent. */
  @Override
  public void close() {
    caches.flushHits();
    background.close();
    beans.close();
  }

  /** Collects what an answer cache is made of. For one thread. */
  public static final class Builder {

    private static final Duration DAY = Duration.ofDays(1);

    private final CacheManager manager;
    private @Nullable AiConfig config;
    private Predicate<? super AiAnswer<?>> keeping = AiAnswer::isComplete;
    private InstantSource clock = InstantSource.system();
    private Duration leaseTime = Duration.ofSeconds(10);
    private Duration longestWait = Duration.ofMinutes(5);
    private Duration outagePatience = Duration.ofSeconds(5);

    private Builder(CacheManager manager) {
      this.manager = Objects.requireNonNull(manager, "manager");
    }

    /** Settings in place of the manager's. */
    public Builder config(AiConfig value) {
      config = Objects.requireNonNull(value, "config");
      return this;
    }

    /** Which answers are stored; {@link AiAnswer#isComplete} if not given. */
    public Builder keepIf(Predicate<? super AiAnswer<?>> test) {
      keeping = Objects.requireNonNull(test, "test");
      return this;
    }

    /** What tells the time by which answers age; the system's clock if not given. */
    public Builder clock(InstantSource source) {
      clock = Objects.requireNonNull(source, "source");
      return this;
    }

    /**
     * How long after the death of a process its calls are taken over by others; ten seconds if not
     * given. A process that stands still for longer loses its calls, too.
     *
     * @throws IllegalArgumentException if it is not one second to ten minutes
     */
    public Builder leaseTime(Duration time) {
      leaseTime = Bounds.within("leaseTime", time, Duration.ofSeconds(1), Duration.ofMinutes(10));
      return this;
    }

    /**
     * How long a call is waited for by others with the same request; then one of them makes another
     * beside it. Five minutes if not given. Set it above the longest time that a good call takes.
     *
     * @throws IllegalArgumentException if it is not a millisecond to a day
     */
    public Builder longestWait(Duration time) {
      longestWait = Bounds.within("longestWait", time, Duration.ofMillis(1), DAY);
      return this;
    }

    /**
     * For how long from the beginning of an outage of Redis calls to the model wait for its end, to
     * be shared between processes; later, and with zero, they are made at once. Five seconds if not
     * given. A start of many processes at a time on a busy machine counts as one.
     *
     * @throws IllegalArgumentException if it is negative or more than a day
     */
    public Builder outagePatience(Duration time) {
      outagePatience = Bounds.within("outagePatience", time, Duration.ZERO, DAY);
      return this;
    }

    /**
     * The answer cache.
     *
     * @throws CacheException if the manager's settings are no good
     */
    public AiCache build() {
      return new AiCache(this);
    }
  }
}
