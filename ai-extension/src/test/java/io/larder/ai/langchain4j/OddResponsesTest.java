package io.larder.ai.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.Place;
import io.larder.ai.stats.AiFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a model has answered reaches its caller, however odd it is. */
final class OddResponsesTest {

  private static final ChatRequestParameters NAMED =
      ChatRequestParameters.builder().modelName("m-1").build();

  private final AiCaches caches = AiCaches.in(Place.HEAP, null);
  private final AiCache cache = caches.cache();
  private final AtomicInteger calls = new AtomicInteger();

  @AfterEach
  void close() throws Exception {
    caches.close();
  }

  enum Odd {
    NULL_MESSAGE(new Response(AiMessage.from("Hm.")) {
      @Override
      public AiMessage aiMessage() {
        return null;
      }
    }),
    UNREADABLE(new Response(AiMessage.from("Hm.")) {
      @Override
      public TokenUsage tokenUsage() {
        throw new UnsupportedOperationException("unknown");
      }
    }),
    ENDLESS(new Response(
        AiMessage.builder().text("Hm.").attributes(Map.of("all", endless())).build()));

    private final ChatResponse response;

    Odd(ChatResponse response) {
      this.response = response;
    }
  }

  private static class Response extends ChatResponse {
    Response(AiMessage message) {
      super(ChatResponse.builder().aiMessage(message));
    }
  }

  private static List<Object> endless() {
    List<Object> all = new ArrayList<>();
    all.add(all);
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeStoredPassesAsItIs(Odd odd) throws Exception {
    CachingChatModel plain = CachingChatModel.of(cache, new ChatModel() {
      @Override
      public ChatResponse chat(ChatRequest request) {
        calls.incrementAndGet();
        return odd.response;
      }

      @Override
      public CompletableFuture<ChatResponse> chatAsync(ChatRequest request) {
        return CompletableFuture.completedFuture(chat(request));
      }

      @Override
      public ChatRequestParameters defaultRequestParameters() {
        return NAMED;
      }
    });
    StreamingChatModel streaming = CachingStreamingChatModel.of(cache, new StreamingChatModel() {
      @Override
      public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        calls.incrementAndGet();
        handler.onCompleteResponse(odd.response);
      }

      @Override
      public ChatRequestParameters defaultRequestParameters() {
        return NAMED;
      }
    });
    ChatRequest why = CachingChatModelTest.why().build();
    for (int i = 1; i <= 2; i++) {
      assertThat(plain.chat(why)).isSameAs(odd.response);
      assertThat(plain.chatAsync(why).get(1, TimeUnit.MINUTES)).isSameAs(odd.response);
      assertThat(WholeResponse.of(streaming, why).get(1, TimeUnit.MINUTES)).isSameAs(odd.response);
      assertThat(calls).hasValue(3 * i);
    }
    AiFigures figures = cache.stats("chat").total();
    assertThat(figures.modelCalls()).isEqualTo(6);
    assertThat(figures.modelFailures()).isZero();
  }
}
