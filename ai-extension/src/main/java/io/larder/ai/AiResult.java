package io.larder.ai;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer as the cache hands it out, and where it came from.
 *
 * @param value the answer; null only if the model's was
 * @param source where it came from
 * @param details what is known of it
 * @param companion what the call gave along with the answer ({@link AiAnswer#withCompanion}), where
 *     it was made in this process; null for an answer that was stored
 * @param <T> the answer's type
 */
public record AiResult<T>(
    @Nullable T value,
    Source source,
    AiDetails details,
    @Nullable Object companion) {

  /** Where an answer came from. */
  public enum Source {
    /** The model, called for this caller. */
    MODEL,
    /** The cache. */
    CACHE,
    /** A call that another caller had under way, in this process or in another. */
    SHARED_CALL
  }

  /** Checks that source and details are there; throws {@link NullPointerException} if not. */
  public AiResult {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(details, "details");
  }

  /** A result without a companion. */
  public AiResult(@Nullable T value, Source source, AiDetails details) {
    this(value, source, details, null);
  }

  /** Whether no model was called for this caller. */
  public boolean isHit() {
    return source != Source.MODEL;
  }

  /** The tokens that this caller's call took: none on a hit. */
  public AiUsage usage() {
    return isHit() ? AiUsage.NONE : details.usage();
  }

  /** Without the answer, which need not be anybody's to read. */
  @Override
  public String toString() {
    return "AiResult[" + source + ", " + details + "]";
  }
}
