package io.larder.ai.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import io.larder.ai.AiRequest;
import io.larder.ai.adapter.UnknownException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Messages and tools in the form that they have in keys.
 *
 * <h2>Two ways for two kinds of content</h2>
 *
 * JSON says what the library's own classes have; it has to give back, with what is left out of it,
 * what was given. Left out are the maps of an application's own, attributes and metadata: they are
 * options of the request, for which neither the order of a map nor JSON's few types count. The
 * definitions of a schema are sorted by name before JSON is made, as they are only referred to.
 * Properties stay in their order, in which a model may answer.
 */
final class KeyForms {

  private KeyForms() {}

  /** Puts the messages in: as its text, and what they have besides as an option. */
  static void messages(List<ChatMessage> messages, AiRequest.Builder key) throws UnknownException {
    List<Map<String, Object>> attributes = new ArrayList<>();
    List<ChatMessage> plain = new ArrayList<>();
    for (ChatMessage message : messages) {
      Map<String, Object> own = attributes(message);
      attributes.add(own);
      plain.add(own.isEmpty() ? message : with(message, Map.of()));
    }
    maps("langchain4j.attributes", attributes, key);
    String json = ChatMessageSerializer.messagesToJson(plain);
    List<ChatMessage> read = new ArrayList<>(ChatMessageDeserializer.messagesFromJson(json));
    for (int i = 0; i < Math.min(read.size(), messages.size()); i++) {
      if (!attributes.get(i).isEmpty()) {
        read.set(i, with(read.get(i), attributes.get(i)));
      }
    }
    if (!read.equals(messages)) {
      throw new UnknownException("a message has content that is not in its JSON");
    }
    key.text(json);
  }

  private static Map<String, Object> attributes(ChatMessage message) {
    if (message instanceof UserMessage user) {
      return user.attributes();
    }
    if (message instanceof AiMessage ai) {
      return ai.attributes();
    }
    if (message instanceof ToolExecutionResultMessage result) {
      return result.attributes();
    }
    return message instanceof CustomMessage custom ? custom.attributes() : Map.of();
  }

  /** The message with those attributes instead of its own; itself if it is of a kind without. */
  private static ChatMessage with(ChatMessage message, Map<String, Object> attributes) {
    if (message instanceof UserMessage user) {
      return user.toBuilder().attributes(attributes).build();
    }
    if (message instanceof AiMessage ai) {
      return ai.toBuilder().attributes(attributes).build();
    }
    if (message instanceof ToolExecutionResultMessage result) {
      return result.toBuilder().attributes(attributes).build();
    }
    return message instanceof CustomMessage ? CustomMessage.from(attributes) : message;
  }

  /** Puts the tools in: as an option, and what they have besides as another. */
  static void tools(@Nullable List<ToolSpecification> tools, AiRequest.Builder key)
      throws UnknownException {
    List<Map<String, Object>> metadata = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    if (tools != null) {
      for (ToolSpecification tool : tools) {
        metadata.add(tool.metadata());
        all.append(json(tool)).append('\n');
      }
    }
    maps("langchain4j.metadata", metadata, key);
    key.option("tools", all.toString());
  }

  /** A schema's form. */
  static String schema(JsonSchemaElement root) throws UnknownException {
    return json(ToolSpecification.builder()
        .name("schema")
        .parameters(JsonObjectSchema.builder().addProperty("root", root).build())
        .build());
  }

  /** Without its metadata. */
  private static String json(ToolSpecification tool) throws UnknownException {
    ToolSpecification.Builder plain = tool.toBuilder().metadata(Map.of());
    if (tool.parameters() != null) {
      plain.parameters(sorted(tool.parameters()));
    }
    String json = plain.build().toJson();
    ToolSpecification read = ToolSpecification.fromJson(json);
    if (!read.toBuilder().metadata(tool.metadata()).build().equals(tool)) {
      throw new UnknownException("a tool or schema has content that is not in its JSON");
    }
    return json;
  }

  /** The same with all definitions in it sorted. */
  private static JsonObjectSchema sorted(JsonObjectSchema schema) {
    return JsonObjectSchema.builder()
        .description(schema.description())
        .addProperties(each(schema.properties()))
        .required(schema.required())
        .additionalProperties(schema.additionalProperties())
        .definitions(new TreeMap<>(each(schema.definitions())))
        .build();
  }

  private static Map<String, JsonSchemaElement> each(Map<String, JsonSchemaElement> schemas) {
    Map<String, JsonSchemaElement> all = new LinkedHashMap<>();
    schemas.forEach((name, schema) -> all.put(name, sorted(schema)));
    return all;
  }

  private static JsonSchemaElement sorted(JsonSchemaElement schema) {
    if (schema instanceof JsonObjectSchema object) {
      return sorted(object);
    }
    if (schema instanceof JsonArraySchema array) {
      return JsonArraySchema.builder()
          .description(array.description())
          .items(sorted(array.items()))
          .build();
    }
    if (schema instanceof JsonAnyOfSchema several) {
      return JsonAnyOfSchema.builder()
          .description(several.description())
          .anyOf(several.anyOf().stream().map(KeyForms::sorted).toList())
          .build();
    }
    return schema;
  }

  /** Puts in what has several maps, of which one has something. */
  private static void maps(String name, List<Map<String, Object>> maps, AiRequest.Builder key)
      throws UnknownException {
    if (!maps.stream().allMatch(Map::isEmpty)) {
      put(name, maps, key);
    }
  }

  /** Puts an option in. */
  static void put(String name, @Nullable Object value, AiRequest.Builder key)
      throws UnknownException {
    try {
      key.option(name, value);
    } catch (IllegalArgumentException e) {
      throw new UnknownException("keys have no form for " + name);
    }
  }
}
