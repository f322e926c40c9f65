package io.larder.ai;

/**
 * A call to a model. Runs on the thread that asked, and may take minutes.
 *
 * @param <T> the answer's type
 * @param <X> what it throws; passes through untouched
 */
@FunctionalInterface
public interface AiCall<T, X extends Exception> {

  /** Asks the model. */
  AiAnswer<T> call() throws X;
}
