package io.larder.ai.springai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.AiResult.Source;
import io.larder.ai.Place;
import io.larder.ai.stats.AiFigures;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** What a model has answered reaches its caller, however odd it is. */
final class OddResponsesTest {

  private final AiCaches caches = AiCaches.in(Place.HEAP, null);
  private final AiCache cache = caches.cache();
  private final CachingChatAdvisor advisor = CachingChatAdvisor.of(cache);
  private int calls;

  @AfterEach
  void close() throws Exception {
    caches.close();
  }

  enum Odd {
    NO_RESPONSE(null),
    NO_GENERATIONS(new ChatResponse(List.of())),
    NULL_GENERATIONS(new ChatResponse(List.of()) {
      @Override
      public List<Generation> getResults() {
        return null;
      }
    }),
    NULL_OUTPUT(new ChatResponse(List.of(new Generation(null)))),
    NULL_METADATA(new ChatResponse(List.of(new Generation(new AssistantMessage("Hm.")))) {
      @Override
      public ChatResponseMetadata getMetadata() {
        return null;
      }
    }),
    ENDLESS(new ChatResponse(List.of(new Generation(message(endless()))))),
    UNWRITABLE(new ChatResponse(List.of(new Generation(message(new Unwritable())))));

    private final ChatResponse response;

    Odd(ChatResponse response) {
      this.response = response;
    }
  }

  private static AssistantMessage message(Object property) {
    return AssistantMessage.builder()
        .content("Hm.")
        .properties(Map.of("all", property))
        .build();
  }

  private static List<Object> endless() {
    List<Object> all = new ArrayList<>();
    all.add(all);
    return all;
  }

  private static final class Unwritable extends AbstractMap<String, Object> {
    @Override
    public Set<Entry<String, Object>> entrySet() {
      throw new UnsupportedOperationException("a map that can't be read");
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  /** A chain of nothing but a model. */
  private final class Chain implements CallAdvisorChain, StreamAdvisorChain {
    private final ChatResponse said;

    Chain(ChatResponse said) {
      this.said = said;
    }

    @Override
    public ChatClientResponse nextCall(ChatClientRequest request) {
      calls++;
      return new ChatClientResponse(said, Map.of());
    }

    @Override
    public Flux<ChatClientResponse> nextStream(ChatClientRequest request) {
      calls++;
      return Flux.just(new ChatClientResponse(said, Map.of()));
    }

    @Override
    public List<CallAdvisor> getCallAdvisors() {
      return List.of();
    }

    @Override
    public List<StreamAdvisor> getStreamAdvisors() {
      return List.of();
    }

    @Override
    public CallAdvisorChain copy(CallAdvisor after) {
      return this;
    }

    @Override
    public StreamAdvisorChain copy(StreamAdvisor after) {
      return this;
    }

    @Override
    public io.micrometer.observation.ObservationRegistry getObservationRegistry() {
      return io.micrometer.observation.ObservationRegistry.NOOP;
    }
  }

  private static ChatClientRequest why() {
    return new ChatClientRequest(
        new Prompt("Why?", ChatOptions.builder().model("m-1").build()), Map.of());
  }

  @Test
  void aResponseThatDoesNotSayWhatItTookIsStored() {
    Chain chain = new Chain(new ChatResponse(
        List.of(new Generation(new AssistantMessage("Hm."))),
        ChatResponseMetadata.builder().usage(null).build()));
    for (int i = 0; i < 2; i++) {
      advisor.adviseCall(why(), chain);
      advisor.adviseStream(why(), chain).blockLast();
    }
    assertThat(calls).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeStoredPassesAsItIs(Odd odd) {
    Chain chain = new Chain(odd.response);
    for (int i = 1; i <= 2; i++) {
      ChatClientResponse whole = advisor.adviseCall(why(), chain);
      assertThat(whole.chatResponse()).isSameAs(odd.response);
      assertThat(whole.context()).containsEntry(CacheParams.SOURCE, Source.MODEL);
      ChatClientResponse piece = advisor.adviseStream(why(), chain).blockLast();
      assertThat(piece.chatResponse()).isSameAs(odd.response);
      assertThat(calls).isEqualTo(2 * i);
    }
    AiFigures figures = cache.stats("chat").total();
    assertThat(figures.modelCalls()).isEqualTo(4);
    assertThat(figures.modelFailures()).isZero();
    assertThat(figures.notStored()).isEqualTo(4);
  }
}
