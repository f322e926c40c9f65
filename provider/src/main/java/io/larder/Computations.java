package io.larder;

import io.larder.event.EventDispatcher.Pending;
import io.larder.expiry.Ttl;
import io.larder.log.Log;
import io.larder.store.Budget;
import io.larder.store.Change;
import io.larder.store.Claim;
import io.larder.store.LockTimeoutException;
import io.larder.store.Outcome;
import io.larder.store.Store;
import io.larder.store.StoreUnavailableException;
import io.larder.store.Stored;
import io.larder.store.redis.RedisRefusedException;
import io.larder.store.redis.RedisTimedOutException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.cache.CacheException;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Values that the application's functions compute, one call per key at a time.
 *
 * <p><b>The path of a call.</b> A hit ends it. Else it joins the {@link Computation} of its key in
 * this process, or leads one. Who leads asks the store for the key's {@link Claim}, again and again
 * while somebody else has it; meanwhile a value may turn up. With the claim it looks no more, calls
 * its function and stores the value, if the claim still stands: no lock and no lease of the cache
 * is held during the call. A change of the key ends claim and computation alike: those who have
 * joined get what they joined for, those who come later begin anew.
 *
 * <p>A command that got no answer in time is sent again for some seconds, for a call may cost more
 * than that; any other failure to reach the store has the leader compute without a claim.
 */
final class Computations<K, V> {

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** For how long a store that does not answer is asked: at first, and once it has answered. */
  private static final long FIRST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int STORE_TRIES = 3;

  private final Engine<K, V> engine;
  private final Parts<K, V> parts;
  private final Store<K, V> store;
  private final Log log;
  private final Set<Own> calls = ConcurrentHashMap.newKeySet();

  /** A thread and the key that it computes. */
  private record Own(Thread thread, Object key) {}

  Computations(Engine<K, V> engine) {
    this.engine = engine;
    this.parts = engine.parts();
    this.store = parts.store();
    this.log = parts.log().from(Computations.class);
  }

  /** One caller's request. */
  private record Request<K, V>(
      K key,
      Function<? super K, ? extends @Nullable V> function,
      ComputeOptions<? super V> options,
      long start) {

    @Nullable
    V call() {
      return function.apply(key);
    }

    long remainingNanos() {
      return options
          .maximumWait()
          .map(wait -> start + nanos(wait) - System.nanoTime())
          .orElse(Long.MAX_VALUE);
    }

    private static long nanos(Duration wait) {
      return TimeUnit.NANOSECONDS.convert(wait);
    }
  }

  @Nullable
  V getOrCompute(
      K key,
      Function<? super K, ? extends @Nullable V> function,
      ComputeOptions<? super V> options) {
    Request<K, V> request = new Request<>(key, function, options, System.nanoTime());
    V present = present(key);
    return present != null ? present : compute(request);
  }

  private @Nullable V present(K key) {
    try {
      return engine.getUnloaded(key);
    } catch (CacheException e) {
      requireOutage(e);
      return null;
    }
  }

  private @Nullable V compute(Request<K, V> request) {
    Own own = new Own(Thread.currentThread(), request.key());
    if (!calls.add(own)) {
      throw new IllegalStateException(
          parts.cacheName() + ": a function asked the cache for the key that it is computing");
    }
    try {
      return leadOrJoin(request);
    } finally {
      calls.remove(own);
    }
  }

  private @Nullable V leadOrJoin(Request<K, V> request) {
    while (true) {
      Computation<V> mine = new Computation<>();
      Computation<V> other = parts.flights().startOrJoin(request.key(), mine);
      if (other == null) {
        return lead(request, mine);
      }
      Computation.End end = await(other, request);
      if (end == null) {
        return request.call();
      } else if (end == Computation.End.ANSWERED) {
        V value = other.value();
        return value == null ? null : parts.copier().copy(value);
      } else if (end == Computation.End.FAILED) {
        throw Computations.<RuntimeException>asItIs(other.failure());
      }
    }
  }

  private Computation.@Nullable End await(Computation<V> other, Request<K, V> request) {
    try {
      return other.await(request.remainingNanos());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
  private static <E extends Throwable> E asItIs(@Nullable Throwable failure) throws E {
    throw (E) failure;
  }

  private @Nullable V lead(Request<K, V> request, Computation<V> mine) {
    try {
      V value = claimed(request, mine);
      parts.flights().end(request.key(), mine);
      mine.answer(value == null ? null : parts.copier().copy(value));
      return value;
    } catch (Throwable e) {
      parts.flights().end(request.key(), mine);
      mine.fail(e);
      throw e;
    }
  }

  /** What turns up while the claim is another's, or what the function answers. */
  private @Nullable V claimed(Request<K, V> request, Computation<V> mine) {
    K key = engine.keyToStore(request.key());
    Asking asking = new Asking();
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      Stored<V> found = ask(key, asking);
      if (found == null) {
        return request.call();
      } else if (found instanceof Claim<V> claim) {
        return computed(request, key, claim);
      }
      V value = engine.readable(found);
      if (value != null) {
        return value;
      }
      long left = request.remainingNanos();
      if (left <= 0) {
        return request.call();
      }
      awaitNews(mine, Math.min(left, ThreadLocalRandom.current().nextLong(pause / 2, pause)));
      pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
    }
  }

  private void awaitNews(Computation<V> mine, long nanos) {
    try {
      mine.awaitNews(nanos);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** One computation's name towards the store, and until when it goes on asking in vain. */
  private static final class Asking {

    private final String holder = UUID.randomUUID().toString().replace("-", "");
    private long giveUp = System.nanoTime() + FIRST_PATIENCE_NANOS;

    void answered() {
      giveUp = System.nanoTime() + PATIENCE_NANOS;
    }

    boolean isVain() {
      return System.nanoTime() - giveUp >= 0;
    }
  }

  /** The store's answer to a claim; null if there is none to be had. */
  private @Nullable Stored<V> ask(K key, Asking asking) {
    while (true) {
      try {
        Stored<V> found = store.claim(key, asking.holder, budget());
        asking.answered();
        if (!found.expired()) {
          return found;
        }
        engine.dropExpired(key, found, budget());
      } catch (CacheException e) {
        requireOutage(e);
        if (!(e instanceof RedisTimedOutException) || asking.isVain()) {
          log.debug("a value is computed without a claim: {}", e.toString());
          return null;
        }
      }
    }
  }

  private @Nullable V computed(Request<K, V> request, K key, Claim<V> claim) {
    try (claim) {
      V value = request.call();
      if (value != null && request.options().storing().test(value)) {
        store(request, Change.claimed(key, claim, engine.valueToStore(value), ttl(request)));
      }
      return value;
    }
  }

  private long ttl(Request<K, V> request) {
    return request.options().timeToLive().map(Ttl::of).orElseGet(parts.expiry()::forCreation);
  }

  /** Whatever hinders it, the value is there and its caller gets it. */
  private void store(Request<K, V> request, Change<K, V> change) {
    Pending<K, V> pending = parts.events().pending();
    try (KeyLocks.Held held = engine.locks().lock(change.key(), budget())) {
      if (write(change) == Outcome.CREATED && !parts.events().isEmpty()) {
        V told = parts.copier().copy(Objects.requireNonNull(change.value()));
        K key = parts.copier().copy(request.key());
        parts.events().publish(pending, EventType.CREATED, key, told, null);
      }
    } catch (CacheException e) {
      log.warn("a computed value is not stored: {}", e.toString());
    }
    try {
      pending.await();
    } catch (CacheException e) {
      log.warn("a listener failed on a computed value", e);
    }
  }

  /** A write that was made without our hearing of it is refused when it is sent again. */
  private Outcome write(Change<K, V> change) {
    for (int left = STORE_TRIES - 1; ; left--) {
      try {
        return store.write(change, budget());
      } catch (RedisTimedOutException e) {
        if (left == 0) {
          throw e;
        }
      }
    }
  }

  private Budget budget() {
    return Budget.startingNow(parts.operationTimeoutNanos());
  }

  /** Lets pass what says that the store cannot be had just now; the rest is the caller's fault. */
  private static void requireOutage(CacheException e) {
    boolean outage = e instanceof StoreUnavailableException
        || e instanceof RedisRefusedException
        || e instanceof LockTimeoutException;
    if (!outage || Thread.currentThread().isInterrupted()) {
      throw e;
    }
  }

  private CacheException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CacheException(
        parts.cacheName() + ": interrupted while waiting for another's computation", e);
  }
}
