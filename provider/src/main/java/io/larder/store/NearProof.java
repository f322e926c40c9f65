package io.larder.store;

/**
 * The proof that this process hears of changes: the subscription stands, and a comparison with the
 * shared store was sent a short while ago and answered. State only, no I/O. Thread-safe.
 *
 * <p><b>Design.</b> A comparison is a numbered round. {@link #begin} notes the time and lets the
 * buckets note their state; {@link #accept} takes the answer of the last round only, and a change
 * of the subscription ends the round under way. The proof counts from the time of sending, since
 * the answer says nothing about what happened later. Hits read {@code provenUntil} without a lock.
 */
final class NearProof {

  /** The buckets as a round sees them. Called under this object's lock; must not call it. */
  interface Buckets {

    /** A comparison is about to be sent. */
    void note();

    /** A comparison was answered. */
    void compare(long[] heads);

    /** Nothing is known any more, deadlines included. */
    void forget();
  }

  /** No round. */
  static final long NONE = 0;

  private final Buckets buckets;
  private final NearClock clock;
  private final WallWatch wall;
  private final long lifetimeNanos;

  private volatile long provenUntil;
  private boolean subscribed;
  private boolean inFlight;
  private long round = NONE;
  private long sentAt;

  NearProof(Buckets buckets, NearClock clock, long lifetimeNanos) {
    this.buckets = buckets;
    this.clock = clock;
    this.wall = new WallWatch(clock);
    this.lifetimeNanos = lifetimeNanos;
    lapse();
  }

  /** Rule 1, the process's part: whether near entries may be read at that nano time, now. */
  boolean holds(long nowNanos) {
    return nowNanos - provenUntil < 0 && wall.steady(nowNanos);
  }

  synchronized boolean subscribed() {
    return subscribed;
  }

  /** Rule 7. */
  synchronized void up() {
    changeSubscription(true);
  }

  /** Rule 7. */
  synchronized void down() {
    changeSubscription(false);
  }

  private void changeSubscription(boolean stands) {
    subscribed = stands;
    inFlight = false;
    lapse();
  }

  /** Rule 6: the number of the round to send now, or {@link #NONE}. */
  synchronized long begin() {
    boolean waiting = inFlight && clock.nanos() - sentAt < lifetimeNanos;
    if (!subscribed || waiting) {
      return NONE;
    }
    if (!wall.anchor()) {
      lapse();
      buckets.forget();
    }
    buckets.note();
    inFlight = true;
    sentAt = clock.nanos();
    return ++round;
  }

  /** Rule 6: whether the round's answer still counted. */
  synchronized boolean accept(long answered, long[] heads) {
    if (!inFlight || answered != round) {
      return false;
    }
    inFlight = false;
    buckets.compare(heads);
    provenUntil = sentAt + lifetimeNanos;
    return true;
  }

  /** The round will not be answered. */
  synchronized void fail(long failed) {
    if (failed == round) {
      inFlight = false;
    }
  }

  private void lapse() {
    provenUntil = clock.nanos() - lifetimeNanos;
  }
}
