package io.larder.ai.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.Place;
import io.larder.ai.Waiting;
import io.larder.ai.stats.AiFigures;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who waits for a call gets its response, also where that is not stored. */
final class UnstoredResponsesTest {

  private static final int CALLERS = 4;

  private final AiCaches caches = AiCaches.in(Place.HEAP, null);
  private final AiCache cache = caches.cache();
  private final CountingChatModel counter = new CountingChatModel();

  @AfterEach
  void close() throws Exception {
    counter.gate.countDown();
    caches.close();
  }

  enum Said {
    TRUNCATED(FinishReason.LENGTH, AiMessage.from("And so")),
    FILTERED(FinishReason.CONTENT_FILTER, AiMessage.from("I won't.")),
    PICTURE(
        FinishReason.STOP,
        AiMessage.builder()
            .text("Here.")
            .attributes(Map.of("image", Image.builder().url("http://a/1").build()))
            .build()),
    NOTHING(FinishReason.STOP, AiMessage.from(" "));

    private final FinishReason finish;
    private final AiMessage message;

    Said(FinishReason finish, AiMessage message) {
      this.finish = finish;
      this.message = message;
    }
  }

  @ParameterizedTest
  @EnumSource
  void allWhoWaitGetTheOneResponse(Said said) throws Exception {
    CachingChatModel model = CachingChatModel.of(cache, counter.plain());
    assertShared(said, () -> model.chat(CachingChatModelTest.why().build()));
  }

  @ParameterizedTest
  @EnumSource
  void alsoAsynchronously(Said said) throws Exception {
    CachingChatModel model = CachingChatModel.of(cache, counter.plain());
    assertShared(said, () -> model.chatAsync(CachingChatModelTest.why().build()).join());
  }

  @ParameterizedTest
  @EnumSource
  void alsoAsAStream(Said said) throws Exception {
    CachingStreamingChatModel model = CachingStreamingChatModel.of(cache, counter.streaming());
    assertShared(
        said, () -> WholeResponse.of(model, CachingChatModelTest.why().build()).join());
  }

  @ParameterizedTest
  @EnumSource(names = {"PICTURE", "NOTHING"})
  void whatIsNotWholeIsNotStoredWhateverTheApplicationKeeps(Said said) throws Exception {
    counter.gate.countDown();
    counter.finish = said.finish;
    counter.message = said.message;
    AiCache keeping = caches.cache(builder -> builder.keepIf(answer -> true));
    CachingStreamingChatModel model = CachingStreamingChatModel.of(keeping, counter.streaming());
    for (int i = 1; i <= 2; i++) {
      ChatResponse response =
          WholeResponse.of(model, CachingChatModelTest.why().build()).get(1, TimeUnit.MINUTES);
      assertThat(response.aiMessage()).isEqualTo(said.message);
      assertThat(counter.calls).hasValue(i);
    }
  }

  private void assertShared(Said said, Supplier<ChatResponse> asking) throws Exception {
    counter.gate = new CountDownLatch(1);
    counter.finish = said.finish;
    counter.message = said.message;
    Waiting<ChatResponse> waiting = Waiting.callers(CALLERS, cache, asking);
    counter.gate.countDown();
    List<ChatResponse> responses = waiting.answers();
    assertThat(counter.calls).hasValue(1);
    assertThat(responses).extracting(ChatResponse::aiMessage).containsOnly(said.message);
    assertThat(responses).extracting(ChatResponse::finishReason).containsOnly(said.finish);
    assertThat(responses).extracting(ChatResponse::modelName).containsOnly("m-1-2026");
    assertThat(responses)
        .extracting(ChatResponse::tokenUsage)
        .containsOnlyOnce(new TokenUsage(7, 3))
        .containsOnly(new TokenUsage(7, 3), new TokenUsage(0, 0, 0));
    AiFigures figures = cache.stats("chat").total();
    assertThat(figures.modelCalls()).isEqualTo(1);
    assertThat(figures.coalesced()).isEqualTo(CALLERS - 1);
    assertThat(asking.get().aiMessage()).isEqualTo(said.message);
    assertThat(counter.calls).hasValue(2);
  }
}
