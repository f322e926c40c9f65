package io.larder.ai.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.larder.ai.AiAnswer;
import io.larder.ai.AiDetails;
import io.larder.ai.AiResult;
import io.larder.ai.FinishReason;
import io.larder.ai.adapter.Found;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Responses of models as answers in the cache, and back. */
final class Replies {

  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private final String operation;
  private final AtomicBoolean told = new AtomicBoolean();

  /** Tells of that operation what can't be stored. */
  Replies(String operation) {
    this.operation = operation;
  }

  /**
   * The answer, with the response as its companion; its value is null if it is not to be stored
   * whatever its finish reason.
   */
  AiAnswer<String> answer(@Nullable ChatResponse given) {
    ChatResponse response =
        Objects.requireNonNull(given, "the chat model gave null, not a ChatResponse");
    AiAnswer<String> answer;
    try {
      answer = written(response);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.atLevel(told.compareAndSet(false, true) ? Level.WARN : Level.DEBUG)
          .log(
              "{}: a response cannot be stored, and is passed on as it is: {}",
              operation,
              e.getClass().getName());
      answer = AiAnswer.of(null);
    }
    return answer.withCompanion(response);
  }

  private static AiAnswer<String> written(ChatResponse response) {
    TokenUsage usage = response.tokenUsage();
    return AiAnswer.<String>of(stored(response.aiMessage()))
        .withModel(response.modelName())
        .withFinish(finish(response.finishReason()))
        .withUsage(
            usage == null ? 0 : tokens(usage.inputTokenCount()),
            usage == null ? 0 : tokens(usage.outputTokenCount()));
  }

  /** The model's response to who asked it; to others one that took no tokens. */
  static ChatResponse response(AiResult<String> result, Found<AiMessage> found) {
    AiDetails details = result.details();
    if (result.companion() instanceof ChatResponse live) {
      return result.isHit() ? shared(live, details.model()) : live;
    }
    String stored = Objects.requireNonNull(result.value(), "a stored answer");
    return response(found.read(stored), details.model(), finish(details.finish()));
  }

  /** What another caller's call brought: its message, which took this one no tokens. */
  @SuppressWarnings("NullAway") // a model's own class may answer anything
  static ChatResponse shared(ChatResponse live, @Nullable String model) {
    return live.aiMessage() == null ? live : response(live.aiMessage(), model, live.finishReason());
  }

  /** A message that was stored. */
  static AiMessage message(String stored) {
    return (AiMessage) ChatMessageDeserializer.messageFromJson(stored);
  }

  /** A response that took no tokens. */
  static ChatResponse response(String stored, @Nullable String model, FinishReason finish) {
    return response(message(stored), model, finish(finish));
  }

  private static ChatResponse response(
      AiMessage message,
      @Nullable String model,
      dev.langchain4j.model.output.@Nullable FinishReason finish) {
    ChatResponse.Builder builder =
        ChatResponse.builder().aiMessage(message).tokenUsage(new TokenUsage(0, 0, 0));
    if (model != null) {
      builder.modelName(model);
    }
    return (finish == null ? builder : builder.finishReason(finish)).build();
  }

  /** Null if there is no content, or some that JSON would lose or does not take. */
  private static @Nullable String stored(AiMessage message) {
    boolean silent = message.text() == null || !AiAnswer.of(message.text()).isComplete();
    if (silent && !message.hasToolExecutionRequests()) {
      return null;
    }
    try {
      String json = ChatMessageSerializer.messageToJson(message);
      return message(json).equals(message) ? json : null;
    } catch (RuntimeException | StackOverflowError e) {
      return null;
    }
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
