package io.larder.ai.intercept;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method whose answer is wanted from the cache.
 *
 * @param cache that is asked
 * @param request that the arguments make
 * @param content that the method gives
 * @param target asks the model
 */
public record Ask(AiCache cache, AiRequest request, Content content, TargetCall target) {

  /** Calls the method, which answers at once. What it throws passes as it is. */
  public AiAnswer<Object> answered() {
    return content.answer(called());
  }

  /**
   * Calls the method, which gives a form that answers later. What it throws passes as it is.
   *
   * @throws NullPointerException if it gives null
   */
  public <F> F called(Class<F> form) {
    return form.cast(Objects.requireNonNull(
        called(), "a method of an answer that comes later must not return null"));
  }

  private @Nullable Object called() {
    try {
      return target.proceed();
    } catch (Throwable e) {
      throw Ask.<RuntimeException>asItIs(e);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> X asItIs(Throwable e) throws X {
    throw (X) e;
  }
}
