package io.larder.ai.springai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.AiResult.Source;
import io.larder.ai.Place;
import io.larder.ai.Waiting;
import io.larder.ai.stats.AiFigures;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.content.Media;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** Who waits for a call gets its response, also where that is not stored. */
final class UnstoredResponsesTest {

  private static final int CALLERS = 4;

  private final AiCaches caches = AiCaches.in(Place.HEAP, null);
  private final AiCache cache = caches.cache();
  private final CountingChatModel model = new CountingChatModel();
  private final ChatClient client =
      ChatClient.builder(model).defaultAdvisors(CachingChatAdvisor.of(cache)).build();

  @AfterEach
  void close() throws Exception {
    model.gate.countDown();
    caches.close();
  }

  enum Said {
    TRUNCATED("length", new AssistantMessage("And so")),
    PICTURE(
        "stop",
        AssistantMessage.builder()
            .content("Here.")
            .media(List.of(new Media(Media.Format.IMAGE_PNG, URI.create("http://a/1"))))
            .build()),
    OBJECTS(
        "stop",
        AssistantMessage.builder()
            .content("Here.")
            .properties(Map.of("sources", List.of(new StringBuilder("a"))))
            .build()),
    NOTHING("stop", new AssistantMessage(" "));

    private final String finish;
    private final AssistantMessage message;

    Said(String finish, AssistantMessage message) {
      this.finish = finish;
      this.message = message;
    }
  }

  private void say(Said said) {
    model.gate = new CountDownLatch(1);
    model.finish = said.finish;
    model.message = call -> said.message;
  }

  @ParameterizedTest
  @EnumSource
  void allWhoWaitGetTheOneResponse(Said said) throws Exception {
    say(said);
    Waiting<ChatClientResponse> waiting =
        Waiting.callers(CALLERS, cache, () -> client.prompt("Why?").call().chatClientResponse());
    model.gate.countDown();
    List<ChatClientResponse> responses = waiting.answers();
    assertThat(model.calls).hasValue(1);
    assertThat(responses)
        .extracting(response -> response.chatResponse().getResult().getOutput())
        .containsOnly(said.message);
    assertThat(responses)
        .extracting(
            response -> response.chatResponse().getResult().getMetadata().getFinishReason())
        .containsOnly(said.finish);
    assertCountedOnce(responses);
    List<Map<String, Object>> metadata = responses.stream()
        .map(response -> response.chatResponse().getResult().getOutput().getMetadata())
        .toList();
    metadata.get(0).put("mine", true); // what one does with its message is nobody else's
    assertThat(metadata).filteredOn(one -> one.containsKey("mine")).hasSize(1);
    client.prompt("Why?").call().content();
    assertThat(model.calls).hasValue(2);
  }

  @Test
  void eachWhoWaitsCallsTheToolsThatTheOneResponseAsksFor() throws Exception {
    AtomicInteger told = new AtomicInteger();
    model.gate = new CountDownLatch(1);
    model.message = call -> model.asked.getInstructions().size() > 1
        ? new AssistantMessage("call " + call)
        : AssistantMessage.builder()
            .content("")
            .toolCalls(List.of(new ToolCall("id-" + call, "function", "weather", "{}")))
            .build();
    var tool = FunctionToolCallback.builder("weather", () -> "sun " + (told.incrementAndGet() > 0))
        .description("How it is.")
        .inputType(Void.class)
        .build();
    Waiting<String> waiting = Waiting.callers(
        CALLERS, cache, () -> client.prompt("Now?").tools(tool).call().content());
    model.gate.countDown();
    assertThat(waiting.answers()).containsOnly("call 2");
    assertThat(model.calls).hasValue(2);
    assertThat(told).hasValue(CALLERS);
  }

  /** One caller paid, the others were told so. */
  private void assertCountedOnce(List<ChatClientResponse> responses) {
    assertThat(responses)
        .extracting(response -> response.context().get(CacheParams.SOURCE))
        .containsOnlyOnce(Source.MODEL)
        .containsOnly(Source.MODEL, Source.SHARED_CALL);
    for (ChatClientResponse response : responses) {
      boolean own = response.context().get(CacheParams.SOURCE) == Source.MODEL;
      var metadata = response.chatResponse().getMetadata();
      assertThat(metadata.getUsage())
          .isEqualTo(own ? new DefaultUsage(7, 3) : new DefaultUsage(0, 0, 0));
      assertThat(metadata.getModel()).isEqualTo("m-1-2026");
      assertThat((Object) metadata.get("seconds")).isEqualTo(0.5);
    }
    AiFigures figures = cache.stats("chat").total();
    assertThat(figures.modelCalls()).isEqualTo(1);
    assertThat(figures.coalesced()).isEqualTo(CALLERS - 1);
    assertThat(figures.savedTokens()).isEqualTo(10 * (CALLERS - 1));
  }

  @ParameterizedTest
  @EnumSource(names = "NOTHING", mode = EnumSource.Mode.EXCLUDE)
  void allWhoJoinAStreamGetAllOfIt(Said said) throws Exception {
    say(said);
    Waiting<List<ChatClientResponse>> waiting = Waiting.callers(
        CALLERS,
        cache,
        () -> client.prompt("Why?").stream()
            .chatClientResponse()
            .collectList()
            .block(Duration.ofMinutes(1)));
    model.gate.countDown();
    for (List<ChatClientResponse> pieces : waiting.answers()) {
      ChatClientResponse last = pieces.get(2);
      assertThat(last.chatResponse().getResult().getOutput())
          .isEqualTo(said.message.mutate().content("").build());
      boolean own = last.context().get(CacheParams.SOURCE) == Source.MODEL;
      assertThat(last.chatResponse().getMetadata().getUsage().getTotalTokens())
          .isEqualTo(own ? 10 : 0);
    }
    assertThat(model.calls).hasValue(1);
  }
}
