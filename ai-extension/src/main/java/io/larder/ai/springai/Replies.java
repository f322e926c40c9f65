package io.larder.ai.springai;

import io.larder.ai.AiAnswer;
import io.larder.ai.AiResult.Source;
import io.larder.ai.AiUsage;
import io.larder.ai.FinishReason;
import io.larder.ai.adapter.RequestShape;
import io.larder.ai.springai.ReplyJson.UnreadableException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
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

  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private final String operation;
  private final Set<String> ignored;
  private final boolean toolCalls;
  private final AtomicBoolean told = new AtomicBoolean();
  private final ReplyJson json = new ReplyJson();

  /**
   * Writes and reads responses.
   *
   * @param shape tells which metadata need not be stored
   * @param toolCalls whether responses that ask for tools are answers to keep
   */
  Replies(RequestShape shape, boolean toolCalls) {
    this.operation = shape.operation();
    this.ignored = shape.ignored();
    this.toolCalls = toolCalls;
  }

  /**
   * A response, written.
   *
   * @param text what it is stored as
   * @param content whether it says something
   * @param kept whether nothing of it is lost, and it is of the kind to keep
   * @param model the model that gave it
   * @param finish why it ended
   * @param usage what it took
   */
  record Written(
      String text,
      boolean content,
      boolean kept,
      @Nullable String model,
      FinishReason finish,
      AiUsage usage) {

    private static Written nothing(boolean kept) {
      return new Written("{}", false, kept, null, FinishReason.UNKNOWN, AiUsage.NONE);
    }
  }

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
    Written written = write(response);
    return new AiAnswer<>(
        written.content() && written.kept() ? written.text() : null,
        written.model(),
        written.usage(),
        null,
        written.finish());
  }

  private static @Nullable String model(ChatResponse response) {
    String model = response.getMetadata().getModel();
    return model == null || model.isBlank() ? null : model;
  }

  private static AiUsage usage(@Nullable Usage told) {
    return told == null
        ? AiUsage.NONE
        : new AiUsage(tokens(told.getPromptTokens()), tokens(told.getCompletionTokens()));
  }

  private static long tokens(@Nullable Integer count) {
    return count == null ? 0 : Math.max(0, count);
  }

  /** The response in writing, as far as that goes: whatever it is, its caller is to get it. */
  Written write(@Nullable ChatResponse response) {
    try {
      return response == null ? Written.nothing(true) : written(response);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.atLevel(told.compareAndSet(false, true) ? Level.WARN : Level.DEBUG)
          .log(
              "{}: a response cannot be stored, and is passed on as it is: {}",
              operation,
              e.getClass().getName());
      return Written.nothing(false);
    }
  }

  private Written written(ChatResponse response) {
    Loss loss = new Loss();
    boolean content = false;
    List<Object> generations = new ArrayList<>();
    for (Generation generation : response.getResults()) {
      AssistantMessage message = generation.getOutput();
      content |= message.hasToolCalls() || AiAnswer.of(message.getText()).isComplete();
      generations.add(generation(generation, loss));
    }
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("generations", generations);
    all.put("model", model(response));
    all.put("metadata", metadata(response.getMetadata().entrySet(), loss));
    return new Written(
        json.write(all),
        content,
        !loss.some && (toolCalls || !response.hasToolCalls()),
        model(response),
        FinishReasons.of(response),
        usage(response.getMetadata().getUsage()));
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
   * their metadata can be changed; what else a generation consists of is shared, and so is a
   * response without generations or metadata.
   */
  @SuppressWarnings("NullAway") // a model's own class may answer anything
  static @Nullable ChatResponse shared(@Nullable ChatResponse live) {
    if (live == null || live.getResults() == null || live.getMetadata() == null) {
      return live;
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
        message != null && message.getClass() == AssistantMessage.class ? message.copy() : message,
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
