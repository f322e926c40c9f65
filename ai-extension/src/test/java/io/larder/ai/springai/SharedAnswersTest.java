package io.larder.ai.springai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.AiCache;
import io.larder.ai.AiCaches;
import io.larder.ai.Place;
import io.larder.ai.StoredAnswer;
import io.larder.ai.Waiting;
import io.larder.ai.config.AiConfig;
import io.larder.ai.stats.AiFigures;
import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;

/** Answers of chat clients on each provider, and between processes. */
final class SharedAnswersTest {

  private static final String BROKEN = "{\"generations\":7}";
  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private final CountingChatModel model = new CountingChatModel();

  private ChatClient client(AiCache cache) {
    return ChatClient.builder(model)
        .defaultAdvisors(CachingChatAdvisor.of(cache))
        .build();
  }

  record City(String city) {}

  @ParameterizedTest
  @EnumSource
  void answersAreKeptInEachPlace(Place place) throws Exception {
    model.message = call -> new AssistantMessage("{\"city\":\"Ulm " + call + "\"}");
    try (AiCaches caches = AiCaches.in(place, redis)) {
      ChatClient client = client(caches.cache());
      for (int i = 0; i < 2; i++) {
        assertThat(client.prompt("Where?").call().entity(City.class)).isEqualTo(new City("Ulm 1"));
        assertThat(client.prompt("Where?").stream().content().collectList().block())
            .containsExactly("{", "\"city\":\"Ulm 2\"}");
      }
      assertThat(model.calls).hasValue(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void concurrentDuplicatesAreOneCall(Place place) throws Exception {
    model.gate = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (AiCaches caches = AiCaches.in(place, redis)) {
      List<ChatClient> clients = new ArrayList<>(List.of(client(caches.cache())));
      clients.add(place.isShared() ? client(caches.peer().cache()) : clients.get(0));
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        ChatClient client = clients.get(i % 2);
        answers.add(
            CompletableFuture.supplyAsync(() -> client.prompt("Why?").call().content(), threads));
      }
      assertThat(model.called.await(1, TimeUnit.MINUTES)).isTrue();
      model.gate.countDown();
      for (CompletableFuture<String> answer : answers) {
        assertThat(answer.get(1, TimeUnit.MINUTES)).isEqualTo("call 1");
      }
      assertThat(model.calls).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REDIS", "NEAR"})
  void anotherProcessHasTheAnswersTooAndNothingOfThePromptIsReadable(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiConfig hashing = AiConfig.defaults().withTextHashThreshold(0);
      ChatClient mine = client(caches.cache(builder -> builder.config(hashing)));
      ChatClient theirs = client(caches.peer().cache(builder -> builder.config(hashing)));
      for (ChatClient client : List.of(mine, theirs)) {
        assertThat(client.prompt("A secret question").system("Secretly.").call().content())
            .isEqualTo("call 1");
        assertThat(client.prompt("A secret question").stream()
                .content()
                .collectList()
                .block(Duration.ofMinutes(1)))
            .containsExactly("c", "all 2");
      }
      assertThat(model.calls).hasValue(2);
      List<String> names = new ArrayList<>();
      caches
          .manager()
          .<Object, Object>getCache("ai.chat")
          .forEach(entry -> names.add(entry.getKey() + " " + entry.getValue()));
      assertThat(names).hasSize(2).noneMatch(name -> name.toLowerCase().contains("secret"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsStoredAndNotReadableIsReplacedByOneCall(Place place) throws Exception {
    try (AiCaches caches = AiCaches.in(place, redis)) {
      AiCache cache = caches.cache();
      ChatClient client = client(cache);
      Supplier<String> whole = () -> client.prompt("Why?").call().content();
      Supplier<String> streamed = () -> client.prompt("Why?").stream().content().blockLast();
      assertThat(whole.get()).isEqualTo("call 1");
      assertThat(streamed.get()).isEqualTo("all 2");
      var stored = caches.manager().<String, StoredAnswer>getCache("ai.chat");
      stored.forEach(entry -> stored.put(entry.getKey(), broken(entry.getValue())));
      assertThat(together(cache, whole)).containsOnly("call 3");
      assertThat(together(cache, streamed)).containsOnly("all 4");
      assertThat(whole.get()).isEqualTo("call 3");
      assertThat(streamed.get()).isEqualTo("all 4");
      AiFigures figures = cache.stats("chat").total();
      assertThat(figures.modelCalls()).isEqualTo(4);
      assertThat(figures.coalesced()).isEqualTo(6);
      assertThat(figures.hits()).isEqualTo(2);
    }
  }

  private List<String> together(AiCache cache, Supplier<String> asking) throws Exception {
    model.gate = new CountDownLatch(1);
    Waiting<String> waiting = Waiting.callers(4, cache, asking);
    model.gate.countDown();
    return waiting.answers();
  }

  @Test
  void whatIsNotStoredIsAskedForByEachProcessAndCountedSo() throws Exception {
    model.finish = "length";
    model.gate = new CountDownLatch(1);
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      List<AiCache> both = List.of(caches.cache(), caches.peer().cache());
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (AiCache cache : both) {
        answers.add(AiCaches.started(() -> client(cache).prompt("Why?").call().content()));
      }
      while (both.stream().anyMatch(cache -> cache.stats("chat").total().misses() < 1)) {
        Thread.onSpinWait();
      }
      model.gate.countDown();
      for (CompletableFuture<String> answer : answers) {
        assertThat(answer.get(1, TimeUnit.MINUTES)).startsWith("call ");
      }
      assertThat(model.calls).hasValue(2);
      for (AiCache cache : both) {
        assertThat(cache.stats("chat").total().modelCalls()).isEqualTo(1);
        assertThat(cache.stats("chat").total().coalesced()).isZero();
      }
    }
  }

  private static StoredAnswer broken(StoredAnswer whole) {
    return new StoredAnswer(
        BROKEN,
        whole.chunks() == null ? null : List.of(BROKEN.length()),
        whole.createdMillis(),
        whole.validMillis(),
        whole.stamp(),
        whole.operation(),
        whole.textLength(),
        whole.textTier(),
        whole.model(),
        whole.inputTokens(),
        whole.outputTokens(),
        whole.cost(),
        whole.finish(),
        whole.type(),
        whole.tags(),
        whole.begunMillis());
  }
}
