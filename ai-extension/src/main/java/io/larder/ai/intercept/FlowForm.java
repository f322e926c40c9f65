package io.larder.ai.intercept;

import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import io.larder.ai.intercept.Content.Wrapping;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** An answer that comes in pieces. The method is called when somebody subscribes. */
final class FlowForm implements AnswerForm {

  @Override
  public boolean streams() {
    return true;
  }

  @Override
  public boolean ends() {
    return false;
  }

  @Override
  @SuppressWarnings("unchecked")
  public Object answer(Ask ask) {
    AiCache cache = ask.cache();
    AiRequest request = ask.request();
    Class<Object> type = ask.content().type();
    return ask.content().wrapping() == Wrapping.CHUNK
        ? cache.stream(request, type, () -> ask.called(Flow.Publisher.class))
        : cache.streamPieces(request, type, () -> ask.called(Flow.Publisher.class));
  }

  @Override
  public @Nullable Object after(@Nullable Object given, Change change) {
    throw new UnsupportedOperationException("nobody can tell when a Flow.Publisher has ended");
  }
}
