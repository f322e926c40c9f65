package io.larder.ai.stats;

/**
 * A piece of advice drawn from what was counted.
 *
 * @param kind what it is about
 * @param operation whose figures it comes from
 * @param message what was seen and what to do, for people
 */
public record AiRecommendation(Kind kind, String operation, String message) {

  /** What a piece of advice is about. */
  public enum Kind {
    /**
     * The operation hardly ever saves a call: by an answer that is found, or a call that is shared.
     */
    RARELY_HIT,
    /** Answers are still asked for when they end. */
    TTL_TOO_SHORT,
    /** Texts are longer than the limit. */
    TEXT_TOO_LONG
  }
}
