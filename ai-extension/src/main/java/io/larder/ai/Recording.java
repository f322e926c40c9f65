package io.larder.ai;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is written down while it comes, and read by any number of cursors, each at its own
 * pace. Thread-safe.
 *
 * <p><b>Design.</b> Pieces are appended and the cursors woken; a cursor asks for the piece at its
 * position. The end is told to one {@link Ending}, which stores the answer, and only then to the
 * cursors, so that whoever has seen the end finds the answer in the cache. When the last cursor
 * leaves before the end, the source is cancelled and the ending told that there is none.
 */
final class Recording<T> implements Flow.Subscriber<AiChunk<T>> {

  private final List<AiChunk<T>> chunks = new ArrayList<>();
  private final List<Cursor<T, ?>> cursors = new ArrayList<>();
  private @Nullable Ending<T> ending;
  private Flow.@Nullable Subscription source;
  private @Nullable AiChunk<T> end;
  private boolean abandoned;
  private boolean closing;
  private boolean done;
  private @Nullable Throwable failure;
  private long lastNanos = System.nanoTime();

  /** Told once how the source ended; has to call {@link #finish}. */
  interface Ending<T> {

    /** The source has ended well; the end is what it told of it, if anything. */
    void complete(List<T> pieces, @Nullable AiChunk<T> end);

    /** The source has failed. */
    void failed(Throwable e);

    /** Nobody reads any longer. */
    void abandoned();
  }

  /** Whom to tell; before there is a source. */
  synchronized void endingWith(Ending<T> told) {
    ending = told;
    lastNanos = System.nanoTime();
  }

  /** How long ago the source was asked, or gave its last piece. */
  synchronized long stillNanos() {
    return System.nanoTime() - lastNanos;
  }

  /**
   * Lets a cursor read from the start.
   *
   * @return whether there is something to read: not after all readers have left
   */
  boolean attach(Cursor<T, ?> cursor) {
    synchronized (this) {
      if (abandoned) {
        return false;
      }
      cursors.add(cursor);
    }
    cursor.attached(this);
    return true;
  }

  void detach(Cursor<T, ?> cursor) {
    Ending<T> told;
    Flow.Subscription cancelled;
    synchronized (this) {
      cursors.remove(cursor);
      if (!cursors.isEmpty() || closing || done) {
        return;
      }
      abandoned = true;
      closing = true;
      told = ending;
      cancelled = source;
    }
    if (cancelled != null) {
      cancelled.cancel();
    }
    if (told != null) {
      told.abandoned();
    }
  }

  /** Whether all readers left before the end. */
  synchronized boolean isAbandoned() {
    return abandoned;
  }

  // --- what the source does

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    boolean wanted;
    synchronized (this) {
      wanted = source == null && !closing;
      if (wanted) {
        source = subscription;
      }
    }
    if (wanted) {
      subscription.request(Long.MAX_VALUE);
    } else {
      subscription.cancel();
    }
  }

  @Override
  public void onNext(AiChunk<T> chunk) {
    refuseNull(chunk, "gave null, not a piece");
    synchronized (this) {
      if (closing) {
        return;
      }
      if (chunk.end() != null) {
        end = chunk;
        return;
      }
      chunks.add(chunk);
      lastNanos = System.nanoTime();
    }
    wake();
  }

  @Override
  public void onError(Throwable e) {
    refuseNull(e, "ended with onError(null), which does not say what failed");
    Ending<T> told = close();
    if (told != null) {
      told.failed(e);
    }
  }

  @Override
  public void onComplete() {
    Ending<T> told = close();
    if (told != null) {
      told.complete(pieces(), end);
    }
  }

  /** Ends with an error, and throws it, as the rules of Reactive Streams say (2.13). */
  private void refuseNull(@Nullable Object given, String what) {
    if (given != null) {
      return;
    }
    NullPointerException e = new NullPointerException("the model's stream " + what);
    Flow.Subscription cancelled;
    synchronized (this) {
      cancelled = closing ? null : source;
    }
    try {
      if (cancelled != null) {
        cancelled.cancel();
      }
    } finally {
      onError(e);
    }
    throw e;
  }

  private synchronized @Nullable Ending<T> close() {
    Ending<T> told = closing ? null : ending;
    closing = true;
    return told;
  }

  private synchronized List<T> pieces() {
    List<T> pieces = new ArrayList<>();
    for (AiChunk<T> chunk : chunks) {
      T piece = chunk.value();
      if (piece != null) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  // --- how it ends for the cursors

  /** Lets the cursors read these pieces and no more. */
  void fill(List<AiChunk<T>> all) {
    synchronized (this) {
      closing = true;
      chunks.addAll(all);
      done = true;
    }
    wake();
  }

  /** Tells the cursors the end, or what failed. */
  void finish(@Nullable AiChunk<T> last, @Nullable Throwable e) {
    synchronized (this) {
      closing = true;
      if (last != null) {
        chunks.add(last);
      }
      failure = e;
      done = true;
    }
    wake();
  }

  private void wake() {
    List<Cursor<T, ?>> all;
    synchronized (this) {
      all = List.copyOf(cursors);
    }
    all.forEach(Cursor::drain);
  }

  // --- what the cursors ask

  /** The piece at that position, or null if it is not there yet. */
  synchronized @Nullable AiChunk<T> at(int position) {
    return position < chunks.size() ? chunks.get(position) : null;
  }

  /** Whether there is no piece after that position, and there will be none. */
  synchronized boolean endsAt(int position) {
    return done && position >= chunks.size();
  }

  synchronized @Nullable Throwable failure() {
    return failure;
  }
}
