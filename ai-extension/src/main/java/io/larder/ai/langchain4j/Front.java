package io.larder.ai.langchain4j;

import io.larder.ai.AiCache;
import io.larder.ai.adapter.RequestShape;
import java.util.Objects;

/** What stands in front of a model, whether it streams or not. */
record Front(AiCache cache, ChatKeys keys, Replies replies) {

  /**
   * That cache, for a model of that provider.
   *
   * @throws NullPointerException if one is null, with its name
   */
  static Front of(AiCache cache, RequestShape shape, Enum<?> provider) {
    Objects.requireNonNull(shape, "shape");
    return new Front(
        Objects.requireNonNull(cache, "cache"),
        new ChatKeys(shape, provider),
        new Replies(shape.operation()));
  }
}
