package io.larder.ai.stats;

import io.larder.ai.config.TextTier;
import java.util.Map;

/**
 * What was counted for one operation.
 *
 * @param total all sizes of text together
 * @param byTier each size of text that occurred
 */
public record AiOperationStats(String operation, AiFigures total, Map<TextTier, AiFigures> byTier) {

  /** Copies what it is given. */
  public AiOperationStats {
    byTier = Map.copyOf(byTier);
  }
}
