package io.larder.ai.reactor;

import io.larder.ai.AiResult;
import io.larder.ai.intercept.AnswerForm;
import io.larder.ai.intercept.Ask;
import io.larder.ai.intercept.Change;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** An answer in a {@code Mono}. Each subscription is a call; its context reaches the method's. */
final class MonoForm implements AnswerForm {

  @Override
  public boolean streams() {
    return false;
  }

  @Override
  public boolean ends() {
    return true;
  }

  @Override
  public Object answer(Ask ask) {
    return Mono.deferContextual(context -> Mono.fromCompletionStage(() -> asked(ask, context)))
        .mapNotNull(result -> ask.content().given(result));
  }

  @SuppressWarnings("unchecked")
  private static CompletionStage<AiResult<Object>> asked(Ask ask, ContextView context) {
    return ask.cache()
        .async()
        .getOrCompute(
            ask.request(),
            ask.content().type(),
            () -> ((Mono<Object>) ask.called(Mono.class))
                .contextWrite(context)
                .toFuture()
                .thenApply(ask.content()::answer));
  }

  @Override
  public @Nullable Object after(@Nullable Object given, Change change) {
    if (given == null) {
      change.now();
      return null;
    }
    return ((Mono<?>) given)
        .materialize()
        .delayUntil(
            signal -> signal.isOnError() ? Mono.empty() : Mono.fromCompletionStage(change::later))
        .dematerialize();
  }
}
