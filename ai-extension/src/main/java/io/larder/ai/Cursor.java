package io.larder.ai;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber's place in a {@link Recording}: gives it what is there, at most as much as it
 * asked for, one piece at a time. What the subscriber throws ends its own stream only, and nobody
 * else's. Thread-safe.
 */
final class Cursor<T, R> implements Flow.Subscription {

  private static final Logger LOG = LoggerFactory.getLogger(AiCache.class);

  private final Flow.Subscriber<? super R> subscriber;
  private final Function<AiChunk<T>, @Nullable R> shown;
  private final AtomicLong demand = new AtomicLong();
  private final AtomicInteger wakes = new AtomicInteger();
  private volatile @Nullable Recording<T> recording;
  private volatile boolean cancelled;
  private volatile @Nullable Throwable fault;
  private int position;
  private boolean ended;

  /**
   * A place for that subscriber.
   *
   * @param shown what it gets of a piece, or null for nothing
   */
  Cursor(Flow.Subscriber<? super R> subscriber, Function<AiChunk<T>, @Nullable R> shown) {
    this.subscriber = subscriber;
    this.shown = shown;
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      fault = new IllegalArgumentException("the subscriber requested " + n + " elements");
    } else {
      demand.accumulateAndGet(n, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
    }
    drain();
  }

  @Override
  public void cancel() {
    cancelled = true;
    leave();
  }

  boolean isCancelled() {
    return cancelled;
  }

  private void leave() {
    Recording<T> known = recording;
    if (known != null) {
      known.detach(this);
    }
  }

  void attached(Recording<T> to) {
    recording = to;
    if (cancelled) {
      leave();
    }
    drain();
  }

  /** Ends with an exception that no recording has. */
  void fail(Throwable e) {
    fault = e;
    drain();
  }

  /** Gives what can be given; a call meanwhile has the one at work go on. */
  void drain() {
    if (wakes.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      while (step()) {
        // on to the next piece
      }
      seen = wakes.addAndGet(-seen);
    } while (seen != 0);
  }

  private boolean step() {
    if (cancelled || ended) {
      return false;
    }
    Throwable failed = fault;
    Recording<T> known = recording;
    if (failed != null) {
      return end(failed);
    }
    if (known == null) {
      return false;
    }
    AiChunk<T> next = known.at(position);
    if (next == null) {
      return known.endsAt(position) && end(known.failure());
    }
    R element = shown.apply(next);
    if (element == null) {
      position++;
      return true;
    }
    return demand.get() > 0 && give(element);
  }

  private boolean give(R element) {
    position++;
    demand.updateAndGet(had -> had == Long.MAX_VALUE ? had : had - 1);
    try {
      subscriber.onNext(element);
      return true;
    } catch (Throwable e) {
      return end(e);
    }
  }

  private boolean end(@Nullable Throwable e) {
    ended = true;
    leave();
    try {
      if (e == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(e);
      }
    } catch (Throwable own) {
      LOG.warn("a subscriber of a streamed answer failed when it was told the end", own);
    }
    return false;
  }
}
