package io.larder.ai.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.larder.LarderCachingProvider;
import io.larder.ai.AiCache;
import io.larder.ai.Waiting;
import io.larder.ai.adapter.RequestShape;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CachingChatModelTest {

  private final LarderCachingProvider provider = new LarderCachingProvider();
  private final AiCache cache = AiCache.on(provider.getCacheManager(
      URI.create("larder:ai-production"), getClass().getClassLoader(), new Properties()));
  private final CountingChatModel counter = new CountingChatModel();
  private final CachingChatModel model = CachingChatModel.of(cache, counter.plain());

  @AfterEach
  void close() {
    cache.close();
    provider.close();
  }

  static ChatRequest.Builder why() {
    return ChatRequest.builder()
        .messages(SystemMessage.from("Be brief."), UserMessage.from("Why?"));
  }

  @Test
  void theSecondTimeItIsTheSameResponseAndTookNoTokens() {
    ChatResponse first = model.chat(why().build());
    ChatResponse second = model.chat(why().build());
    assertThat(counter.calls).hasValue(1);
    assertThat(first.id()).isEqualTo("id-1");
    assertThat(first.tokenUsage()).isEqualTo(new TokenUsage(7, 3));
    assertThat(second.aiMessage()).isEqualTo(first.aiMessage());
    assertThat(second.tokenUsage()).isEqualTo(new TokenUsage(0, 0, 0));
    assertThat(second.modelName()).isEqualTo("m-1-2026");
    assertThat(second.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(model.chat("Why?")).isEqualTo("call 2"); // without the system message
    assertThat(cache.stats("chat").total().savedTokens()).isEqualTo(10);
  }

  @Test
  void everyParameterIsInTheKey() {
    ToolSpecification tool = ToolSpecification.builder().name("weather").build();
    ToolSpecification other = ToolSpecification.builder()
        .name("weather")
        .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
        .build();
    List<ChatRequest> different = List.of(
        why().build(),
        why().modelName("m-2").build(),
        why().temperature(0.5).build(),
        why().temperature(0.6).build(),
        why().topP(0.5).build(),
        why().topK(5).build(),
        why().frequencyPenalty(0.5).build(),
        why().presencePenalty(0.5).build(),
        why().maxOutputTokens(5).build(),
        why().stopSequences(List.of("a", "b")).build(),
        why().stopSequences(List.of("ab")).build(),
        why().toolSpecifications(tool).build(),
        why().toolSpecifications(other).build(),
        why().toolSpecifications(tool).toolChoice(ToolChoice.REQUIRED).build(),
        why().responseFormat(ResponseFormat.JSON).build(),
        why().responseFormat(schema("city")).build(),
        why().responseFormat(schema("town")).build());
    assertDistinct(different);
  }

  @Test
  void everyKindOfContentIsInTheKey() {
    List<ChatMessage> different = List.of(
        UserMessage.from("Why?"),
        UserMessage.from("ada", "Why?"),
        UserMessage.from(TextContent.from("Why?"), TextContent.from("Why?")),
        UserMessage.from(TextContent.from("Why?"), ImageContent.from("http://a/1")),
        UserMessage.from(
            TextContent.from("Why?"),
            ImageContent.from("http://a/1", ImageContent.DetailLevel.HIGH)),
        UserMessage.from(TextContent.from("Why?"), ImageContent.from("aaaa", "image/png")),
        UserMessage.from(TextContent.from("Why?"), ImageContent.from("aaab", "image/png")),
        UserMessage.from(TextContent.from("Why?"), AudioContent.from("http://a/1")),
        UserMessage.from(TextContent.from("Why?"), VideoContent.from("http://a/1")),
        UserMessage.from(TextContent.from("Why?"), PdfFileContent.from("http://a/1")),
        SystemMessage.from("Why?"),
        AiMessage.from("Why?"),
        AiMessage.from(call("1", "{}")),
        AiMessage.from(call("2", "{}")),
        AiMessage.from(call("1", "{\"a\":1}")),
        ToolExecutionResultMessage.from("1", "weather", "rain"),
        ToolExecutionResultMessage.from("1", "weather", "sun"));
    assertDistinct(different.stream()
        .map(message ->
            ChatRequest.builder().messages(UserMessage.from("Begin."), message).build())
        .toList());
  }

  /** Asks all, then all again. */
  private void assertDistinct(List<ChatRequest> requests) {
    List<String> first =
        requests.stream().map(request -> text(model.chat(request))).toList();
    assertThat(requests).allMatch(model::caches);
    assertThat(first).doesNotHaveDuplicates();
    assertThat(requests.stream().map(request -> text(model.chat(request))).toList())
        .isEqualTo(first);
    assertThat(counter.calls).hasValue(requests.size());
  }

  /** Parameters of a model's own. */
  static final class OwnParameters extends DefaultChatRequestParameters {
    private final Object seed;

    OwnParameters(Object seed) {
      super(ChatRequestParameters.builder().modelName("m-1"));
      this.seed = seed;
    }

    @Override
    public ChatRequestParameters overrideWith(ChatRequestParameters that) {
      return that instanceof OwnParameters ? that : this;
    }

    @Override
    public String toString() {
      return "OwnParameters[" + seed + "]";
    }
  }

  @Test
  void parametersOfAModelsOwnAreInTheKeyIfTheyAreValuesElseTheCallBypasses() {
    Function<Object, ChatRequest> seeded =
        seed -> why().parameters(new OwnParameters(seed)).build();
    assertDistinct(List.of(why().build(), seeded.apply(1), seeded.apply(2), seeded.apply("2")));
    int before = counter.calls.get();
    Object unknown = new Object();
    assertThat(model.caches(seeded.apply(unknown))).isFalse();
    model.chat(seeded.apply(unknown));
    model.chat(seeded.apply(unknown));
    assertThat(counter.calls).hasValue(before + 2);
    RequestShape ignoring = RequestShape.of("chat").ignoring("seed");
    CachingChatModel lenient = CachingChatModel.of(cache, counter.plain(), ignoring);
    assertThat(text(lenient.chat(seeded.apply(unknown))))
        .isEqualTo(text(lenient.chat(seeded.apply(1))));
    assertThat(counter.calls).hasValue(before + 3);
    counter.defaults = new OwnParameters(unknown); // also where the model has it, unasked
    assertThat(model.caches(why().build())).isFalse();
    counter.defaults = new OwnParameters(3);
    model.chat(why().build());
    assertThat(counter.calls).hasValue(before + 4);
  }

  @Test
  void aModelWithoutANameIsNotCachedUnlessItIsGivenOne() {
    counter.defaults = DefaultChatRequestParameters.EMPTY;
    model.chat(why().build());
    model.chat(why().build());
    assertThat(counter.calls).hasValue(2);
    RequestShape shape = RequestShape.of("chat").withModel("mine");
    CachingChatModel named = CachingChatModel.of(cache, counter.plain(), shape);
    CachingChatModel tenant =
        CachingChatModel.of(cache, counter.plain(), shape.with(key -> key.tenant("acme")));
    for (int i = 0; i < 3; i++) {
      assertThat(text(named.chat(why().build()))).isEqualTo("call 3");
    }
    assertThat(text(tenant.chat(why().build()))).isEqualTo("call 4");
  }

  @Test
  void whatAShapeAddsNeverTakesThePlaceOfTheModelsOwn() {
    RequestShape shape = RequestShape.of("chat").with(key -> key.option("topK", 7));
    CachingChatModel model = CachingChatModel.of(cache, counter.plain(), shape);
    assertThat(model.caches(why().build())).isFalse();
    shape = RequestShape.of("chat").with(key -> key.option("retriever.topK", 7));
    model = CachingChatModel.of(cache, counter.plain(), shape);
    assertThat(model.caches(why().build())).isTrue();
  }

  @ParameterizedTest
  @EnumSource(FinishReason.class)
  void theFinishReasonDecides(FinishReason reason) {
    counter.finish = reason;
    model.chat(why().build());
    ChatResponse second = model.chat(why().build());
    boolean good = reason == FinishReason.STOP || reason == FinishReason.TOOL_EXECUTION;
    assertThat(counter.calls).hasValue(good ? 1 : 2);
    assertThat(second.finishReason()).isEqualTo(reason);
  }

  @Test
  void toolCallsAreCachedAsTheyAre() {
    counter.finish = FinishReason.TOOL_EXECUTION;
    counter.message = AiMessage.builder()
        .text("I look.")
        .thinking("Hm.")
        .toolExecutionRequests(List.of(call("1", "{\"city\":\"Ulm\"}"), call("2", "{}")))
        .attributes(Map.of("signature", "s"))
        .build();
    model.chat(why().build());
    assertThat(model.chat(why().build()).aiMessage()).isEqualTo(counter.message);
    assertThat(counter.calls).hasValue(1);
  }

  @Test
  void whatHasNoContentOrWouldLoseSomeIsNotCached() {
    for (AiMessage message : List.of(
        AiMessage.from(" "),
        AiMessage.from("\u200b"),
        AiMessage.builder()
            .text("Here.")
            .attributes(Map.of("image", Image.builder().url("http://a/1").build()))
            .build())) {
      counter.message = message;
      int before = counter.calls.get();
      assertThat(model.chat(why().build()).aiMessage()).isEqualTo(message);
      assertThat(model.chat(why().build()).aiMessage()).isEqualTo(message);
      assertThat(counter.calls).hasValue(before + 2);
    }
  }

  @Test
  void whatTheModelThrowsPassesThroughAndIsNotCached() {
    RuntimeException failure = new IllegalStateException("overloaded");
    counter.failure = failure;
    assertThatThrownBy(() -> model.chat(why().build())).isSameAs(failure);
    assertThat(counter.calls).hasValue(1);
    counter.failure = null;
    assertThat(text(model.chat(why().build()))).isEqualTo("call 2");
  }

  @Test
  void theAsynchronousFormSharesTheAnswers() throws Exception {
    assertThat(text(model.chatAsync(why().build()).get(1, TimeUnit.MINUTES))).isEqualTo("call 1");
    assertThat(text(model.chat(why().build()))).isEqualTo("call 1");
    ChatResponse third = model.chatAsync(why().build()).get(1, TimeUnit.MINUTES);
    assertThat(third.tokenUsage().totalTokenCount()).isZero();
    assertThat(counter.calls).hasValue(1);
  }

  private static String text(ChatResponse response) {
    return response.aiMessage().text();
  }

  private static ToolExecutionRequest call(String id, String arguments) {
    return ToolExecutionRequest.builder()
        .id(id)
        .name("weather")
        .arguments(arguments)
        .build();
  }

  private static ResponseFormat schema(String property) {
    return ResponseFormat.builder()
        .type(ResponseFormatType.JSON)
        .jsonSchema(JsonSchema.builder()
            .name("place")
            .rootElement(JsonObjectSchema.builder().addStringProperty(property).build())
            .build())
        .build();
  }

  @Test
  void aStoredMessageThatCannotBeReadIsNone() throws Exception {
    model.chat(why().build());
    spoil();
    counter.gate = new CountDownLatch(1);
    Waiting<String> waiting =
        Waiting.callers(4, cache, () -> text(model.chat(why().build())));
    counter.gate.countDown();
    assertThat(waiting.answers()).containsOnly("call 2");
    assertThat(model.chat(why().build()).aiMessage().text()).isEqualTo("call 2");
    spoil();
    assertThat(
            model.chatAsync(why().build()).get(60, TimeUnit.SECONDS).aiMessage().text())
        .isEqualTo("call 3");
    assertThat(model.chat(why().build()).aiMessage().text()).isEqualTo("call 3");
  }

  /** As if another version had stored something else. */
  private void spoil() {
    Spoiling.all(provider, "ai.chat", answer -> "{\"type\": \"OF_THE_FUTURE\"}");
  }
}
