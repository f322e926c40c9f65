package io.larder.ai;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a model call answered, with what the caller knows of it.
 *
 * @param value the answer itself; a null is passed on and never cached
 * @param model the model that gave it, if it is to be shown; identity is a matter of the request
 * @param usage the tokens it took
 * @param cost what it cost, in one currency of the application's choice
 * @param finish why it ended
 * @param companion what goes with the answer to the callers that share the call in this process, as
 *     it is, and is never stored: such as the model's own response where the answer is its text
 * @param <T> the answer's type
 */
public record AiAnswer<T>(
    @Nullable T value,
    @Nullable String model,
    AiUsage usage,
    @Nullable BigDecimal cost,
    FinishReason finish,
    @Nullable Object companion) {

  /** Checks that usage and finish are there; throws {@link NullPointerException} if not. */
  public AiAnswer {
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(finish, "finish");
  }

  /** An answer without a companion. */
  public AiAnswer(
      @Nullable T value,
      @Nullable String model,
      AiUsage usage,
      @Nullable BigDecimal cost,
      FinishReason finish) {
    this(value, model, usage, cost, finish, null);
  }

  /** An answer of which nothing else is known. */
  public static <T> AiAnswer<T> of(@Nullable T value) {
    return new AiAnswer<>(value, null, AiUsage.NONE, null, FinishReason.UNKNOWN);
  }

  /** This answer, given by that model. */
  public AiAnswer<T> withModel(@Nullable String name) {
    return new AiAnswer<>(value, name, usage, cost, finish, companion);
  }

  /** This answer, which took that many tokens. */
  public AiAnswer<T> withUsage(long inputTokens, long outputTokens) {
    AiUsage taken = new AiUsage(inputTokens, outputTokens);
    return new AiAnswer<>(value, model, taken, cost, finish, companion);
  }

  /** This answer, which cost that much. */
  public AiAnswer<T> withCost(@Nullable BigDecimal amount) {
    return new AiAnswer<>(value, model, usage, amount, finish, companion);
  }

  /** This answer, which ended for that reason. */
  public AiAnswer<T> withFinish(FinishReason reason) {
    return new AiAnswer<>(value, model, usage, cost, reason, companion);
  }

  /**
   * This answer with a companion: {@link AiResult#companion}. Callers on other threads get the same
   * object, also where the answer itself is not stored.
   */
  public AiAnswer<T> withCompanion(@Nullable Object other) {
    return new AiAnswer<>(value, model, usage, cost, finish, other);
  }

  /** Whether it is complete and has content: what is cached unless the cache is told otherwise. */
  public boolean isComplete() {
    return finish.isComplete() && !isEmpty(value);
  }

  private static boolean isEmpty(@Nullable Object value) {
    if (value instanceof CharSequence text) {
      return text.codePoints().allMatch(AiAnswer::isBlank);
    }
    if (value instanceof Collection<?> elements) {
      return elements.isEmpty();
    }
    if (value instanceof Map<?, ?> map) {
      return map.isEmpty();
    }
    if (value instanceof Optional<?> optional) {
      return optional.isEmpty();
    }
    return value == null || (value.getClass().isArray() && Array.getLength(value) == 0);
  }

  /** Whether a reader sees nothing: spaces of all kinds, control and format characters. */
  private static boolean isBlank(int codePoint) {
    return Character.isWhitespace(codePoint)
        || Character.isSpaceChar(codePoint)
        || Character.isISOControl(codePoint)
        || Character.isIdentifierIgnorable(codePoint);
  }

  /** Without the answer, which need not be anybody's to read. */
  @Override
  public String toString() {
    return "AiAnswer[model=" + model + ", usage=" + usage + ", cost=" + cost + ", finish=" + finish
        + "]";
  }
}
