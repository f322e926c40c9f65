package io.larder.ai.intercept;

import org.jspecify.annotations.Nullable;

/** A call of an annotated method with its arguments. May be made on another thread, and later. */
@FunctionalInterface
public interface TargetCall {

  /** Calls the method itself. */
  @Nullable
  Object proceed() throws Throwable;
}
