package io.larder.ai.intercept;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiResult;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an annotated method gives, without the form that it gives it in.
 *
 * @param type of the answer, or of its pieces
 * @param wrapping what is around it
 * @param precise the type with its arguments; null if it has none
 */
public record Content(
    Class<Object> type, Wrapping wrapping, @Nullable Type precise) {

  /** What is around an answer. */
  public enum Wrapping {
    /** Nothing. */
    NONE,
    /** An {@code Optional}. */
    OPTIONAL,
    /** An {@code AiAnswer}, which says what it took and why it ended. */
    ANSWER,
    /** An {@code AiChunk} around each piece of a stream. */
    CHUNK
  }

  /** What the method gave, as an answer. */
  public AiAnswer<Object> answer(@Nullable Object given) {
    if (given == null) {
      return AiAnswer.of(null);
    }
    return switch (wrapping) {
      case OPTIONAL -> AiAnswer.of(((Optional<?>) given).orElse(null));
      case ANSWER -> known((AiAnswer<?>) given);
      case NONE, CHUNK -> AiAnswer.of(given);
    };
  }

  private static AiAnswer<Object> known(AiAnswer<?> given) {
    return new AiAnswer<>(
        given.value(),
        given.model(),
        given.usage(),
        given.cost(),
        given.finish(),
        given.companion());
  }

  /** A result of the cache, as the method gives it. */
  public @Nullable Object given(AiResult<Object> result) {
    return switch (wrapping) {
      case OPTIONAL -> Optional.ofNullable(result.value());
      case ANSWER ->
        new AiAnswer<>(
            result.value(),
            result.details().model(),
            result.usage(),
            result.isHit() ? null : result.details().cost(),
            result.details().finish(),
            result.companion());
      case NONE, CHUNK -> result.value();
    };
  }

  /** Checks that there is a type and a wrapping. */
  public Content {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(wrapping, "wrapping");
  }
}
