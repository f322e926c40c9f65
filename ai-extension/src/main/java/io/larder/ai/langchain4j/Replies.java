package io.larder.ai.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.larder.ai.AiAnswer;
import io.larder.ai.FinishReason;
import org.jspecify.annotations.Nullable;

/** Responses of models as answers in the cache, and back. */
final class Replies {

  private Replies() {}

  /** The answer; its value is null if it is not to be stored whatever its finish reason. */
  static AiAnswer<String> answer(ChatResponse response) {
    TokenUsage usage = response.tokenUsage();
    return AiAnswer.<String>of(stored(response.aiMessage()))
        .withModel(response.modelName())
        .withFinish(finish(response.finishReason()))
        .withUsage(
            usage == null ? 0 : tokens(usage.inputTokenCount()),
            usage == null ? 0 : tokens(usage.outputTokenCount()));
  }

  /** A response that took no tokens. */
  static ChatResponse response(String stored, @Nullable String model, FinishReason finish) {
    ChatResponse.Builder builder = ChatResponse.builder()
        .aiMessage((AiMessage) ChatMessageDeserializer.messageFromJson(stored))
        .tokenUsage(new TokenUsage(0, 0, 0));
    if (model != null) {
      builder.modelName(model);
    }
    dev.langchain4j.model.output.FinishReason reason = finish(finish);
    return (reason == null ? builder : builder.finishReason(reason)).build();
  }

  /** Null if there is no content, or some that JSON would lose, such as an image. */
  private static @Nullable String stored(AiMessage message) {
    boolean silent = message.text() == null || message.text().isBlank();
    if (silent && !message.hasToolExecutionRequests()) {
      return null;
    }
    String json = ChatMessageSerializer.messageToJson(message);
    return ChatMessageDeserializer.messageFromJson(json).equals(message) ? json : null;
  }

  static long tokens(@Nullable Integer count) {
    return count == null ? 0 : Math.max(0, count);
  }

  private static FinishReason finish(dev.langchain4j.model.output.@Nullable FinishReason reason) {
    if (reason == null) {
      return FinishReason.UNKNOWN;
    }
    return switch (reason) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case TOOL_EXECUTION -> FinishReason.TOOL_CALLS;
      case CONTENT_FILTER -> FinishReason.FILTERED;
      default -> FinishReason.OTHER;
    };
  }

  private static dev.langchain4j.model.output.@Nullable FinishReason finish(FinishReason reason) {
    return switch (reason) {
      case STOP -> dev.langchain4j.model.output.FinishReason.STOP;
      case LENGTH -> dev.langchain4j.model.output.FinishReason.LENGTH;
      case TOOL_CALLS -> dev.langchain4j.model.output.FinishReason.TOOL_EXECUTION;
      case FILTERED -> dev.langchain4j.model.output.FinishReason.CONTENT_FILTER;
      case OTHER -> dev.langchain4j.model.output.FinishReason.OTHER;
      case UNKNOWN -> null;
    };
  }
}
