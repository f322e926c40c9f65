package io.larder.ai.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.larder.LarderCachingProvider;
import io.larder.ai.AiCache;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CachingStreamingChatModelTest {

  private final LarderCachingProvider provider = new LarderCachingProvider();
  private final AiCache cache = AiCache.on(provider.getCacheManager(
      URI.create("larder:ai-production"), getClass().getClassLoader(), new Properties()));
  private final CountingChatModel counter = new CountingChatModel();
  private final CachingStreamingChatModel model =
      CachingStreamingChatModel.of(cache, counter.streaming());

  @AfterEach
  void close() {
    cache.close();
    provider.close();
  }

  /** What a handler was told, in order. */
  private static final class Told implements StreamingChatResponseHandler {
    final List<String> events = new ArrayList<>();
    final CompletableFuture<ChatResponse> response = new CompletableFuture<>();

    @Override
    public void onPartialResponse(String text) {
      events.add(text);
    }

    @Override
    public void onPartialThinking(PartialThinking thinking) {
      events.add("thinking " + thinking.text());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
      events.add("tool " + call.index() + " " + call.toolExecutionRequest().id());
    }

    @Override
    public void onCompleteResponse(ChatResponse complete) {
      response.complete(complete);
    }

    @Override
    public void onError(Throwable failure) {
      response.completeExceptionally(failure);
    }

    ChatResponse await() throws Exception {
      return response.get(1, TimeUnit.MINUTES);
    }
  }

  private Told ask() throws Exception {
    Told told = new Told();
    model.chat(ChatRequest.builder().messages(UserMessage.from("Why?")).build(), told);
    told.response.handle((response, failure) -> null).get(1, TimeUnit.MINUTES);
    return told;
  }

  @Test
  void aResponseIsReplayedInItsPieces() throws Exception {
    Told first = ask();
    Told second = ask();
    assertThat(counter.calls).hasValue(1);
    assertThat(first.await().id()).isEqualTo("id-1");
    assertThat(first.await().tokenUsage()).isEqualTo(new TokenUsage(7, 3));
    assertThat(second.events).isEqualTo(first.events).containsExactly("c", "all 1");
    assertThat(second.await().aiMessage()).isEqualTo(first.await().aiMessage());
    assertThat(second.await().tokenUsage()).isEqualTo(new TokenUsage(0, 0, 0));
    assertThat(second.await().finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(second.await().modelName()).isEqualTo("m-1-2026");
  }

  @Test
  void thinkingAndToolCallsAreReplayed() throws Exception {
    counter.finish = FinishReason.TOOL_EXECUTION;
    counter.message = AiMessage.builder()
        .thinking("Hm.")
        .toolExecutionRequests(List.of(
            ToolExecutionRequest.builder()
                .id("1")
                .name("weather")
                .arguments("{}")
                .build(),
            ToolExecutionRequest.builder()
                .id("2")
                .name("weather")
                .arguments("{}")
                .build()))
        .build();
    Told first = ask();
    Told second = ask();
    assertThat(counter.calls).hasValue(1);
    assertThat(first.events).containsExactly("thinking Hm.", "tool 0 1", "tool 1 2");
    assertThat(second.events).isEqualTo(first.events);
    assertThat(second.await().aiMessage()).isEqualTo(counter.message);
  }

  @Test
  void whatEndsBadlyOrCannotBeKeptWhollyIsNotCached() throws Exception {
    counter.finish = FinishReason.LENGTH;
    assertThat(ask().await().finishReason()).isEqualTo(FinishReason.LENGTH);
    ask();
    assertThat(counter.calls).hasValue(2);
    counter.finish = FinishReason.STOP;
    counter.message = AiMessage.builder()
        .text("Here.")
        .attributes(Map.of("image", Image.builder().url("http://a/1").build()))
        .build();
    assertThat(ask().await().aiMessage()).isEqualTo(counter.message);
    ask();
    assertThat(counter.calls).hasValue(4);
  }

  @Test
  void aFailureReachesTheHandlerAsItWas() throws Exception {
    counter.failure = new IllegalStateException("overloaded");
    Told told = ask();
    assertThatThrownBy(told::await).hasCause(counter.failure);
    counter.failure = null;
    assertThat(ask().await().aiMessage().text()).isEqualTo("call 2");
  }

  @Test
  void withoutAHandlerNothingIsAsked() {
    assertThatThrownBy(() -> model.chat("Why?", null)).hasMessage("handler");
    assertThat(counter.calls).hasValue(0);
  }

  @Test
  void aHandlerThatThrowsIsToldSo() throws Exception {
    RuntimeException mine = new IllegalStateException("mine");
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    model.chat("Why?", new StreamingChatResponseHandler() {
      @Override
      public void onPartialResponse(String text) {
        throw mine;
      }

      @Override
      public void onCompleteResponse(ChatResponse response) {
        failure.complete(null);
      }

      @Override
      public void onError(Throwable e) {
        failure.complete(e);
      }
    });
    assertThat(failure.get(1, TimeUnit.MINUTES)).isSameAs(mine);
  }

  @Test
  void aStoredMessageThatCannotBeReadIsNoneAndNothingOfItIsTold() throws Exception {
    ask();
    Spoiling.all(provider, "ai.chat", answer -> answer.toString().replace("AI", "XY"));
    Told told = ask();
    assertThat(told.events).containsExactly("c", "all 2");
    assertThat(told.await().aiMessage().text()).isEqualTo("call 2");
    assertThat(ask().await().aiMessage().text()).isEqualTo("call 2");
    assertThat(counter.calls).hasValue(2);
  }
}
