package io.larder.store;

/**
 * What a change did in a shared store.
 *
 * @param sequence the bucket's new sequence, which is the entry's too; the unchanged one if refused
 * @param generation the bucket's generation
 * @param deadlineMicros the entry's deadline in the server's time; {@link Long#MAX_VALUE} for never
 */
public record SharedWrite(Outcome outcome, long sequence, long generation, long deadlineMicros) {

  private static final long APART = -1;

  /** A change that did not reach the shared store: it has no version there. */
  public static SharedWrite apart(Outcome outcome) {
    return new SharedWrite(outcome, APART, 0, Long.MAX_VALUE);
  }

  /** Whether the shared store made or refused the change. */
  public boolean isShared() {
    return sequence != APART;
  }
}
