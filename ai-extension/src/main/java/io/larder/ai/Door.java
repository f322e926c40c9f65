package io.larder.ai;

import io.larder.ai.config.AiConfig;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a request uses the cache at all: not if the cache is off, or the text too long.
 * Such a request goes by with a control that neither reads nor stores nor shares. Thread-safe.
 */
final class Door {

  private static final Logger LOG = LoggerFactory.getLogger(AiCache.class);
  private static final AiControl BY = AiControl.usual().withRefresh().withNoStore();

  private final Answers answers;
  private final String name;
  private final AtomicBoolean said = new AtomicBoolean();

  Door(Answers answers, String name) {
    this.answers = answers;
    this.name = name;
  }

  /** The request's way; with another control if it goes by the cache. */
  <T> Query<T> enter(AiRequest request, Class<T> type) {
    AiConfig config = answers.config();
    if (!config.enabled()) {
      if (said.compareAndSet(false, true)) {
        LOG.warn(
            "{}: the AI cache is off, every call goes to the model: set enable_ai_cache=true, or"
                + " use a preset ai-development or ai-production",
            name);
      }
      return answers.passing(request.with(BY), type);
    }
    return request.textLength() > config.maxTextLength()
        ? answers.passing(request.with(BY), type)
        : answers.query(request, type);
  }

  /** The same for a call that is one, and not part of another: counted if its text is too long. */
  <T> Query<T> called(AiRequest request, Class<T> type) {
    Query<T> query = enter(request, type);
    AiConfig config = answers.config();
    if (config.enabled() && request.textLength() > config.maxTextLength()) {
      query.counters().tooLong();
    }
    return query;
  }

  /** What the cache answers, if it is to be asked. */
  <T> @Nullable AiResult<T> lookUp(Query<T> query, long startNanos) {
    return query.control().refresh() ? null : answers.lookUp(query, startNanos);
  }

  /** Answers are objects. */
  @SuppressWarnings("unchecked")
  static <T> Class<T> boxed(Class<T> type) {
    return (Class<T>) MethodType.methodType(type).wrap().returnType();
  }
}
