package io.larder.store;

import io.larder.log.Log;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Whether a server that answers takes no changes, so that they are made without it while the
 * circuit is closed. Says so once when that begins, and once when it is over, however many changes
 * there were. Thread-safe.
 */
final class Refusals {

  /** A single change that passes meanwhile, of a part of the server, ends nothing. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Log log;
  private final Function<Throwable, String> words;
  private final int patience;
  private volatile boolean begun;
  private volatile long latest;
  private long since;
  private int inVain;

  /**
   * @param words what is wrong, in words that name the server
   * @param patience after so many replays in vain in a row it takes no changes, whatever it says
   */
  Refusals(Log log, Function<Throwable, String> words, int patience) {
    this.log = log;
    this.words = words;
    this.patience = patience;
  }

  /** It answered that it takes no changes. */
  void refused(StoreUnavailableException failure) {
    latest = System.nanoTime();
    if (begun) {
      return;
    }
    synchronized (this) {
      if (begun) {
        return;
      }
      begun = true;
      since = latest;
    }
    log.warn(
        "{}; until it does, the caches' fallback takes them (with fallback=fail they throw), which"
            + " other processes do not see: those read what Redis holds. It is tried again each"
            + " second",
        words.apply(failure));
  }

  /** A replay has failed, though other calls are answered. */
  void inVain(StoreUnavailableException failure) {
    boolean enough;
    synchronized (this) {
      inVain++;
      enough = inVain >= patience;
    }
    if (enough) {
      refused(failure);
    }
  }

  /** Whether it was said that it takes none. */
  boolean isBegun() {
    return begun;
  }

  /** Nothing is left to replay. */
  void settled() {
    long millis;
    synchronized (this) {
      inVain = 0;
      if (!begun || System.nanoTime() - latest < QUIET_NANOS) {
        return;
      }
      begun = false;
      millis = TimeUnit.NANOSECONDS.toMillis(latest - since);
    }
    log.info(
        "Redis takes changes again, after {} ms; what had changed meanwhile is removed there now",
        millis);
  }

  /** The circuit has opened, and tells what happens from now on. */
  synchronized void forget() {
    inVain = 0;
    begun = false;
  }
}
