package io.larder.ai.reactor;

import io.larder.ai.AiCache;
import io.larder.ai.AiChunk;
import io.larder.ai.AiRequest;
import io.larder.ai.intercept.AnswerForm;
import io.larder.ai.intercept.Ask;
import io.larder.ai.intercept.Change;
import io.larder.ai.intercept.Content.Wrapping;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** An answer in pieces. Each subscription is a call; its context reaches the method's. */
final class FluxForm implements AnswerForm {

  @Override
  public boolean streams() {
    return true;
  }

  @Override
  public boolean ends() {
    return true;
  }

  @Override
  public Object answer(Ask ask) {
    return Flux.deferContextual(context -> JdkFlowAdapter.flowPublisherToFlux(asked(ask, context)));
  }

  private static Flow.Publisher<?> asked(Ask ask, ContextView context) {
    AiCache cache = ask.cache();
    AiRequest request = ask.request();
    Class<Object> type = ask.content().type();
    return ask.content().wrapping() == Wrapping.CHUNK
        ? cache.stream(request, type, () -> FluxForm.<AiChunk<Object>>called(ask, context))
        : cache.streamPieces(request, type, () -> FluxForm.<Object>called(ask, context));
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> Flow.Publisher<T> called(Ask ask, ContextView context) {
    Publisher<T> given = ask.called(Publisher.class);
    return JdkFlowAdapter.publisherToFlowPublisher(Flux.from(given).contextWrite(context));
  }

  @Override
  public @Nullable Object after(@Nullable Object given, Change change) {
    if (given == null) {
      change.now();
      return null;
    }
    return Flux.from((Publisher<?>) given)
        .concatWith(Mono.defer(() -> Mono.fromCompletionStage(change.later())).then(Mono.empty()));
  }
}
