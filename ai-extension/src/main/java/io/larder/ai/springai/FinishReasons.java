package io.larder.ai.springai;

import io.larder.ai.FinishReason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** Why models ended, each in the words of its provider. */
final class FinishReasons {

  private FinishReasons() {}

  /** The reason of the generation that ended worst. */
  static FinishReason of(ChatResponse response) {
    FinishReason worst = FinishReason.UNKNOWN;
    for (Generation generation : response.getResults()) {
      ChatGenerationMetadata metadata = generation.getMetadata();
      worst = worse(worst, of(metadata.getFinishReason()));
      if (!metadata.getContentFilters().isEmpty()) {
        worst = worse(worst, FinishReason.FILTERED);
      }
    }
    return worst;
  }

  /** An incomplete one rather than a complete one, a known one rather than an unknown. */
  static FinishReason worse(FinishReason one, FinishReason other) {
    if (one.isComplete() != other.isComplete()) {
      return one.isComplete() ? other : one;
    }
    return other == FinishReason.UNKNOWN || one == FinishReason.TOOL_CALLS ? one : other;
  }

  /** A word that nobody knows is taken for a bad end. */
  static FinishReason of(@Nullable String word) {
    if (word == null || word.isBlank()) {
      return FinishReason.UNKNOWN;
    }
    return switch (word.strip().toLowerCase(Locale.ROOT).replace('-', '_')) {
      case "stop", "end_turn", "stop_sequence", "complete", "completed", "eos", "eos_token" ->
        FinishReason.STOP;
      case "tool_calls", "tool_call", "tool_use", "function_call" -> FinishReason.TOOL_CALLS;
      case "length",
          "max_tokens",
          "max_output_tokens",
          "model_length",
          "model_context_window_exceeded" -> FinishReason.LENGTH;
      case "content_filter",
          "content_filtered",
          "guardrail_intervened",
          "safety",
          "refusal",
          "recitation",
          "blocklist",
          "prohibited_content",
          "spii" -> FinishReason.FILTERED;
      default -> FinishReason.OTHER;
    };
  }
}
