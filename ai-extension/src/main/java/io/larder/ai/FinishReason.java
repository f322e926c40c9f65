package io.larder.ai;

/** Why a model ended its answer. Truncated and filtered answers are not cached by default. */
public enum FinishReason {
  /** It was done. */
  STOP,
  /** It asks for tools to be called. */
  TOOL_CALLS,
  /** The limit on tokens cut it off. */
  LENGTH,
  /** A filter held all or part of it back. */
  FILTERED,
  /** Something went wrong on the model's side, or the reason is none of these. */
  OTHER,
  /** Nothing is known; taken for done. */
  UNKNOWN;

  /** Whether an answer that ended so is complete. */
  public boolean isComplete() {
    return this == STOP || this == TOOL_CALLS || this == UNKNOWN;
  }
}
