package io.larder.store;

/** The budget of one step, which began with it, as part of its caller's. */
final class Allowance implements Budget {

  private final Budget whole;
  private final long nanos;
  private final long begun = System.nanoTime();

  private Allowance(Budget whole, long nanos) {
    this.whole = whole;
    this.nanos = nanos;
  }

  /** What is left of that budget, from now on. */
  static Allowance of(Budget whole) {
    return new Allowance(whole, whole.remainingNanos());
  }

  /** Of steps that have a time of their own each, as the pages of a listing. */
  static Allowance ofEach() {
    return of(Budget.each(Long.MAX_VALUE));
  }

  /** How much it was when it began. */
  long nanos() {
    return nanos;
  }

  /** The {@link System#nanoTime()} at which it began. */
  long begun() {
    return begun;
  }

  @Override
  public long remainingNanos() {
    return nanos - (System.nanoTime() - begun);
  }

  @Override
  public void unanswered() {
    whole.unanswered();
  }
}
