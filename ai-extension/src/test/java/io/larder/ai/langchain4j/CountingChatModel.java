package io.larder.ai.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.larder.ai.AiCaches;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A model that answers with the number of the call, and does as it is told. */
final class CountingChatModel {

  final AtomicInteger calls = new AtomicInteger();
  volatile ChatRequestParameters defaults =
      ChatRequestParameters.builder().modelName("m-1").build();
  volatile FinishReason finish = FinishReason.STOP;
  volatile AiMessage message = null;
  volatile RuntimeException failure = null;
  volatile CountDownLatch gate = new CountDownLatch(0);

  private ChatResponse answer() {
    int call = calls.incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (failure != null) {
      throw failure;
    }
    return ChatResponse.builder()
        .aiMessage(message == null ? AiMessage.from("call " + call) : message)
        .id("id-" + call)
        .modelName("m-1-2026")
        .tokenUsage(new TokenUsage(7, 3))
        .finishReason(finish)
        .build();
  }

  ChatModel plain() {
    return new ChatModel() {
      @Override
      public ChatResponse doChat(ChatRequest request) {
        return answer();
      }

      @Override
      public CompletableFuture<ChatResponse> doChatAsync(ChatRequest request) {
        return AiCaches.started(CountingChatModel.this::answer);
      }

      @Override
      public ChatRequestParameters defaultRequestParameters() {
        return defaults;
      }
    };
  }

  /** Says the text in two pieces, on a thread of its own. */
  StreamingChatModel streaming() {
    return new StreamingChatModel() {
      @Override
      public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        new Thread(() -> {
              try {
                ChatResponse response = answer();
                AiMessage said = response.aiMessage();
                if (said.thinking() != null) {
                  handler.onPartialThinking(new PartialThinking(said.thinking()));
                }
                if (said.text() != null) {
                  handler.onPartialResponse(said.text().substring(0, 1));
                  handler.onPartialResponse(said.text().substring(1));
                }
                handler.onCompleteResponse(response);
              } catch (RuntimeException e) {
                handler.onError(e);
              }
            })
            .start();
      }

      @Override
      public ChatRequestParameters defaultRequestParameters() {
        return defaults;
      }
    };
  }
}
