package io.larder.ai;

/** Tokens that an answer took. */
public record AiUsage(long inputTokens, long outputTokens) {

  /** No tokens, or none known of. */
  public static final AiUsage NONE = new AiUsage(0, 0);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public AiUsage {
    if (inputTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException(
          "tokens were " + inputTokens + " and " + outputTokens + " but they must not be negative");
    }
  }

  /** Input and output together. */
  public long totalTokens() {
    return inputTokens + outputTokens;
  }
}
