package io.larder.ai.intercept;

import org.jspecify.annotations.Nullable;

/** A form in which methods give answers: at once, later, or in pieces. Stateless. */
public interface AnswerForm {

  /** Whether it gives pieces of an answer. */
  boolean streams();

  /** Whether {@link #after} can tell when the answer has come. */
  boolean ends();

  /** The answer from the cache, or from the method, in this form. */
  @Nullable
  Object answer(Ask ask) throws Throwable;

  /** What the method gave, with a change made once it has ended well and before that is told. */
  @Nullable
  Object after(@Nullable Object given, Change change);
}
