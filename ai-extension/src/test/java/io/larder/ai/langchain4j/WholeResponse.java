package io.larder.ai.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.CompletableFuture;

/** A handler that waits for the response as a whole. */
final class WholeResponse implements StreamingChatResponseHandler {

  private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();

  private WholeResponse() {}

  static CompletableFuture<ChatResponse> of(StreamingChatModel model, ChatRequest request) {
    WholeResponse handler = new WholeResponse();
    model.chat(request, handler);
    return handler.whole;
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    whole.complete(response);
  }

  @Override
  public void onError(Throwable e) {
    whole.completeExceptionally(e);
  }
}
