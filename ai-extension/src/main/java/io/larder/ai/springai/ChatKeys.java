package io.larder.ai.springai;

import io.larder.ai.AiRequest;
import io.larder.ai.adapter.Bypasses;
import io.larder.ai.adapter.RequestShape;
import io.larder.ai.adapter.UnknownException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientAttributes;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.advisor.ChatModelCallAdvisor;
import org.springframework.ai.chat.client.advisor.ChatModelStreamAdvisor;
import org.springframework.ai.chat.client.advisor.SimpleLoggerAdvisor;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Requests to the cache that stand for chat client requests, as they arrive at the cache: all
 * messages, all options, and what the last advisor makes of the context.
 */
final class ChatKeys {

  /** Another one for each change of the form of keys or of stored responses. */
  private static final int FORM = 1;

  private final RequestShape shape;
  private final Bypasses bypasses;

  ChatKeys(RequestShape shape) {
    this.shape = shape;
    this.bypasses = new Bypasses(shape.operation());
  }

  /** How many requests had to bypass. */
  long bypassed() {
    return bypasses.count();
  }

  /**
   * The request that stands for that one; none if it has to bypass.
   *
   * @param behind the advisors that it passes between the cache and the answer
   */
  Optional<AiRequest> of(
      ChatClientRequest request, List<? extends Advisor> behind, boolean streamed) {
    CacheParams.Given given = CacheParams.of(request.context());
    try {
      requireNoChange(behind);
      return Optional.of(key(request, given, streamed));
    } catch (UnknownException e) {
      bypasses.tell(e.getMessage());
    } catch (RuntimeException e) {
      bypasses.tell("it has no form in keys, or what RequestShape.with adds threw", e);
    }
    return Optional.empty();
  }

  /** What is behind the cache could ask something else than what is in the key. */
  private static void requireNoChange(List<? extends Advisor> behind) throws UnknownException {
    for (Advisor advisor : behind) {
      if (!(advisor instanceof ChatModelCallAdvisor
          || advisor instanceof ChatModelStreamAdvisor
          || advisor.getClass() == SimpleLoggerAdvisor.class)) {
        throw new UnknownException("the advisor '" + advisor.getName()
            + "' stands behind the cache and may change the request; its order, "
            + advisor.getOrder() + ", has to be below the cache's");
      }
    }
  }

  private AiRequest key(ChatClientRequest request, CacheParams.Given given, boolean streamed)
      throws UnknownException {
    Prompt prompt = request.prompt();
    if (prompt.getClass() != Prompt.class) {
      throw new UnknownException("the prompt is a " + prompt.getClass().getName());
    }
    KeyForms messages = new KeyForms(shape.ignored());
    Object form = messages.of(prompt.getInstructions());
    ChatOptions options = prompt.getOptions();
    AiRequest.Builder key = AiRequest.builder(
            given.operation() == null ? shape.operation() : given.operation())
        .text(messages.text())
        .model(model(options))
        .option("springai.form", FORM)
        .option("springai.streamed", streamed)
        .option("springai.messages", form)
        .option("springai.options", new KeyForms(shape.ignored()).of(options));
    output(request.context(), key);
    AiRequest.Builder complete = shape.more().apply(key.keepOptions());
    given.addTo(complete);
    return complete.build();
  }

  private String model(@Nullable ChatOptions options) throws UnknownException {
    String told = options == null ? null : options.getModel();
    String model = told == null || told.isBlank() ? shape.model() : told;
    if (model == null) {
      throw new UnknownException("the model's name is not known; RequestShape.withModel gives it");
    }
    return model;
  }

  /** What {@link ChatModelCallAdvisor} adds to the prompt. */
  private static void output(Map<String, ?> context, AiRequest.Builder key) {
    String isNative = ChatClientAttributes.STRUCTURED_OUTPUT_NATIVE.getKey();
    key.option("outputFormat", context.get(ChatClientAttributes.OUTPUT_FORMAT.getKey()))
        .option("outputSchema", context.get(ChatClientAttributes.STRUCTURED_OUTPUT_SCHEMA.getKey()))
        .option("outputNative", context.containsKey(isNative));
  }
}
