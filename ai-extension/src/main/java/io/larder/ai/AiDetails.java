package io.larder.ai;

import io.larder.ai.config.TextTier;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an answer besides the answer.
 *
 * @param createdAt when the model gave it, by the clock of the process that asked
 * @param operation what was asked for
 * @param textLength the text's length in code points
 * @param textTier the text's size
 * @param model the model that gave it, if known
 * @param usage the tokens it took when the model gave it
 * @param cost what it cost then, if known
 * @param finish why the model ended
 * @param hits how often the answer has been a hit, this one included; over all processes, but
 *     others' are some seconds late
 */
public record AiDetails(
    Instant createdAt,
    String operation,
    int textLength,
    TextTier textTier,
    @Nullable String model,
    AiUsage usage,
    @Nullable BigDecimal cost,
    FinishReason finish,
    long hits) {}
