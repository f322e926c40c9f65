package io.larder.ai;

import java.util.List;

/** Asks a model for several answers in one call. */
@FunctionalInterface
public interface AiBatchCall<T, X extends Exception> {

  /**
   * Asks the model.
   *
   * @param missing what the cache does not answer, each once for each control that it was asked
   *     with, in the order in which it was asked
   * @return as many answers, in that order
   */
  List<AiAnswer<T>> call(List<AiRequest> missing) throws X;
}
