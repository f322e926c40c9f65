package io.larder.ai.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.AiDetails;
import io.larder.ai.AiResult.Source;
import io.larder.ai.Place;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.client.advisor.SimpleLoggerAdvisor;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.advisor.api.AdvisorChain;
import org.springframework.ai.chat.client.advisor.api.BaseAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.content.Media;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.core.Ordered;

final class CachingChatAdvisorTest {

  private final AiCaches caches = AiCaches.in(Place.HEAP, null);
  private final AiCache cache = caches.cache();
  private final CountingChatModel model = new CountingChatModel();
  private final CachingChatAdvisor advisor = CachingChatAdvisor.of(cache);

  @AfterEach
  void close() throws Exception {
    caches.close();
  }

  private ChatClient client(Advisor... advisors) {
    return ChatClient.builder(model).defaultAdvisors(advisors).build();
  }

  private ChatClientResponse ask() {
    return client(advisor).prompt("Why?").call().chatClientResponse();
  }

  @Test
  void theSecondTimeItIsTheSameResponseAndTookNoTokens() {
    ChatClientResponse live = ask();
    ChatClientResponse hit = ask();
    assertThat(model.calls).hasValue(1);
    ChatResponse first = live.chatResponse();
    ChatResponse second = hit.chatResponse();
    assertThat(first.getMetadata().getId()).isEqualTo("id-1");
    assertThat(first.getMetadata().getUsage().getTotalTokens()).isEqualTo(10);
    assertThat(second.getResults()).isEqualTo(first.getResults());
    assertThat(second.getResult().getMetadata().getFinishReason()).isEqualTo("stop");
    assertThat(second.getMetadata().getModel()).isEqualTo("m-1-2026");
    assertThat(second.getMetadata().getUsage()).isEqualTo(new DefaultUsage(0, 0, 0));
    assertThat((Object) second.getMetadata().get("seconds")).isEqualTo(0.5);
    assertThat(cache.stats("chat").total().savedTokens()).isEqualTo(10);
  }

  @Test
  void aHitSaysThatItIsOne() {
    ChatClientResponse live = ask();
    ChatClientResponse hit = ask();
    assertThat(live.context()).containsEntry(CacheParams.SOURCE, Source.MODEL);
    assertThat(live.chatResponse().getMetadata().containsKey(CacheParams.SOURCE))
        .isFalse();
    assertThat(hit.context()).containsEntry(CacheParams.SOURCE, Source.CACHE);
    assertThat((Object) hit.chatResponse().getMetadata().get(CacheParams.SOURCE))
        .isEqualTo(Source.CACHE);
    AiDetails details = (AiDetails) hit.context().get(CacheParams.DETAILS);
    assertThat(details.hits()).isEqualTo(1);
    assertThat(details.usage().totalTokens()).isEqualTo(10);
    assertThat(details.model()).isEqualTo("m-1-2026");
  }

  @Test
  void everythingPlainInMessagesAndMetadataComesBack() {
    List<Object> plain = Arrays.asList(
        "s",
        1,
        2L,
        0.5,
        0.5f,
        true,
        null,
        Duration.ofMillis(3),
        new BigDecimal("1.50"),
        BigInteger.TEN,
        Instant.ofEpochSecond(7, 5),
        List.of(1L),
        Map.of("long", "x"));
    model.message = call -> AssistantMessage.builder()
        .content("Hm, \"ü\" \uD83D\uDE00\n")
        .properties(Map.of("reasoning", "Because.", "all", plain))
        .build();
    AssistantMessage first = ask().chatResponse().getResult().getOutput();
    AssistantMessage second = ask().chatResponse().getResult().getOutput();
    assertThat(model.calls).hasValue(1);
    assertThat(second).isEqualTo(first);
    assertThat(second.getMetadata()).containsEntry("all", plain);
  }

  @ParameterizedTest
  @CsvSource({
    "stop, true",
    "STOP, true",
    "end_turn, true",
    ", true",
    "length, false",
    "MAX_TOKENS, false",
    "content_filter, false",
    "SAFETY, false",
    "refusal, false",
    "tool_calls, true",
    "load, false",
    "what-nobody-knows, false"
  })
  void theFinishReasonDecides(String reason, boolean stored) {
    model.finish = reason;
    ask();
    assertThat(ask().chatResponse().getResult().getMetadata().getFinishReason()).isEqualTo(reason);
    assertThat(model.calls).hasValue(stored ? 1 : 2);
  }

  @Test
  void whatSaysNothingOrWouldLoseSomethingIsNotStored() {
    AssistantMessage picture = AssistantMessage.builder()
        .content("Here.")
        .media(List.of(new Media(Media.Format.IMAGE_PNG, URI.create("http://a/1"))))
        .build();
    AssistantMessage annotated = AssistantMessage.builder()
        .content("Here.")
        .properties(Map.of("sources", List.of(new StringBuilder("a"))))
        .build();
    for (AssistantMessage said :
        List.of(new AssistantMessage("\u200b"), new AssistantMessage(null), picture, annotated)) {
      model.message = call -> said;
      int before = model.calls.get();
      assertThat(ask().chatResponse().getResult().getOutput()).isEqualTo(said);
      assertThat(ask().chatResponse().getResult().getOutput()).isEqualTo(said);
      assertThat(model.calls).hasValue(before + 2);
    }
  }

  @Test
  void whatTheModelThrowsPassesThroughAndIsNotStored() {
    model.failure = new IllegalStateException("overloaded");
    assertThatThrownBy(this::ask).isSameAs(model.failure);
    assertThat(model.calls).hasValue(1);
    model.failure = null;
    assertThat(ask().chatResponse().getResult().getOutput().getText()).isEqualTo("call 2");
  }

  /** Tells of the weather; the first, third... time the model asks for it. */
  private ChatClient weather(CachingChatAdvisor caching, AtomicInteger told) {
    model.message = call -> model.asked.getInstructions().size() > 1
        ? new AssistantMessage("call " + call)
        : AssistantMessage.builder()
            .content("")
            .toolCalls(List.of(new ToolCall("id-" + call, "function", "weather", "{}")))
            .build();
    return ChatClient.builder(model)
        .defaultAdvisors(caching)
        .defaultTools(FunctionToolCallback.builder("weather", () -> "sun " + told.incrementAndGet())
            .description("How it is.")
            .inputType(Void.class)
            .build())
        .build();
  }

  @Test
  void toolCallsAreNotStoredAndToolsAreCalledEachTime() {
    AtomicInteger told = new AtomicInteger();
    ChatClient client = weather(advisor, told);
    assertThat(client.prompt("Weather?").call().content()).isEqualTo("call 2");
    assertThat(client.prompt("Weather?").call().content()).isEqualTo("call 4");
    assertThat(told).hasValue(2);
  }

  @Test
  void withToolCallsTheNextAnswerDependsOnWhatTheToolSays() {
    AtomicInteger told = new AtomicInteger();
    ChatClient client = weather(advisor.withToolCalls(), told);
    assertThat(client.prompt("Weather?").call().content()).isEqualTo("call 2");
    assertThat(client.prompt("Weather?").call().content()).isEqualTo("call 3");
    told.set(0); // the tool says again what it said the first time
    assertThat(client.prompt("Weather?").call().content()).isEqualTo("call 2");
    assertThat(model.calls).hasValue(3);
    assertThat(told).hasValue(1);
  }

  @Test
  void conversationsShareAnswersOnlyWhileTheyAreTheSame() {
    ChatMemory memory = MessageWindowChatMemory.builder().build();
    ChatClient client = client(advisor, MessageChatMemoryAdvisor.builder(memory).build());
    assertThat(say(client, "ada", "Why?")).isEqualTo("call 1");
    assertThat(say(client, "bob", "Why?")).isEqualTo("call 1");
    assertThat(say(client, "ada", "And then?")).isEqualTo("call 2");
    assertThat(say(client, "bob", "And then?")).isEqualTo("call 2");
    assertThat(say(client, "bob", "So?")).isEqualTo("call 3");
    assertThat(say(client, "ada", "And then?")).isEqualTo("call 4");
    assertThat(memory.get("ada"))
        .extracting(Message::getText)
        .containsExactly("Why?", "call 1", "And then?", "call 2", "And then?", "call 4");
  }

  private static String say(ChatClient client, String who, String text) {
    return client
        .prompt(text)
        .advisors(a -> a.param(ChatMemory.CONVERSATION_ID, who))
        .call()
        .content();
  }

  /** Adds what is in the context to the question, as retrieval does. */
  private record Retrieval(int order) implements BaseAdvisor {

    @Override
    public int getOrder() {
      return order;
    }

    @Override
    public ChatClientRequest before(ChatClientRequest request, AdvisorChain chain) {
      Object found = request.context().get("found");
      return request
          .mutate()
          .prompt(request
              .prompt()
              .augmentUserMessage(
                  user -> user.mutate().text(user.getText() + found).build()))
          .build();
    }

    @Override
    public ChatClientResponse after(ChatClientResponse response, AdvisorChain chain) {
      return response;
    }
  }

  private String retrieve(Retrieval retrieval, String found) {
    return client(retrieval, advisor, new SimpleLoggerAdvisor(Ordered.LOWEST_PRECEDENCE - 1))
        .prompt("Why?")
        .advisors(a -> a.param("found", found))
        .call()
        .content();
  }

  @Test
  void anAdvisorBehindTheCacheMakesRequestsBypassIt() {
    Retrieval before = new Retrieval(CachingChatAdvisor.DEFAULT_ORDER - 1);
    Retrieval behind = new Retrieval(CachingChatAdvisor.DEFAULT_ORDER + 1);
    assertThat(retrieve(before, "one")).isEqualTo("call 1");
    assertThat(retrieve(before, "two")).isEqualTo("call 2");
    assertThat(retrieve(before, "one")).isEqualTo("call 1");
    assertThat(advisor.bypassed()).isZero();
    assertThat(retrieve(behind, "one")).isEqualTo("call 3");
    assertThat(retrieve(behind, "two")).isEqualTo("call 4");
    assertThat(advisor.bypassed()).isEqualTo(2);
    client(behind, advisor).prompt("Why?").stream().content().blockLast();
    assertThat(advisor.bypassed()).isEqualTo(3);
  }

  @Test
  void itsPlaceIsRightBeforeTheModel() {
    assertThat(advisor.getOrder()).isEqualTo(Ordered.LOWEST_PRECEDENCE - 1000);
    assertThat(advisor.withOrder(7).withToolCalls().getOrder()).isEqualTo(7);
    assertThat(advisor.getName()).isEqualTo("Larder AI cache");
    record City(String city) {}
    List<String> invalid = new ArrayList<>(List.of("{}", "{\"city\":\"Ulm\"}"));
    model.message = call -> new AssistantMessage(invalid.remove(0));
    for (int i = 0; i < 2; i++) { // what is stored is checked each time, and asked for anew
      City city = client(advisor)
          .prompt("Where?")
          .call()
          .entity(City.class, entity -> entity.validateSchema());
      assertThat(city).isEqualTo(new City("Ulm"));
    }
    assertThat(model.calls).hasValue(2);
  }
}
