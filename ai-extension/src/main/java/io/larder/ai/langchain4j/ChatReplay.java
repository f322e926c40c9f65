package io.larder.ai.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.larder.ai.AiAnswer;
import io.larder.ai.AiChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tells a handler what pieces from the cache stand for: at once if they come from the model; if
 * they were stored, when it is known that the message at their end can be read.
 */
final class ChatReplay implements Flow.Subscriber<AiChunk<String>> {

  private final AtomicBoolean asked;
  private final StreamingChatResponseHandler handler;
  private final Runnable anew;
  private final List<String> held = new ArrayList<>();
  private @Nullable String message;
  private @Nullable AiAnswer<String> end;
  private Flow.@Nullable Subscription subscription;
  private boolean over;

  /**
   * Tells that handler.
   *
   * @param asked whether the model was asked for this caller
   * @param anew asks the model in place of what is stored
   */
  ChatReplay(AtomicBoolean asked, StreamingChatResponseHandler handler, Runnable anew) {
    this.asked = asked;
    this.handler = handler;
    this.anew = anew;
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
      } else if (chunk.replayed()) {
        held.add(piece);
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
      case ChatEvents.TEXT -> handler.onPartialResponse(content);
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
    if (!canBeRead()) {
      anew.run();
      return;
    }
    try {
      held.forEach(this::tell);
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

  /** Whether what was stored, if anything, is what this version of LangChain4j can read. */
  private boolean canBeRead() {
    try {
      for (String piece : held) {
        if (piece.charAt(0) == ChatEvents.MESSAGE) {
          Replies.message(piece.substring(1));
        }
      }
      return true;
    } catch (RuntimeException e) {
      return false;
    }
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
