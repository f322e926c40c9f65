package io.larder.ai.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.AiResult.Source;
import io.larder.ai.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.tool.function.FunctionToolCallback;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Streamed responses are recorded while they stream, and replayed as they came. */
final class CachingChatStreamTest {

  private static final Duration SOON = Duration.ofMinutes(1);

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

  private Flux<ChatClientResponse> stream() {
    return client(advisor).prompt("Why?").stream().chatClientResponse();
  }

  private List<ChatClientResponse> all() {
    return stream().collectList().block(SOON);
  }

  private static List<String> texts(List<ChatClientResponse> responses) {
    return responses.stream()
        .map(response -> response.chatResponse().getResult().getOutput().getText())
        .toList();
  }

  @Test
  void aStreamIsReplayedInItsPieces() {
    List<ChatClientResponse> first = all();
    List<ChatClientResponse> second = all();
    assertThat(model.calls).hasValue(1);
    assertThat(texts(first)).containsExactly("c", "all 1", "");
    assertThat(second).hasSameSizeAs(first);
    for (int i = 0; i < first.size(); i++) {
      var live = first.get(i).chatResponse();
      var replayed = second.get(i).chatResponse();
      assertThat(replayed.getResults()).isEqualTo(live.getResults());
      assertThat(live.getMetadata().getId()).isEqualTo("id-1");
      assertThat(live.getMetadata().getUsage().getTotalTokens()).isEqualTo(10);
      assertThat(replayed.getMetadata().getModel()).isEqualTo("m-1-2026");
      assertThat(replayed.getMetadata().getUsage().getTotalTokens()).isZero();
      assertThat((Object) replayed.getMetadata().get(CacheParams.SOURCE)).isEqualTo(Source.CACHE);
    }
    assertThat(first).allMatch(piece -> piece.context().get(CacheParams.SOURCE) == Source.MODEL);
    assertThat(second).allMatch(piece -> piece.context().get(CacheParams.SOURCE) == Source.CACHE);
    assertThat(cache.stats("chat").total().savedTokens()).isEqualTo(10);
  }

  @Test
  void whatEndsBadlyOrSaysNothingIsNotStored() {
    model.finish = "length";
    all();
    all();
    assertThat(model.calls).hasValue(2);
    model.finish = "stop";
    model.message = call -> new AssistantMessage("  ");
    all();
    all();
    assertThat(model.calls).hasValue(4);
    model.message = call -> AssistantMessage.builder()
        .content("Here.")
        .properties(Map.of("source", new StringBuilder("a")))
        .build();
    all();
    assertThat(texts(all())).containsExactly("H", "ere.", "");
    assertThat(model.calls).hasValue(6);
    model.streamed = flux -> flux.take(0);
    assertThat(all()).isEmpty();
    assertThat(cache.stats("chat").total().hits()).isZero();
  }

  @Test
  void aStreamThatFailsInTheMiddleIsNotStored() {
    RuntimeException failure = new IllegalStateException("broken");
    model.streamed = flux -> flux.take(2).concatWith(Flux.error(failure));
    List<ChatClientResponse> seen = new ArrayList<>();
    assertThatThrownBy(() -> stream().doOnNext(seen::add).blockLast(SOON)).isSameAs(failure);
    assertThat(texts(seen)).containsExactly("c", "all 1");
    model.streamed = flux -> flux;
    assertThat(texts(all())).containsExactly("c", "all 2", "");
    model.failure = failure; // before the first piece, and of a refreshing call
    assertThat(texts(all())).containsExactly("c", "all 2", "");
    assertThat(model.calls).hasValue(2);
  }

  @Test
  void aStreamThatIsCancelledIsNotStored() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    model.streamed = flux -> flux.take(1).concatWith(Flux.never()).doOnCancel(left::countDown);
    assertThat(stream().blockFirst(SOON)).isNotNull();
    assertThat(left.await(1, TimeUnit.MINUTES)).isTrue(); // the model is told to stop
    model.streamed = flux -> flux;
    assertThat(texts(all())).containsExactly("c", "all 2", "");
    assertThat(texts(all())).containsExactly("c", "all 2", "");
    assertThat(model.calls).hasValue(2);
  }

  @Test
  void concurrentStreamsAreOneCallAndBothSeeAllOfIt() throws Exception {
    CountDownLatch rest = new CountDownLatch(1);
    model.streamed = flux -> flux.delayUntil(
        piece -> Mono.fromRunnable(() -> await(rest)).subscribeOn(Schedulers.boundedElastic()));
    List<CompletableFuture<List<ChatClientResponse>>> several = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      several.add(stream().collectList().toFuture());
    }
    assertThat(model.called.await(1, TimeUnit.MINUTES)).isTrue();
    rest.countDown();
    List<Source> sources = new ArrayList<>();
    for (CompletableFuture<List<ChatClientResponse>> one : several) {
      List<ChatClientResponse> pieces = one.get(1, TimeUnit.MINUTES);
      assertThat(texts(pieces)).containsExactly("c", "all 1", "");
      sources.add((Source) pieces.get(0).context().get(CacheParams.SOURCE));
    }
    assertThat(model.calls).hasValue(1);
    assertThat(sources).containsOnlyOnce(Source.MODEL);
  }

  @Test
  void aSlowSubscriberHoldsUpNobodyElse() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    var slow = stream().doOnNext(piece -> await(over)).collectList().toFuture();
    assertThat(model.called.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(texts(all())).containsExactly("c", "all 1", "");
    over.countDown();
    assertThat(texts(slow.get(1, TimeUnit.MINUTES))).containsExactly("c", "all 1", "");
    assertThat(model.calls).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void toolsAreCalledInTheMiddleOfAStream() {
    AtomicInteger told = new AtomicInteger();
    model.message = call -> model.asked.getInstructions().size() > 1
        ? new AssistantMessage("call " + call)
        : AssistantMessage.builder()
            .content("Hm.")
            .toolCalls(List.of(new ToolCall("id-" + call, "function", "weather", "{}")))
            .build();
    var tool = FunctionToolCallback.builder("weather", () -> "sun")
        .description("How it is.")
        .inputType(Void.class)
        .build();
    CachingChatAdvisor keeping = advisor.withToolCalls();
    for (int i = 0; i < 2; i++) {
      String said = String.join(
          "",
          client(advisor).prompt("Now?").tools(tool).stream()
              .content()
              .doOnComplete(told::incrementAndGet)
              .collectList()
              .block(SOON));
      assertThat(said).isEqualTo("Hm.call " + (2 * i + 2));
    }
    for (int i = 0; i < 2; i++) {
      String said = String.join(
          "",
          client(keeping).prompt("Now?").tools(tool).stream()
              .content()
              .collectList()
              .block(SOON));
      assertThat(said).isEqualTo("Hm.call 6");
    }
    assertThat(model.calls).hasValue(6);
  }

  @Test
  void memoryHearsTheWholeReplayedAnswer() {
    ChatMemory memory = MessageWindowChatMemory.builder().build();
    ChatClient client = client(advisor, MessageChatMemoryAdvisor.builder(memory).build());
    for (String who : List.of("ada", "bob")) {
      client.prompt("Why?").advisors(a -> a.param(ChatMemory.CONVERSATION_ID, who)).stream()
          .content()
          .blockLast(SOON);
      assertThat(memory.get(who)).extracting(Message::getText).containsExactly("Why?", "call 1");
    }
    assertThat(model.calls).hasValue(1);
  }

  @Test
  void theSubscribersContextReachesTheModel() {
    List<String> seen = new ArrayList<>();
    model.streamed = flux -> flux.transformDeferredContextual((pieces, context) -> {
      seen.add(context.get("who"));
      return pieces;
    });
    stream().contextWrite(context -> context.put("who", "ada")).blockLast(SOON);
    assertThat(seen).containsExactly("ada");
  }
}
