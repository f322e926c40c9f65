package io.larder.ai.springai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.Place;
import io.larder.ai.adapter.RequestShape;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.AdvisorParams;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClient.ChatClientRequestSpec;
import org.springframework.ai.chat.client.ChatClientAttributes;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage.ToolResponse;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptionsBuilder;
import org.springframework.ai.content.Media;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/** Requests that differ in anything are different requests, or go by the cache. */
final class ChatKeysTest {

  private final AiCaches caches = AiCaches.in(Place.HEAP, null);
  private final AiCache cache = caches.cache();
  private final CountingChatModel model = new CountingChatModel();
  private final CachingChatAdvisor advisor = CachingChatAdvisor.of(cache);

  @AfterEach
  void close() throws Exception {
    caches.close();
  }

  private ChatClientRequestSpec why() {
    return ChatClient.builder(model)
        .defaultAdvisors(advisor)
        .build()
        .prompt()
        .system("Be brief.")
        .user("Why?");
  }

  /** Asks all, then all again. */
  private void assertDistinct(List<Function<ChatClientRequestSpec, ChatClientRequestSpec>> ways) {
    int before = model.calls.get();
    List<String> first = ask(ways);
    assertThat(first).doesNotHaveDuplicates();
    assertThat(ask(ways)).isEqualTo(first);
    assertThat(model.calls).hasValue(before + ways.size());
    assertThat(advisor.bypassed()).isZero();
  }

  private List<String> ask(List<Function<ChatClientRequestSpec, ChatClientRequestSpec>> ways) {
    return ways.stream().map(way -> way.apply(why()).call().content()).toList();
  }

  private static Function<ChatClientRequestSpec, ChatClientRequestSpec> with(
      ChatOptions.Builder<?> options) {
    return spec -> spec.options(options);
  }

  private static ToolCallingChatOptions.Builder<?> options() {
    return ToolCallingChatOptions.builder();
  }

  @Test
  void everyOptionIsInTheKey() {
    assertDistinct(List.of(
        spec -> spec,
        with(options().model("m-2")),
        with(options().temperature(0.5)),
        with(options().temperature(0.6)),
        with(options().topP(0.5)),
        with(options().topK(5)),
        with(options().frequencyPenalty(0.5)),
        with(options().presencePenalty(0.5)),
        with(options().maxTokens(5)),
        with(options().stopSequences(List.of("a", "b"))),
        with(options().stopSequences(List.of("ab")))));
  }

  @Test
  void everythingInMessagesIsInTheKey() {
    List<Message> different = List.of(
        new UserMessage("Why?"),
        new UserMessage("Why"),
        new UserMessage("Who?"),
        UserMessage.builder().text("Why?").metadata(Map.of("a", 1)).build(),
        UserMessage.builder().text("Why?").metadata(Map.of("a", "1")).build(),
        image("one", "image/png", null),
        image("two", "image/png", null),
        image("one", "image/jpeg", null),
        image("one", "image/png", "named"),
        picture("http://a/1"),
        picture("http://a/2"),
        new SystemMessage("Why?"),
        new AssistantMessage("Why?"),
        called("1", "weather", "{}"),
        called("2", "weather", "{}"),
        called("1", "traffic", "{}"),
        called("1", "weather", "{\"a\":1}"),
        answered("1", "rain"),
        answered("1", "sun"),
        answered("2", "sun"));
    List<Function<ChatClientRequestSpec, ChatClientRequestSpec>> ways = new ArrayList<>();
    different.forEach(message -> ways.add(spec -> spec.messages(message)));
    assertDistinct(ways);
    int before = model.calls.get();
    why().messages(image("one", "image/png", null)).call().content(); // has another made-up name
    why().messages(picture("http://a/1")).call().content();
    assertThat(model.calls).hasValue(before);
  }

  private static Message image(String content, String type, String name) {
    Media.Builder media = Media.builder()
        .mimeType(org.springframework.util.MimeType.valueOf(type))
        .data(content.getBytes(StandardCharsets.UTF_8));
    return UserMessage.builder()
        .text("Why?")
        .media(name == null ? media.build() : media.name(name).build())
        .build();
  }

  private static Message picture(String address) {
    return UserMessage.builder()
        .text("Why?")
        .media(new Media(Media.Format.IMAGE_PNG, URI.create(address)))
        .build();
  }

  private static Message called(String id, String name, String arguments) {
    return AssistantMessage.builder()
        .content("Why?")
        .toolCalls(List.of(new ToolCall(id, "function", name, arguments)))
        .build();
  }

  private static Message answered(String id, String data) {
    return ToolResponseMessage.builder()
        .responses(List.of(new ToolResponse(id, "weather", data)))
        .build();
  }

  @Test
  void whereMessagesBeginAndWhoSaysThemIsInTheKey() {
    assertDistinct(List.of(
        spec -> spec.messages(new UserMessage("ab"), new UserMessage("c")),
        spec -> spec.messages(new UserMessage("a"), new UserMessage("bc")),
        spec -> spec.messages(new UserMessage("abc")),
        spec -> spec.messages(new UserMessage(""), new UserMessage("abc")),
        spec -> spec.messages(new AssistantMessage("abc")),
        spec -> spec.messages(new AssistantMessage(null), new UserMessage("abc")),
        spec -> spec.messages(new UserMessage("ab"), new AssistantMessage("c")),
        spec -> spec.system("Be long."),
        spec -> spec.user("abc")));
  }

  /** A tool of that description. */
  private static ToolCallback tool(String name, String description, String schema) {
    return new ToolCallback() {
      @Override
      public ToolDefinition getToolDefinition() {
        return ToolDefinition.builder()
            .name(name)
            .description(description)
            .inputSchema(schema)
            .build();
      }

      @Override
      public String call(String input) {
        return "sun";
      }
    };
  }

  @Test
  void whatTheModelIsToldOfToolsIsInTheKeyAndNothingElseOfThem() {
    assertDistinct(List.of(
        spec -> spec,
        spec -> spec.tools(tool("weather", "How it is.", "{}")),
        spec -> spec.tools(tool("weather", "How it will be.", "{}")),
        spec -> spec.tools(tool("weather", "How it is.", "{\"type\":\"object\"}")),
        spec -> spec.tools(tool("wetter", "How it is.", "{}")),
        spec -> spec.tools(tool("weather", "How it is.", "{}"), tool("b", "b", "{}"))));
    int before = model.calls.get();
    why()
        .tools(tool("weather", "How it is.", "{}"))
        .toolContext(Map.of("session", new Object()))
        .call()
        .content();
    assertThat(model.calls).hasValue(before);
  }

  record Place1(String city) {}

  record Place2(String town) {}

  @Test
  void theFormatThatIsAskedForIsInTheKey() {
    String format = ChatClientAttributes.OUTPUT_FORMAT.getKey();
    String schema = ChatClientAttributes.STRUCTURED_OUTPUT_SCHEMA.getKey();
    assertDistinct(List.of(
        spec -> spec,
        spec -> spec.advisors(a -> a.param(format, "As JSON.")),
        spec -> spec.advisors(a -> a.param(format, "As XML.")),
        spec -> spec.advisors(a -> a.param(schema, "{}").param(format, "As JSON.")),
        spec -> spec.advisors(AdvisorParams.ENABLE_NATIVE_STRUCTURED_OUTPUT)));
    model.options = StructuredOutputChatOptions.builder().model("m-1").build();
    assertDistinct(List.of(
        spec -> spec,
        with(StructuredOutputChatOptions.builder().outputSchema("{}")),
        with(StructuredOutputChatOptions.builder().outputSchema("{\"type\":\"object\"}"))));
    model.message = call -> new AssistantMessage("{\"city\":\"Ulm\",\"town\":\"Bonn\"}");
    int before = model.calls.get();
    for (int i = 0; i < 2; i++) {
      assertThat(why().call().entity(Place1.class)).isEqualTo(new Place1("Ulm"));
      assertThat(why().call().entity(Place2.class)).isEqualTo(new Place2("Bonn"));
    }
    assertThat(model.calls).hasValue(before + 2);
  }

  /** Options of a model's own. */
  static final class OwnOptions extends DefaultChatOptions {
    private final Object seed;

    OwnOptions(Object seed) {
      super("m-1", null, null, null, null, null, null, null);
      this.seed = seed;
    }

    @Override
    public ChatOptions.Builder<?> mutate() {
      OwnBuilder builder = new OwnBuilder();
      builder.seed = seed;
      return builder;
    }
  }

  /** Makes them. */
  static final class OwnBuilder extends DefaultChatOptionsBuilder<OwnBuilder> {
    private Object seed;

    @Override
    public ChatOptions build() {
      return new OwnOptions(seed);
    }
  }

  /** Something that options may hold. */
  static final class Box {
    private final Object content;

    Box(Object content) {
      this.content = content;
    }
  }

  private String seeded(Object seed) {
    model.options = new OwnOptions(seed);
    return why().call().content();
  }

  @Test
  void optionsOfAModelsOwnAreInTheKeyToTheirLastField() {
    List<Object> seeds = List.of(
        1,
        2,
        1L,
        "1",
        List.of(1),
        new int[] {1},
        new Box(1),
        new Box("1"),
        new Box(new Box(1)),
        Map.of("a", new Box(1)),
        Map.of("a", new Box(2)),
        List.of("a", 1),
        new Place1("a"),
        new Place2("a"));
    List<String> first = seeds.stream().map(this::seeded).toList();
    assertThat(first).doesNotHaveDuplicates();
    assertThat(seeds.stream().map(this::seeded).toList()).isEqualTo(first);
    assertThat(seeded(new Box(1))).isEqualTo(first.get(6));
    assertThat(advisor.bypassed()).isZero();
  }

  @Test
  void whatKeysHaveNoFormForBypassesTheCacheUnlessItIsIgnored() {
    Function<String, Integer> code = String::length;
    Box endless = new Box(new Object[1]);
    ((Object[]) endless.content)[0] = endless;
    List<Object> unknown = List.of(
        new Object(),
        code,
        new Box(code),
        Map.of("a", new Box(new Object())),
        endless,
        new java.util.concurrent.atomic.AtomicInteger(1));
    int asked = 0;
    for (Object seed : unknown) {
      assertThat(seeded(seed)).isEqualTo("call " + ++asked);
      assertThat(seeded(seed)).isEqualTo("call " + ++asked);
    }
    assertThat(advisor.bypassed()).isEqualTo(asked);
    CachingChatAdvisor lenient =
        CachingChatAdvisor.of(cache, RequestShape.of("chat").ignoring("seed", "trace"));
    for (int i = 0; i < 2; i++) {
      String answer = ChatClient.create(model)
          .prompt()
          .messages(UserMessage.builder().text("a").metadata(Map.of("trace", i)).build())
          .advisors(lenient)
          .call()
          .content();
      assertThat(answer).isEqualTo("call " + (asked + 1));
    }
    assertThat(lenient.bypassed()).isZero();
  }

  @Test
  void aModelWithoutANameIsNotCachedUnlessItIsGivenOne() {
    model.options = ToolCallingChatOptions.builder().build();
    why().call().content();
    why().call().content();
    assertThat(model.calls).hasValue(2);
    assertThat(advisor.bypassed()).isEqualTo(2);
    CachingChatAdvisor named =
        CachingChatAdvisor.of(cache, RequestShape.of("chat").withModel("mine"));
    for (int i = 0; i < 2; i++) {
      ChatClient client = ChatClient.builder(model).defaultAdvisors(named).build();
      assertThat(client.prompt("Why?").call().content()).isEqualTo("call 3");
    }
  }

  /** Held so that each JVM has the same; a change of Spring AI's classes may make others. */
  @Test
  void theKeyIsTheSameOnEveryJvm() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      metadata.put("name " + i, List.of(i, "v"));
    }
    why()
        .messages(UserMessage.builder().text("One.").metadata(metadata).build())
        .tools(tool("weather", "How it is.", "{}"))
        .call()
        .content();
    List<String> keys = new ArrayList<>();
    caches.manager().<String, Object>getCache("ai.chat").forEach(entry -> keys.add(entry.getKey()));
    assertThat(keys)
        .containsExactly("op:chat|txt:One.Why?|opts:"
            + "2dbc500573b6720980f0db294ec16b487d20abe9189ef1246857f8d2218f24b6");
  }

  @Test
  void inANativeImageWhichHidesFieldsNothingIsCached() {
    System.setProperty("org.graalvm.nativeimage.imagecode", "runtime");
    try {
      assertThat(why().call().content()).isEqualTo("call 1");
      assertThat(why().call().content()).isEqualTo("call 2");
    } finally {
      System.clearProperty("org.graalvm.nativeimage.imagecode");
    }
    assertThat(advisor.bypassed()).isEqualTo(2);
  }

  @Test
  void aStreamIsAnotherAnswer() {
    assertThat(why().call().content()).isEqualTo("call 1");
    assertThat(why().stream().content().collectList().block()).containsExactly("c", "all 2");
  }
}
