package io.larder.ai.springai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.AiCaches;
import io.larder.ai.Place;
import io.larder.ai.adapter.RequestShape;
import io.larder.ai.springai.ChatKeysTest.Box;
import io.larder.ai.springai.ChatKeysTest.OwnOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;

/** A name that is ignored is so where that is said, and not wherever else it occurs. */
final class IgnoringTest {

  private final AiCaches caches = AiCaches.in(Place.HEAP, null);
  private final CountingChatModel model = new CountingChatModel();

  @AfterEach
  void close() throws Exception {
    caches.close();
  }

  private String ask(String ignored, Message message, ChatOptions options) {
    model.options = options;
    RequestShape shape = RequestShape.of("chat").ignoring(ignored);
    return ChatClient.builder(model)
        .defaultAdvisors(CachingChatAdvisor.of(caches.cache(), shape))
        .build()
        .prompt()
        .messages(new UserMessage("First."), message)
        .call()
        .content();
  }

  private static Message called(String id) {
    return AssistantMessage.builder()
        .content("")
        .toolCalls(List.of(new ToolCall(id, "function", "weather", "{}")))
        .build();
  }

  private static Message noted(String name, int value) {
    return UserMessage.builder().text("Why?").metadata(Map.of(name, value)).build();
  }

  @Test
  void messagesKeepAllThatTheyConsistOf() {
    ChatOptions options = model.options;
    for (String name : List.of("metadata", "textContent", "toolCalls", "media", "id", "map")) {
      List<Message> different =
          List.of(noted("a", 1), noted("a", 2), new UserMessage("Who?"), called("1"), called("2"));
      assertThat(different.stream().map(message -> ask(name, message, options)).distinct())
          .as("without %s", name)
          .hasSameSizeAs(different);
    }
    assertThat(ask("a", noted("a", 1), options)).isEqualTo(ask("a", noted("a", 2), options));
    Message deep =
        UserMessage.builder().text("").metadata(Map.of("b", Map.of("a", 1))).build();
    Message other =
        UserMessage.builder().text("").metadata(Map.of("b", Map.of("a", 2))).build();
    assertThat(ask("a", deep, options)).isNotEqualTo(ask("a", other, options));
  }

  @Test
  void ofOptionsOnlyTheirOwnFieldsAreLeftOut() {
    Message why = new UserMessage("Why?");
    assertThat(ask("seed", why, new OwnOptions(1))).isEqualTo(ask("seed", why, new OwnOptions(2)));
    assertThat(ask("content", why, new OwnOptions(new Box(1))))
        .isNotEqualTo(ask("content", why, new OwnOptions(new Box(2))));
  }
}
