package io.larder.store;

/** The budget of one step, which began with it, as part of its caller's. */
final class Allowance implements Budget {

  private final Budget whole;
  private final long nanos;
  private final long end;

  private Allowance(Budget whole, long nanos) {
    this.whole = whole;
    this.nanos = nanos;
    this.end = System.nanoTime() + nanos;
  }

  /** What is left of that budget, from now on. */
  static Allowance of(Budget whole) {
    return new Allowance(whole, whole.remainingNanos());
  }

  /** How much it was when it began. */
  long nanos() {
    return nanos;
  }

  @Override
  public long remainingNanos() {
    return end - System.nanoTime();
  }

  @Override
  public void unanswered() {
    whole.unanswered();
  }
}
