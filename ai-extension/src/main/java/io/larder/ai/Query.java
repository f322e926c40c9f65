package io.larder.ai;

import io.larder.ai.config.TextTier;
import io.larder.ai.stats.TierCounters;

/** One request on its way through the cache. */
record Query<T>(Operation operation, TextTier tier, String key, AiRequest request, Class<T> type) {

  TierCounters counters() {
    return operation.counters().of(tier);
  }

  AiControl control() {
    return request.control();
  }
}
