package io.larder.ai.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import io.larder.ai.adapter.Found;
import io.larder.ai.adapter.RequestShape;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A LangChain4j chat model whose responses are cached. Thread-safe if the model is.
 *
 * <p>All messages and parameters are in the key. A call with something in it that is not known
 * wholly bypasses the cache; {@link #caches} tells. A response from the cache has no id and no
 * metadata of the provider's own, and says that it took no tokens. The model's listeners hear of
 * the calls that are made.
 */
public final class CachingChatModel implements ChatModel {

  private final ChatModel model;
  private final Front front;

  private CachingChatModel(ChatModel model, Front front) {
    this.model = model;
    this.front = front;
  }

  /** That model in front of which the cache stands, with the operation {@code chat}. */
  public static CachingChatModel of(AiCache cache, ChatModel model) {
    return of(cache, model, RequestShape.of("chat"));
  }

  /** That model in front of which the cache stands. */
  public static CachingChatModel of(AiCache cache, ChatModel model, RequestShape shape) {
    Objects.requireNonNull(model, "model");
    return new CachingChatModel(model, Front.of(cache, shape, model.provider()));
  }

  /** Whether everything about the request is known, so that the cache is used for it. */
  public boolean caches(ChatRequest request) {
    return key(request).isPresent();
  }

  @Override
  public ChatResponse chat(ChatRequest request) {
    return chat(request, ChatRequestOptions.EMPTY);
  }

  @Override
  public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
    Optional<AiRequest> key = key(request);
    return key.isEmpty() ? call(request, options) : cached(key.get(), request, options);
  }

  private ChatResponse cached(AiRequest key, ChatRequest request, ChatRequestOptions options) {
    Found<AiMessage> found = new Found<>(Replies::message);
    return Replies.response(
        front
            .cache()
            .getOrCompute(
                key.usableIf(found), () -> front.replies().answer(call(request, options))),
        found);
  }

  @Override
  public CompletableFuture<ChatResponse> chatAsync(ChatRequest request) {
    return chatAsync(request, ChatRequestOptions.EMPTY);
  }

  @Override
  public CompletableFuture<ChatResponse> chatAsync(
      ChatRequest request, ChatRequestOptions options) {
    Optional<AiRequest> key = key(request);
    return key.isEmpty() ? callAsync(request, options) : cachedAsync(key.get(), request, options);
  }

  private CompletableFuture<ChatResponse> cachedAsync(
      AiRequest key, ChatRequest request, ChatRequestOptions options) {
    Found<AiMessage> found = new Found<>(Replies::message);
    return front
        .cache()
        .async()
        .getOrCompute(
            key.usableIf(found),
            String.class,
            () -> callAsync(request, options).thenApply(front.replies()::answer))
        .thenApply(result -> Replies.response(result, found))
        .toCompletableFuture();
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public ModelProvider provider() {
    return model.provider();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return model.supportedCapabilities();
  }

  private Optional<AiRequest> key(ChatRequest request) {
    return front.keys().of(request, model.defaultRequestParameters(), false);
  }

  /** The plain form where there are no options: a model may have that one only. */
  private ChatResponse call(ChatRequest request, ChatRequestOptions options) {
    return options.equals(ChatRequestOptions.EMPTY)
        ? model.chat(request)
        : model.chat(request, options);
  }

  private CompletableFuture<ChatResponse> callAsync(
      ChatRequest request, ChatRequestOptions options) {
    return options.equals(ChatRequestOptions.EMPTY)
        ? model.chatAsync(request)
        : model.chatAsync(request, options);
  }
}
