package io.larder.ai.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.larder.ai.AiCache;
import io.larder.ai.AiRequest;
import io.larder.ai.adapter.RequestShape;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A LangChain4j streaming chat model whose responses are cached: recorded as they stream, and
 * replayed in the pieces that they came in. Thread-safe if the model is.
 *
 * <p>Keys are as in {@link CachingChatModel}; streamed responses are answers of their own. Handlers
 * are called on threads of the cache or of the model, one call at a time, with partial responses,
 * partial thinking, complete tool calls and the complete response; partial tool calls and raw
 * events are left out. The form that answers with a publisher is not cached.
 */
public final class CachingStreamingChatModel implements StreamingChatModel {

  private final StreamingChatModel model;
  private final Front front;

  private CachingStreamingChatModel(StreamingChatModel model, Front front) {
    this.model = model;
    this.front = front;
  }

  /** That model in front of which the cache stands, with the operation {@code chat}. */
  public static CachingStreamingChatModel of(AiCache cache, StreamingChatModel model) {
    return of(cache, model, RequestShape.of("chat"));
  }

  /** That model in front of which the cache stands. */
  public static CachingStreamingChatModel of(
      AiCache cache, StreamingChatModel model, RequestShape shape) {
    Objects.requireNonNull(model, "model");
    return new CachingStreamingChatModel(model, Front.of(cache, shape, model.provider()));
  }

  @Override
  public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
    chat(request, ChatRequestOptions.EMPTY, handler);
  }

  @Override
  public void chat(
      ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
    Objects.requireNonNull(handler, "handler");
    Optional<AiRequest> key = front.keys().of(request, model.defaultRequestParameters(), true);
    if (key.isEmpty()) {
      call(request, options, handler);
      return;
    }
    cached(key.get(), handler, events -> call(request, options, events));
  }

  private void cached(
      AiRequest key,
      StreamingChatResponseHandler handler,
      Consumer<StreamingChatResponseHandler> call) {
    AtomicBoolean asked = new AtomicBoolean();
    front.cache().stream(
            key.usableIf(ChatReplay::canRead),
            String.class,
            () -> new ChatEvents(front.replies(), asked, call))
        .subscribe(new ChatReplay(asked, handler));
  }

  @Override
  public Flow.Publisher<ChatModelStreamingEvent> chat(ChatRequest request) {
    return model.chat(request);
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

  /** The plain form where there are no options: a model may have that one only. */
  private void call(
      ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
    if (options.equals(ChatRequestOptions.EMPTY)) {
      model.chat(request, handler);
    } else {
      model.chat(request, options, handler);
    }
  }
}
