package io.larder.ai.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import io.larder.ai.AiRequest;
import io.larder.ai.adapter.Bypasses;
import io.larder.ai.adapter.Fields;
import io.larder.ai.adapter.RequestShape;
import io.larder.ai.adapter.UnknownException;
import java.lang.reflect.Field;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the cache that stand for chat requests.
 *
 * <h2>Known wholly, or not cached</h2>
 *
 * Messages, tools and schemas go in as LangChain4j's JSON, once it has been read back and found
 * equal, so that two that differ never look alike ({@link KeyForms}). Parameters of a model's own
 * class go in field by field. What can't be known in these ways makes the call bypass the cache.
 */
final class ChatKeys {

  private final RequestShape shape;
  private final String provider;
  private final Bypasses bypasses;

  ChatKeys(RequestShape shape, Enum<?> provider) {
    this.shape = shape;
    this.provider = provider.name();
    this.bypasses = new Bypasses(shape.operation());
  }

  /** The request that stands for that one with those defaults; none if it has to bypass. */
  Optional<AiRequest> of(
      ChatRequest request, @Nullable ChatRequestParameters defaults, boolean streamed) {
    try {
      return Optional.of(key(request, defaults, streamed));
    } catch (UnknownException e) {
      bypasses.tell(e.getMessage());
    } catch (RuntimeException e) {
      bypasses.tell("it has no form in keys, or what RequestShape.with adds threw", e);
    }
    return Optional.empty();
  }

  private AiRequest key(
      ChatRequest request, @Nullable ChatRequestParameters defaults, boolean streamed)
      throws UnknownException {
    ChatRequestParameters given = request.parameters();
    ChatRequestParameters all = defaults == null ? given : defaults.overrideWith(given);
    String model = all.modelName() == null ? shape.model() : all.modelName();
    if (model == null) {
      throw new UnknownException("the model's name is not known; RequestShape.withModel gives it");
    }
    AiRequest.Builder key = AiRequest.builder(shape.operation())
        .model(model)
        .option("langchain4j.provider", provider)
        .option("langchain4j.streamed", streamed);
    KeyForms.messages(request.messages(), key);
    parameters(all, key);
    own("langchain4j.all.", all, key);
    own("langchain4j.given.", given, key); // a model may read these, whatever overrides what
    return shape.more().apply(key.keepOptions()).build();
  }

  private static void parameters(ChatRequestParameters all, AiRequest.Builder key)
      throws UnknownException {
    key.option("temperature", all.temperature())
        .option("topP", all.topP())
        .option("topK", all.topK())
        .option("frequencyPenalty", all.frequencyPenalty())
        .option("presencePenalty", all.presencePenalty())
        .option("maxOutputTokens", all.maxOutputTokens())
        .option("stopSequences", all.stopSequences())
        .option("toolChoice", all.toolChoice());
    KeyForms.tools(all.toolSpecifications(), key);
    ResponseFormat format = all.responseFormat();
    if (format != null) {
      key.option("responseFormat", format.type());
      if (format.jsonSchema() != null) {
        key.option("responseSchema", format.jsonSchema().name())
            .option("responseSchemaRoot", KeyForms.schema(format.jsonSchema().rootElement()));
      }
    }
  }

  /** What the parameters have beyond the common ones. */
  private void own(String prefix, ChatRequestParameters parameters, AiRequest.Builder key)
      throws UnknownException {
    Class<?> type = parameters.getClass();
    key.option(prefix + "class", type.getName());
    while (type != DefaultChatRequestParameters.class) {
      if (type == null || type == Object.class) {
        throw new UnknownException("parameters are of " + parameters.getClass()
            + ", which is no DefaultChatRequestParameters");
      }
      for (Field field : Fields.of(type)) {
        if (!shape.ignored().contains(field.getName())) {
          KeyForms.put(
              prefix + type.getName() + "." + field.getName(),
              Fields.value(field, parameters),
              key);
        }
      }
      type = type.getSuperclass();
    }
  }
}
