package io.larder.ai.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.Place;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers that hear pieces with a context, by which they can cancel. */
final class ContextFormsTest {

  private final AiCaches caches = AiCaches.in(Place.HEAP, null);
  private final AiCache cache = caches.cache();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private volatile boolean endless;
  private final StreamingChatModel model =
      CachingStreamingChatModel.of(cache, new StreamingChatModel() {
        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
          calls.incrementAndGet();
          AiCaches.started(() -> {
            speak(handler);
            return null;
          });
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
          return ChatRequestParameters.builder().modelName("m-1").build();
        }
      });

  @AfterEach
  void close() throws Exception {
    caches.close();
  }

  /** As LangChain4j's own models do. */
  private void speak(StreamingChatResponseHandler handler) {
    StreamingHandle handle = new StreamingHandle() {
      @Override
      public void cancel() {
        cancelled.countDown();
      }

      @Override
      public boolean isCancelled() {
        return cancelled.getCount() == 0;
      }
    };
    handler.onPartialThinking(new PartialThinking("Hm."), new PartialThinkingContext(handle));
    handler.onPartialResponse(new PartialResponse("a"), new PartialResponseContext(handle));
    if (!endless) {
      handler.onPartialResponse(new PartialResponse("b"), new PartialResponseContext(handle));
      handler.onCompleteResponse(
          ChatResponse.builder().aiMessage(AiMessage.from("ab")).build());
    }
  }

  /** What a handler was told, which has no other forms than these. */
  private static final class Told implements StreamingChatResponseHandler {
    private final String cancelsAt;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<List<String>> over = new CompletableFuture<>();

    Told(String cancelsAt) {
      this.cancelsAt = cancelsAt;
    }

    private void told(String event, StreamingHandle handle) {
      assertThat(handle.isCancelled()).isFalse();
      events.add(event);
      if (event.equals(cancelsAt)) {
        handle.cancel();
        assertThat(handle.isCancelled()).isTrue();
        over.complete(events);
      }
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
      told(partial.text(), context.streamingHandle());
    }

    @Override
    public void onPartialThinking(PartialThinking thinking, PartialThinkingContext context) {
      told("thinking " + thinking.text(), context.streamingHandle());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      events.add("end " + response.aiMessage().text());
      over.complete(events);
    }

    @Override
    public void onError(Throwable failure) {
      over.completeExceptionally(failure);
    }
  }

  private List<String> ask(String cancelsAt) throws Exception {
    Told told = new Told(cancelsAt);
    model.chat("Why?", told);
    return told.over.get(1, TimeUnit.MINUTES);
  }

  @Test
  void theyHearThePiecesTheFirstTimeAndOnAReplay() throws Exception {
    assertThat(ask("")).containsExactly("thinking Hm.", "a", "b", "end ab");
    assertThat(ask("")).containsExactly("thinking Hm.", "a", "b", "end ab");
    assertThat(calls).hasValue(1);
  }

  @Test
  void whoCancelsAReplayHearsNothingMore() throws Exception {
    ask("");
    List<String> events = ask("a");
    ask(""); // what the first replay still had to say has been said by now, or a moment later
    assertThat(events).containsExactly("thinking Hm.", "a");
    assertThat(calls).hasValue(1);
  }

  @Test
  void whoCancelsAloneCancelsTheModelAndNothingIsStored() throws Exception {
    endless = true;
    assertThat(ask("a")).containsExactly("thinking Hm.", "a");
    assertThat(cancelled.await(1, TimeUnit.MINUTES)).isTrue();
    endless = false;
    assertThat(ask("")).containsExactly("thinking Hm.", "a", "b", "end ab");
    assertThat(calls).hasValue(2);
  }
}
