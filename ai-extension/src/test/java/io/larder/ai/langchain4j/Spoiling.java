package io.larder.ai.langchain4j;

import io.larder.ai.StoredAnswer;
import java.net.URI;
import java.util.function.UnaryOperator;
import javax.cache.Cache;
import javax.cache.spi.CachingProvider;

/** Changes what is stored behind the cache's back. */
final class Spoiling {

  private Spoiling() {}

  /** Changes all answers, or the pieces that they came in. */
  static void all(CachingProvider provider, String name, UnaryOperator<Object> change) {
    Cache<String, StoredAnswer> cache = provider
        .getCacheManager(URI.create("larder:ai-production"), Spoiling.class.getClassLoader())
        .getCache(name, String.class, StoredAnswer.class);
    for (Cache.Entry<String, StoredAnswer> entry : cache) {
      StoredAnswer known = entry.getValue();
      cache.put(
          entry.getKey(),
          new StoredAnswer(
              change.apply(known.answer()),
              known.chunks(),
              known.createdMillis(),
              known.validMillis(),
              known.stamp(),
              known.operation(),
              known.textLength(),
              known.textTier(),
              known.model(),
              known.inputTokens(),
              known.outputTokens(),
              known.cost(),
              known.finish(),
              known.type(),
              known.tags(),
              known.begunMillis()));
    }
  }
}
