package io.larder.ai.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.larder.ai.AiAnswer;
import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import io.larder.ai.AiResult;
import io.larder.ai.adapter.Bypasses;
import io.larder.ai.adapter.RequestShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A LangChain4j embedding model whose embeddings are cached, one for each input. Thread-safe if the
 * model is.
 *
 * <p>Of a batch the model is asked for what the cache does not have, each input once, in one call.
 * The response says how many tokens that call took: none if there was no call. All parameters are
 * in the key; with one of a type that is not known, or a model without a name, the cache is not
 * used. Concurrent batches in one process share calls for the inputs that they have in common. The
 * forms with a future are not cached.
 */
public final class CachingEmbeddingModel implements EmbeddingModel {

  private static final String NO_NAME = "unknown";

  private final AiCache cache;
  private final EmbeddingModel model;
  private final RequestShape shape;
  private final Bypasses bypasses;

  private CachingEmbeddingModel(AiCache cache, EmbeddingModel model, RequestShape shape) {
    this.cache = Objects.requireNonNull(cache, "cache");
    this.model = Objects.requireNonNull(model, "model");
    this.shape = Objects.requireNonNull(shape, "shape");
    this.bypasses = new Bypasses(shape.operation());
  }

  /** That model in front of which the cache stands, with the operation {@code embed}. */
  public static CachingEmbeddingModel of(AiCache cache, EmbeddingModel model) {
    return of(cache, model, RequestShape.of("embed"));
  }

  /** That model in front of which the cache stands. */
  public static CachingEmbeddingModel of(AiCache cache, EmbeddingModel model, RequestShape shape) {
    return new CachingEmbeddingModel(cache, model, shape);
  }

  @Override
  public EmbeddingResponse embed(EmbeddingRequest request) {
    Optional<List<AiRequest>> keys = keys(request);
    if (keys.isEmpty()) {
      return model.embed(request);
    }
    Map<AiRequest, EmbeddingInput> inputs = new HashMap<>();
    for (int i = 0; i < request.inputs().size(); i++) {
      inputs.putIfAbsent(keys.get().get(i), request.inputs().get(i));
    }
    List<EmbeddingResponse> made = new ArrayList<>();
    List<AiResult<float[]>> found = cache
        .batches()
        .getOrCompute(
            keys.get(), float[].class, missing -> compute(request, missing, inputs, made));
    List<Embedding> embeddings = found.stream()
        .map(result -> Embedding.from(Objects.requireNonNull(result.value()).clone()))
        .toList();
    return response(request, made).embeddings(embeddings).build();
  }

  /** A response without embeddings: with what the calls tell that were made for it. */
  private EmbeddingResponse.Builder response(
      EmbeddingRequest request, List<EmbeddingResponse> made) {
    if (made.size() == 1) {
      return EmbeddingResponse.builder().metadata(made.get(0).metadata());
    }
    TokenUsage usage = new TokenUsage(0, 0, 0);
    for (EmbeddingResponse each : made) {
      usage = TokenUsage.sum(usage, each.tokenUsage());
    }
    return EmbeddingResponse.builder().modelName(name(request)).tokenUsage(usage);
  }

  /** Asks the model for what is missing. */
  private List<AiAnswer<float[]>> compute(
      EmbeddingRequest request,
      List<AiRequest> missing,
      Map<AiRequest, EmbeddingInput> inputs,
      List<EmbeddingResponse> responses) {
    EmbeddingResponse made = Objects.requireNonNull(
        model.embed(EmbeddingRequest.builder()
            .inputs(missing.stream()
                .map(key -> Objects.requireNonNull(inputs.get(key)))
                .toList())
            .parameters(request.parameters())
            .build()),
        "the embedding model gave null, not an EmbeddingResponse");
    int count = made.embeddings().size();
    if (count != missing.size()) {
      throw new IllegalStateException(
          "the model gave " + count + " embeddings for " + missing.size() + " inputs");
    }
    responses.add(made);
    TokenUsage usage = made.tokenUsage();
    long tokens = usage == null ? 0 : Replies.tokens(usage.inputTokenCount());
    List<AiAnswer<float[]>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] vector = made.embeddings().get(i).vector().clone();
      long share = tokens * (i + 1) / count - tokens * i / count;
      answers.add(AiAnswer.of(vector).withModel(name(request)).withUsage(share, 0));
    }
    return answers;
  }

  private Optional<List<AiRequest>> keys(EmbeddingRequest request) {
    String name = name(request);
    if (name == null) {
      bypasses.tell("the model's name is not known; RequestShape.withModel gives it");
      return Optional.empty();
    }
    try {
      List<AiRequest> keys = new ArrayList<>();
      for (EmbeddingInput input : request.inputs()) {
        AiRequest.Builder key = AiRequest.builder(shape.operation())
            .model(name)
            .option("langchain4j.provider", model.provider().name());
        content(input, key);
        for (EmbeddingParameter<?> parameter : parameters(request).presentParameters()) {
          key.option("parameter." + parameter.name(), parameters(request).parameter(parameter));
        }
        keys.add(shape.more().apply(key.keepOptions()).build());
      }
      return Optional.of(keys);
    } catch (RuntimeException e) {
      bypasses.tell(
          "an input or parameter has no form in keys, or what RequestShape.with adds threw: "
              + e.getClass().getName());
      return Optional.empty();
    }
  }

  private static void content(EmbeddingInput input, AiRequest.Builder key) {
    if (input.contents().size() == 1 && input.contentTypes().equals(Set.of(ContentType.TEXT))) {
      key.text(input.text());
      return;
    }
    UserMessage message = UserMessage.from(input.contents());
    String json = ChatMessageSerializer.messageToJson(message);
    if (!ChatMessageDeserializer.messageFromJson(json).equals(message)) {
      throw new IllegalArgumentException("an input has content that is not in its JSON");
    }
    key.text(json).option("langchain4j.contents", true);
  }

  private EmbeddingRequestParameters parameters(EmbeddingRequest request) {
    EmbeddingRequestParameters defaults = model.defaultRequestParameters();
    return defaults == null ? request.parameters() : defaults.overrideWith(request.parameters());
  }

  private @Nullable String name(EmbeddingRequest request) {
    String name = parameters(request).modelName();
    if (name == null) {
      name = model.modelName();
    }
    return name == null || name.equals(NO_NAME) ? shape.model() : name;
  }

  @Override
  public int dimension() {
    return model.dimension();
  }

  @Override
  public String modelName() {
    return model.modelName();
  }

  @Override
  public EmbeddingRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public Set<EmbeddingParameter<?>> supportedParameters() {
    return model.supportedParameters();
  }

  @Override
  public Set<ContentType> supportedContentTypes() {
    return model.supportedContentTypes();
  }

  @Override
  public ModelProvider provider() {
    return model.provider();
  }
}
