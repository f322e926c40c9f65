package io.larder.ai.config;

/**
 * Boundaries between sizes of text, in code points: a text of exactly a boundary is in the tier
 * above.
 */
public record TextTiers(int small, int medium, int large) {

  /** The tier of a text of that many code points. */
  public TextTier tierOf(int codePoints) {
    if (codePoints < small) {
      return TextTier.SMALL;
    }
    if (codePoints < medium) {
      return TextTier.MEDIUM;
    }
    return codePoints < large ? TextTier.LARGE : TextTier.XLARGE;
  }
}
