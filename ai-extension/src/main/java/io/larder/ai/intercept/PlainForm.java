package io.larder.ai.intercept;

import org.jspecify.annotations.Nullable;

/** An answer that is there when the method returns. */
final class PlainForm implements AnswerForm {

  @Override
  public boolean streams() {
    return false;
  }

  @Override
  public boolean ends() {
    return true;
  }

  @Override
  public @Nullable Object answer(Ask ask) {
    return ask.content()
        .given(ask.cache().getOrCompute(ask.request(), ask.content().type(), ask::answered));
  }

  @Override
  public @Nullable Object after(@Nullable Object given, Change change) {
    change.now();
    return given;
  }
}
