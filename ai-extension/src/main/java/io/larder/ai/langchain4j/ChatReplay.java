package io.larder.ai.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import io.larder.ai.AiAnswer;
import io.larder.ai.AiChunk;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tells a handler what pieces from the cache stand for, live or replayed. */
final class ChatReplay implements Flow.Subscriber<AiChunk<String>> {

  private final AtomicReference<ChatResponse> made;
  private final StreamingChatResponseHandler handler;
  private final StringBuilder text = new StringBuilder();
  private @Nullable String message;
  private @Nullable AiAnswer<String> end;
  private Flow.@Nullable Subscription subscription;
  private boolean over;

  /** Takes the response from {@code made} if there is one, for then the call was this caller's. */
  ChatReplay(AtomicReference<ChatResponse> made, StreamingChatResponseHandler handler) {
    this.made = made;
    this.handler = handler;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(AiChunk<String> chunk) {
    if (over) {
      return;
    }
    try {
      String piece = chunk.value();
      if (piece == null) {
        end = chunk.end();
      } else {
        tell(piece.charAt(0), piece.substring(1));
      }
    } catch (RuntimeException e) {
      if (subscription != null) {
        subscription.cancel();
      }
      onError(e);
    }
  }

  private void tell(char kind, String content) {
    switch (kind) {
      case ChatEvents.TEXT -> {
        text.append(content);
        handler.onPartialResponse(content);
      }
      case ChatEvents.THINKING -> handler.onPartialThinking(new PartialThinking(content));
      default -> message = content;
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (!over) {
      over = true;
      handler.onError(failure);
    }
  }

  @Override
  public void onComplete() {
    if (over) {
      return;
    }
    over = true;
    try {
      ChatResponse response = response();
      List<ToolExecutionRequest> tools = response.aiMessage().toolExecutionRequests();
      for (int i = 0; i < tools.size(); i++) {
        handler.onCompleteToolCall(new CompleteToolCall(i, tools.get(i)));
      }
      handler.onCompleteResponse(response);
    } catch (RuntimeException e) {
      handler.onError(e);
    }
  }

  private ChatResponse response() {
    ChatResponse own = made.get();
    if (own != null) {
      return own;
    }
    if (message == null || end == null) { // another's call, of which only the pieces are known
      return ChatResponse.builder()
          .aiMessage(AiMessage.from(text.toString()))
          .tokenUsage(new TokenUsage(0, 0, 0))
          .build();
    }
    return Replies.response(message, end.model(), end.finish());
  }
}
