package io.larder.ai.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.larder.ai.AiAnswer;
import io.larder.ai.AiChunk;
import io.larder.ai.adapter.Found;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tells a handler what pieces from the cache stand for, as LangChain4j's models do: with a handle,
 * by which it can cancel, and then hears no more.
 */
final class ChatReplay implements Flow.Subscriber<AiChunk<String>>, StreamingHandle {

  private final AtomicBoolean asked;
  private final StreamingChatResponseHandler handler;
  private @Nullable String message;
  private @Nullable AiAnswer<String> end;
  private Flow.@Nullable Subscription subscription;
  private volatile boolean cancelled;
  private volatile boolean over;

  /**
   * Tells that handler.
   *
   * @param asked whether the model was asked for this caller
   */
  ChatReplay(AtomicBoolean asked, StreamingChatResponseHandler handler) {
    this.asked = asked;
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
        tell(piece);
      }
    } catch (RuntimeException e) {
      if (subscription != null) {
        subscription.cancel();
      }
      onError(e);
    }
  }

  private void tell(String piece) {
    String content = piece.substring(1);
    switch (piece.charAt(0)) {
      case ChatEvents.TEXT ->
        handler.onPartialResponse(new PartialResponse(content), new PartialResponseContext(this));
      case ChatEvents.THINKING ->
        handler.onPartialThinking(new PartialThinking(content), new PartialThinkingContext(this));
      default -> message = content;
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    over = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
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
      List<ToolExecutionRequest> tools = tools(response.aiMessage());
      for (int i = 0; i < tools.size(); i++) {
        handler.onCompleteToolCall(new CompleteToolCall(i, tools.get(i)));
      }
      handler.onCompleteResponse(response);
    } catch (RuntimeException e) {
      handler.onError(e);
    }
  }

  private static List<ToolExecutionRequest> tools(@Nullable AiMessage message) {
    return message == null ? List.of() : message.toolExecutionRequests();
  }

  /** Whether a stored piece is what this version of LangChain4j can read. */
  static boolean canRead(Object stored) {
    return stored instanceof String piece
        && !piece.isEmpty()
        && (piece.charAt(0) != ChatEvents.MESSAGE
            || new Found<>(Replies::message).test(piece.substring(1)));
  }

  private ChatResponse response() {
    AiAnswer<String> known = Objects.requireNonNull(end, "end");
    if (known.companion() instanceof ChatResponse live) {
      return asked.get() ? live : Replies.shared(live, known.model());
    }
    return Replies.response(
        Objects.requireNonNull(message, "message"), known.model(), known.finish());
  }
}
