package io.larder.ai.intercept;

import io.larder.ai.AiCache;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A change of what is stored that goes with a call. */
public record Change(AiCache cache, Consumer<AiCache> effect) {

  /** Makes it on this thread. */
  public void now() {
    effect.accept(cache);
  }

  /** Makes it on a thread of the answer cache. */
  public CompletionStage<Void> later() {
    return cache.async().change(effect);
  }
}
