package io.larder.ai.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.larder.ai.AiCaches;
import io.larder.ai.Place;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a request has in maps is the same in whatever order; the order of lists and properties
 * counts.
 */
final class UnorderedMapsTest {

  private final AiCaches caches = AiCaches.in(Place.HEAP, null);
  private final CountingChatModel counter = new CountingChatModel();
  private final CachingChatModel model = CachingChatModel.of(caches.cache(), counter.plain());

  @AfterEach
  void close() throws Exception {
    caches.close();
  }

  /** A map of an application's own. */
  enum Own {
    USER_ATTRIBUTES(map -> said(userMessage(map))),
    AI_ATTRIBUTES(map -> said(AiMessage.builder().text("Hm.").attributes(map).build())),
    TOOL_RESULT_ATTRIBUTES(map -> said(ToolExecutionResultMessage.builder()
        .id("1")
        .toolName("weather")
        .text("rain")
        .isError(true)
        .attributes(map)
        .build())),
    CUSTOM(map -> said(CustomMessage.from(map))),
    TOOL_METADATA(map -> tooled(tool -> tool.metadata(map)));

    private final Function<Map<String, Object>, ChatRequest> request;

    Own(Function<Map<String, Object>, ChatRequest> request) {
      this.request = request;
    }
  }

  /** Definitions of a schema. */
  enum Definitions {
    OF_A_TOOL(map -> tooled(tool -> tool.parameters(defining(map)))),
    OF_A_RESPONSE(map -> formatted(defining(map))),
    IN_A_PROPERTY(map ->
        formatted(JsonObjectSchema.builder().addProperty("p", defining(map)).build())),
    IN_A_DEFINITION(map -> formatted(
        JsonObjectSchema.builder().definitions(Map.of("d", defining(map))).build())),
    IN_AN_ARRAY(map -> formatted(
        JsonArraySchema.builder().description("all").items(defining(map)).build())),
    IN_A_CHOICE(map -> formatted(JsonAnyOfSchema.builder()
        .description("one")
        .anyOf(new JsonStringSchema(), defining(map))
        .build()));

    private final Function<Map<String, JsonSchemaElement>, ChatRequest> request;

    Definitions(Function<Map<String, JsonSchemaElement>, ChatRequest> request) {
      this.request = request;
    }
  }

  private static UserMessage userMessage(Map<String, Object> attributes) {
    return UserMessage.from("ada", "Why?").toBuilder().attributes(attributes).build();
  }

  private static ChatRequest said(ChatMessage... messages) {
    return ChatRequest.builder().messages(messages).build();
  }

  private static ChatRequest tooled(UnaryOperator<ToolSpecification.Builder> with) {
    return CachingChatModelTest.why()
        .toolSpecifications(
            with.apply(ToolSpecification.builder().name("t").strict(true)).build())
        .build();
  }

  private static ChatRequest formatted(JsonSchemaElement root) {
    return CachingChatModelTest.why()
        .responseFormat(ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(JsonSchema.builder().name("s").rootElement(root).build())
            .build())
        .build();
  }

  private static JsonObjectSchema defining(Map<String, JsonSchemaElement> definitions) {
    return JsonObjectSchema.builder()
        .description("refers")
        .addProperty("p", JsonReferenceSchema.builder().reference("one").build())
        .required("p")
        .additionalProperties(false)
        .definitions(definitions)
        .build();
  }

  private static <V> Map<String, V> reversed(Map<String, V> map) {
    Map<String, V> reversed = new LinkedHashMap<>();
    String[] names = map.keySet().toArray(String[]::new);
    for (int i = names.length - 1; i >= 0; i--) {
      reversed.put(names[i], map.get(names[i]));
    }
    return reversed;
  }

  private void assertSame(ChatRequest one, ChatRequest other) {
    assertThat(model.caches(one)).isTrue();
    model.chat(one);
    model.chat(other);
    assertThat(counter.calls).hasValue(1);
  }

  private void assertDistinct(List<ChatRequest> requests) {
    for (int i = 0; i < 2; i++) {
      for (ChatRequest request : requests) {
        assertThat(model.caches(request)).isTrue();
        model.chat(request);
      }
      assertThat(counter.calls).hasValue(requests.size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void mapsOfAnApplicationsOwnHaveNoOrder(Own own) {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("x", 1);
    inner.put("y", "{\"b\":1,\"a\":2}");
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", 1);
    map.put("a", "2");
    map.put("inner", inner);
    map.put("list", List.of(inner, 3));
    Map<String, Object> other = new HashMap<>(map);
    other.put("inner", reversed(inner));
    other.put("list", List.of(reversed(inner), 3));
    Map<String, Object> sameInOtherOrder = new LinkedHashMap<>();
    reversed(map).keySet().forEach(name -> sameInOtherOrder.put(name, other.get(name)));
    assertSame(own.request.apply(map), own.request.apply(sameInOtherOrder));
  }

  @ParameterizedTest
  @EnumSource
  void valuesOfDifferentTypesAreDifferentRequests(Own own) {
    List<Object> values = Arrays.asList(
        1,
        2,
        1L,
        2L,
        1.0,
        1.0f,
        (short) 1,
        new BigDecimal("1"),
        new BigDecimal("1.0"),
        "1",
        null,
        "null",
        true,
        "true",
        List.of(1, 2),
        List.of(2, 1),
        Set.of(1, 2),
        "[1,2]",
        Map.of("a", 1),
        Map.of("a", 1L),
        Map.of("b", 1),
        "{\"a\":1}",
        Map.of(),
        List.of(),
        "");
    List<Map<String, Object>> maps = new ArrayList<>();
    maps.add(Map.of());
    maps.add(Map.of("w", 1));
    for (Object value : values) {
      Map<String, Object> map = new HashMap<>();
      map.put("v", value);
      maps.add(map);
    }
    assertDistinct(maps.stream().map(own.request).toList());
  }

  @ParameterizedTest
  @EnumSource
  void whatKeysHaveNoFormForBypasses(Own own) {
    ChatRequest request = own.request.apply(Map.of("v", new Object()));
    assertThat(model.caches(request)).isFalse();
    model.chat(request);
    model.chat(request);
    assertThat(counter.calls).hasValue(2);
  }

  @Test
  void itCountsWhichMessageOrToolHasAMap() {
    Map<String, Object> map = Map.of("a", 1);
    ToolSpecification plain = ToolSpecification.builder().name("t").build();
    ToolSpecification more = plain.toBuilder().metadata(map).build();
    assertDistinct(List.of(
        said(userMessage(map), userMessage(Map.of())),
        said(userMessage(Map.of()), userMessage(map)),
        said(userMessage(map), userMessage(map)),
        said(userMessage(Map.of()), userMessage(Map.of())),
        CachingChatModelTest.why().toolSpecifications(plain, more).build(),
        CachingChatModelTest.why().toolSpecifications(more, plain).build()));
  }

  @ParameterizedTest
  @EnumSource
  void definitionsHaveNoOrder(Definitions definitions) {
    Map<String, JsonSchemaElement> map = new LinkedHashMap<>();
    map.put("two", new JsonIntegerSchema());
    map.put("one", new JsonStringSchema());
    assertSame(definitions.request.apply(map), definitions.request.apply(reversed(map)));
  }

  @ParameterizedTest
  @EnumSource
  void otherDefinitionsAreOtherRequests(Definitions definitions) {
    JsonSchemaElement text = new JsonStringSchema();
    JsonSchemaElement number = new JsonIntegerSchema();
    assertDistinct(List.of(
        definitions.request.apply(Map.of("one", text)),
        definitions.request.apply(Map.of("one", number)),
        definitions.request.apply(Map.of("one", text, "two", number)),
        definitions.request.apply(Map.of("one", number, "two", text))));
  }

  @Test
  void propertiesAndListsHaveAnOrder() {
    JsonObjectSchema.Builder forth =
        JsonObjectSchema.builder().addStringProperty("a").addStringProperty("b");
    JsonObjectSchema.Builder back =
        JsonObjectSchema.builder().addStringProperty("b").addStringProperty("a");
    List<JsonSchemaElement> different = List.of(
        forth.build(),
        back.build(),
        forth.required("a", "b").build(),
        forth.required("b", "a").build(),
        JsonObjectSchema.builder().definitions(Map.of("d", forth.build())).build(),
        JsonObjectSchema.builder().definitions(Map.of("d", back.build())).build(),
        JsonAnyOfSchema.builder()
            .anyOf(new JsonStringSchema(), new JsonIntegerSchema())
            .build(),
        JsonAnyOfSchema.builder()
            .anyOf(new JsonIntegerSchema(), new JsonStringSchema())
            .build());
    assertDistinct(different.stream().map(UnorderedMapsTest::formatted).toList());
  }
}
