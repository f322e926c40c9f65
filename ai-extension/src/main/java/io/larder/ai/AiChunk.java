package io.larder.ai;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a streamed answer, or its end. A model's stream may tell with an end, as its last
 * element, why it ended and what it took; what the cache streams always has one, last.
 *
 * @param value the piece; null at the end
 * @param end what is known of the whole answer, without a value; null before the end. Of an answer
 *     that comes from the cache it says that it took no tokens and cost nothing.
 * @param replayed whether it comes from the cache
 * @param companion what goes with a piece to the subscribers that share the stream in this process,
 *     as it is, and is never stored; that of the whole answer is the end's own
 * @param unstored of an end: whether the answer is not to be stored, whatever {@code keepIf} says
 * @param <T> the type of pieces
 */
public record AiChunk<T>(
    @Nullable T value,
    @Nullable AiAnswer<T> end,
    boolean replayed,
    @Nullable Object companion,
    boolean unstored) {

  /**
   * Checks that it is one of both.
   *
   * @throws IllegalArgumentException if there is both a piece and an end, or neither
   */
  public AiChunk {
    if ((value == null) == (end == null)) {
      throw new IllegalArgumentException("a chunk is either a piece or the end");
    }
  }

  /** A chunk without a companion. */
  public AiChunk(@Nullable T value, @Nullable AiAnswer<T> end, boolean replayed) {
    this(value, end, replayed, null, false);
  }

  /** This chunk with a companion, which subscribers on other threads get, too. */
  public AiChunk<T> withCompanion(@Nullable Object other) {
    return new AiChunk<>(value, end, replayed, other, unstored);
  }

  /** This end, of an answer whose pieces are not all of it: it is not stored. */
  public AiChunk<T> withoutStoring() {
    return new AiChunk<>(value, end, replayed, companion, true);
  }

  /** A piece. */
  public static <T> AiChunk<T> of(T value) {
    return new AiChunk<>(Objects.requireNonNull(value, "value"), null, false);
  }

  /** The end of a model's stream. */
  public static <T> AiChunk<T> end(FinishReason finish, AiUsage usage) {
    return new AiChunk<>(
        null,
        new AiAnswer<>(null, null, usage, null, Objects.requireNonNull(finish, "finish")),
        false);
  }

  /** The end of a model's stream, with all that is known of the answer; its value is not used. */
  public static <T> AiChunk<T> end(AiAnswer<?> details) {
    Objects.requireNonNull(details, "details");
    return new AiChunk<>(
        null,
        new AiAnswer<>(
            null,
            details.model(),
            details.usage(),
            details.cost(),
            details.finish(),
            details.companion()),
        false);
  }

  /** Without the piece. */
  @Override
  public String toString() {
    return end == null ? "AiChunk[replayed=" + replayed + "]" : "AiChunk[end=" + end + "]";
  }
}
