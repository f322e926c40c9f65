package io.larder.ai.intercept;

import io.larder.ai.AiAnswer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An answer that comes later, in a stage or a future. */
final class StageForm implements AnswerForm {

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
    CompletableFuture<@Nullable Object> promised = new CompletableFuture<>();
    ask.cache()
        .async()
        .getOrCompute(ask.request(), ask.content().type(), () -> asked(ask))
        .whenComplete((result, e) -> {
          if (e == null) {
            promised.complete(ask.content().given(result));
          } else {
            promised.completeExceptionally(e);
          }
        });
    return promised;
  }

  private static CompletionStage<AiAnswer<Object>> asked(Ask ask) {
    CompletionStage<?> given = ask.called(CompletionStage.class);
    return given.thenApply(ask.content()::answer);
  }

  @Override
  public @Nullable Object after(@Nullable Object given, Change change) {
    if (given == null) {
      change.now();
      return null;
    }
    CompletableFuture<@Nullable Object> promised = new CompletableFuture<>();
    ((CompletionStage<?>) given).whenComplete((value, e) -> {
      if (e == null) {
        changed(change, promised, value);
      } else {
        promised.completeExceptionally(e);
      }
    });
    return promised;
  }

  private static void changed(
      Change change, CompletableFuture<@Nullable Object> promised, @Nullable Object value) {
    change.later().whenComplete((done, e) -> {
      if (e == null) {
        promised.complete(value);
      } else {
        promised.completeExceptionally(e);
      }
    });
  }
}
