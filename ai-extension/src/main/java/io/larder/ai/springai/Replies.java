package io.larder.ai.springai;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiResult.Source;
import io.larder.ai.springai.ReplyJson.UnreadableException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AbstractMessage;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Chat responses as text in the cache, and back: messages with tool calls and metadata, finish
 * reasons, the model's name and plain metadata. Thread-safe.
 */
final class Replies {

  private final Set<String> ignored;
  private final boolean toolCalls;
  private final ReplyJson json = new ReplyJson();

  /**
   * Writes and reads responses.
   *
   * @param ignored names of metadata that need not be stored
   * @param toolCalls whether responses that ask for tools are answers to keep
   */
  Replies(Set<String> ignored, boolean toolCalls) {
    this.ignored = ignored;
    this.toolCalls = toolCalls;
  }

  /**
   * A response, written.
   *
   * @param text what it is stored as
   * @param whole whether nothing of it is lost
   * @param content whether it says something
   * @param kept whether it is of the kind to keep
   */
  record Written(String text, boolean whole, boolean content, boolean kept) {}

  /** Finds out whether something was lost. */
  private static final class Loss implements ReplyJson.Losses {
    private boolean some;

    @Override
    public void lost() {
      some = true;
    }
  }

  /** The answer; its value is null if it is not to be stored whatever its finish reason. */
  AiAnswer<String> answer(@Nullable ChatResponse response) {
    if (response == null) {
      return AiAnswer.of(null);
    }
    Written written = write(response);
    boolean stored = written.whole() && written.content() && written.kept();
    Usage usage = response.getMetadata().getUsage();
    return AiAnswer.of(stored ? written.text() : null)
        .withModel(model(response))
        .withFinish(FinishReasons.of(response))
        .withUsage(tokens(usage.getPromptTokens()), tokens(usage.getCompletionTokens()));
  }

  static @Nullable String model(ChatResponse response) {
    String model = response.getMetadata().getModel();
    return model == null || model.isBlank() ? null : model;
  }

  static long tokens(@Nullable Integer count) {
    return count == null ? 0 : Math.max(0, count);
  }

  /** The response in writing, as far as that goes. */
  Written write(@Nullable ChatResponse response) {
    if (response == null) {
      return new Written("{}", true, false, true);
    }
    Loss loss = new Loss();
    boolean content = false;
    List<Object> generations = new ArrayList<>();
    for (Generation generation : response.getResults()) {
      AssistantMessage message = generation.getOutput();
      content |= message.hasToolCalls()
          || (message.getText() != null && !message.getText().isBlank());
      generations.add(generation(generation, loss));
    }
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("generations", generations);
    all.put("model", model(response));
    all.put("metadata", metadata(response.getMetadata().entrySet(), loss));
    return new Written(json.write(all), !loss.some, content, toolCalls || !response.hasToolCalls());
  }

  private Map<String, @Nullable Object> generation(Generation generation, Loss loss) {
    AssistantMessage message = generation.getOutput();
    if (message.getClass() != AssistantMessage.class || !message.getMedia().isEmpty()) {
      loss.lost();
    }
    ChatGenerationMetadata end = generation.getMetadata();
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("text", message.getText());
    all.put("properties", metadata(message.getMetadata().entrySet(), loss));
    all.put("toolCalls", message.getToolCalls().stream().map(Replies::toolCall).toList());
    all.put("finish", end.getFinishReason());
    all.put("filters", List.copyOf(end.getContentFilters()));
    all.put("metadata", metadata(end.entrySet(), loss));
    return all;
  }

  private Map<String, @Nullable Object> metadata(
      Collection<? extends Map.Entry<String, Object>> entries, Loss loss) {
    Map<String, @Nullable Object> kept = new HashMap<>();
    for (Map.Entry<String, Object> entry : entries) {
      String name = entry.getKey();
      if (!ignored.contains(name)
          && !KnownSettings.SAY_NOTHING_NEW.contains(name)
          && !name.equals(AbstractMessage.MESSAGE_TYPE)) {
        kept.put(name, entry.getValue());
      }
    }
    return ReplyJson.entries(kept, loss);
  }

  private static List<@Nullable String> toolCall(ToolCall call) {
    List<@Nullable String> parts = new ArrayList<>();
    parts.add(call.id());
    parts.add(call.type());
    parts.add(call.name());
    parts.add(call.arguments());
    return parts;
  }

  /**
   * A response that another caller paid for. Messages of Spring AI's own class are copies, for
   * their metadata can be changed; what else a generation consists of is shared.
   */
  static @Nullable ChatResponse shared(@Nullable ChatResponse live) {
    if (live == null) {
      return null;
    }
    ChatResponseMetadata.Builder metadata = anew().model(live.getMetadata().getModel());
    for (Map.Entry<String, Object> entry : live.getMetadata().entrySet()) {
      metadata.keyValue(entry.getKey(), entry.getValue());
    }
    return new Reply(live.getResults().stream().map(Replies::shared).toList(), metadata)
        .response(Source.SHARED_CALL);
  }

  private static Generation shared(Generation live) {
    AssistantMessage message = live.getOutput();
    return new Generation(
        message.getClass() == AssistantMessage.class ? message.copy() : message,
        live.getMetadata());
  }

  private static ChatResponseMetadata.Builder anew() {
    return ChatResponseMetadata.builder().usage(new DefaultUsage(0, 0, 0));
  }

  /** A response that took no tokens; of none at all the generations are null. */
  record Reply(@Nullable List<Generation> generations, ChatResponseMetadata.Builder metadata) {

    /** It, coming from there. */
    @Nullable
    ChatResponse response(Source source) {
      metadata.keyValue(CacheParams.SOURCE, source);
      return generations == null ? null : new ChatResponse(generations, metadata.build());
    }
  }

  /**
   * The response that was written so; it took no tokens.
   *
   * @throws UnreadableException if none was
   */
  Reply read(String text) {
    try {
      return reply(json.read(text));
    } catch (ClassCastException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | DateTimeException e) {
      throw new UnreadableException("a stored response has another form", e);
    }
  }

  private static Reply reply(Map<?, ?> all) {
    ChatResponseMetadata.Builder metadata = anew();
    if (all.isEmpty()) {
      return new Reply(null, metadata);
    }
    List<Generation> generations = new ArrayList<>();
    for (Object generation : list(all, "generations")) {
      generations.add(generation((Map<?, ?>) generation));
    }
    if (all.get("model") instanceof String model) {
      metadata.model(model);
    }
    ReplyJson.values(map(all, "metadata")).forEach(metadata::keyValue);
    return new Reply(generations, metadata);
  }

  @SuppressWarnings("unchecked")
  private static Generation generation(Map<?, ?> all) {
    List<ToolCall> calls = new ArrayList<>();
    for (Object call : list(all, "toolCalls")) {
      List<String> parts = (List<String>) call;
      calls.add(new ToolCall(parts.get(0), parts.get(1), parts.get(2), parts.get(3)));
    }
    AssistantMessage message = AssistantMessage.builder()
        .content((String) all.get("text"))
        .properties((Map<String, Object>) (Map<?, ?>) ReplyJson.values(map(all, "properties")))
        .toolCalls(calls)
        .build();
    ChatGenerationMetadata.Builder end = ChatGenerationMetadata.builder()
        .finishReason((String) all.get("finish"))
        .metadata((Map<String, Object>) (Map<?, ?>) ReplyJson.values(map(all, "metadata")));
    list(all, "filters").forEach(filter -> end.contentFilter((String) filter));
    return new Generation(message, end.build());
  }

  private static List<?> list(Map<?, ?> all, String name) {
    if (all.get(name) instanceof List<?> list) {
      return list;
    }
    throw new UnreadableException("a stored response has no list '" + name + "'", null);
  }

  private static Map<?, ?> map(Map<?, ?> all, String name) {
    if (all.get(name) instanceof Map<?, ?> map) {
      return map;
    }
    throw new UnreadableException("a stored response has no map '" + name + "'", null);
  }
}
