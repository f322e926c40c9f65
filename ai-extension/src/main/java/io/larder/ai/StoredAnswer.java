package io.larder.ai;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The envelope that an answer is stored in: the value type of the caches named
 * {@code ai.<operation>}. Of use to whoever makes such a cache with a configuration of its own.
 *
 * @param answer the answer itself, and nothing else
 * @param chunks how long the pieces were that a streamed text came in; null if it was not streamed
 * @param createdMillis when the model gave it, as of 1970
 * @param validMillis until when it may be answered, as of 1970; 0: as long as the cache has it
 * @param stamp a random name that no other answer has
 * @param operation what was asked for
 * @param textLength the text's length in code points
 * @param textTier the text's size
 * @param model the model that gave it
 * @param inputTokens what it took
 * @param outputTokens what it took
 * @param cost what it cost
 * @param finish why the model ended
 * @param type the type that it was stored as, or that its pieces were, where the caller said one
 * @param tags the generation that each of its tags had when the model was asked
 * @param begunMillis when the model was asked, as of 1970, or later if the process that asked had
 *     seen an answer from later; null in answers of older versions
 */
public record StoredAnswer(
    Object answer,
    @Nullable List<Integer> chunks,
    long createdMillis,
    long validMillis,
    String stamp,
    String operation,
    int textLength,
    String textTier,
    @Nullable String model,
    long inputTokens,
    long outputTokens,
    @Nullable BigDecimal cost,
    String finish,
    @Nullable String type,
    Map<String, String> tags,
    @Nullable Long begunMillis)
    implements Serializable {

  /** Why the model ended; for a reason that this version does not know: another. */
  FinishReason reason() {
    for (FinishReason known : FinishReason.values()) {
      if (known.name().equals(finish)) {
        return known;
      }
    }
    return FinishReason.OTHER;
  }

  /** Whether its model was asked later than that of another answer. */
  boolean isNewerThan(StoredAnswer other) {
    return begunMillis != null && other.begunMillis != null && begunMillis > other.begunMillis;
  }

  /** The same as if its model had been asked later than that of another answer. */
  StoredAnswer after(StoredAnswer other) {
    Long theirs = other.begunMillis;
    return theirs == null || !other.isNewerThan(this)
        ? this
        : new StoredAnswer(
            answer,
            chunks,
            createdMillis,
            validMillis,
            stamp,
            operation,
            textLength,
            textTier,
            model,
            inputTokens,
            outputTokens,
            cost,
            finish,
            type,
            tags,
            theirs + 1);
  }

  /** Without the answer. */
  @Override
  public String toString() {
    return "StoredAnswer[" + operation + ", " + stamp + "]";
  }
}
