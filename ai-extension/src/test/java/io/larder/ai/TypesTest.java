package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.ai.annotation.AiCacheRemove;
import io.larder.ai.annotation.AiCacheResult;
import io.larder.ai.annotation.AiText;
import io.larder.ai.intercept.AiCaching;
import io.larder.testing.LogLines;
import io.larder.testing.RedisServer;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who asks for an answer of one type is never given one of another. */
final class TypesTest {

  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  record Verdict(int stars) implements Serializable {}

  record Box<T>(T content) implements Serializable {}

  /** One operation and one text, and an answer of each type. */
  interface Judge {
    @AiCacheResult(operation = "judge")
    String text(@AiText String text);

    @AiCacheResult(operation = "judge")
    Verdict verdict(@AiText String text);

    @AiCacheResult(operation = "judge")
    List<String> words(@AiText String text);

    @AiCacheResult(operation = "judge")
    List<Integer> numbers(@AiText String text);

    @AiCacheResult(operation = "judge")
    Optional<Map<String, List<Long>>> map(@AiText String text);

    @AiCacheResult(operation = "judge")
    CompletionStage<Map<String, List<Integer>>> otherMap(@AiText String text);

    @AiCacheResult(operation = "judge")
    Box<String> box(@AiText String text);

    @AiCacheResult(operation = "judge")
    Box<Integer> otherBox(@AiText String text);

    @AiCacheResult(operation = "judge")
    Flow.Publisher<List<Integer>> stream(@AiText String text);

    @AiCacheResult(operation = "judge")
    Flow.Publisher<List<String>> otherStream(@AiText String text);

    @AiCacheRemove(operation = "judge")
    void forget(@AiText String text);
  }

  private static final class Model implements Judge {

    private final AtomicInteger calls = new AtomicInteger();

    private <T> T called(T answer) {
      calls.incrementAndGet();
      return answer;
    }

    @Override
    public String text(String text) {
      return called("good");
    }

    @Override
    public Verdict verdict(String text) {
      return called(new Verdict(5));
    }

    @Override
    public List<String> words(String text) {
      return called(List.of("good"));
    }

    @Override
    public List<Integer> numbers(String text) {
      return called(List.of(5));
    }

    @Override
    public Optional<Map<String, List<Long>>> map(String text) {
      return called(Optional.of(Map.of("stars", List.of(5L))));
    }

    @Override
    public CompletionStage<Map<String, List<Integer>>> otherMap(String text) {
      return called(CompletableFuture.completedFuture(Map.of("stars", List.of(5))));
    }

    @Override
    public Box<String> box(String text) {
      return called(new Box<>("good"));
    }

    @Override
    public Box<Integer> otherBox(String text) {
      return called(new Box<>(5));
    }

    @Override
    public Flow.Publisher<List<Integer>> stream(String text) {
      return called(Pieces.of(List.of(List.of(5))));
    }

    @Override
    public Flow.Publisher<List<String>> otherStream(String text) {
      return called(Pieces.of(List.of(List.of("good"))));
    }

    @Override
    public void forget(String text) {}
  }

  private static <T> T only(Flow.Publisher<T> publisher) throws Exception {
    return Pieces.all(publisher).get(0);
  }

  private static AiCaches caches(Place place) {
    Properties settings = new Properties();
    settings.setProperty("allowed_classes", Verdict.class.getName() + "," + Box.class.getName());
    return AiCaches.in(place, redis, settings);
  }

  /** Each type after each other, in an order that has all pairs of kin in both directions. */
  @ParameterizedTest
  @EnumSource
  void eachTypeGetsItsOwn(Place place) throws Exception {
    try (AiCaches caches = caches(place)) {
      Model model = new Model();
      Judge judge = AiCaching.proxy(Judge.class, model, caches.cache());
      for (int round = 0; round < 2; round++) {
        String text = judge.text("x");
        Verdict verdict = judge.verdict("x");
        String word = judge.words("x").get(0);
        int number = judge.numbers("x").get(0);
        long mapped = judge.map("x").orElseThrow().get("stars").get(0);
        int other = judge.otherMap("x").toCompletableFuture().get().get("stars").get(0);
        String boxed = judge.box("x").content();
        int otherBoxed = judge.otherBox("x").content();
        int streamed = only(judge.stream("x")).get(0);
        String otherStreamed = only(judge.otherStream("x")).get(0);
        assertThat(List.of(text, word, boxed, otherStreamed)).containsOnly("good");
        assertThat(List.of(number, other, otherBoxed, streamed)).containsOnly(5);
        assertThat(mapped).isEqualTo(5L);
        assertThat(verdict).isEqualTo(new Verdict(5));
      }
      assertThat(model.calls).hasValue(20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerOfTheSameTypeIsAHit(Place place) throws Exception {
    try (AiCaches caches = caches(place)) {
      Model model = new Model();
      AiCache cache = caches.cache();
      Judge judge = AiCaching.proxy(Judge.class, model, cache);
      for (int i = 0; i < 3; i++) {
        assertThat(judge.numbers("numbers")).containsExactly(5);
        assertThat(judge.map("map").orElseThrow()).containsEntry("stars", List.of(5L));
        assertThat(judge.box("box").content()).isEqualTo("good");
        assertThat(judge.verdict("verdict").stars()).isEqualTo(5);
      }
      assertThat(model.calls).hasValue(4);
      judge.forget("numbers");
      assertThat(judge.numbers("numbers")).containsExactly(5);
      assertThat(model.calls).hasValue(5);
    }
  }

  @Test
  void byHandTheTypeCanBeSaid() throws Exception {
    try (AiCaches caches = caches(Place.HEAP);
        LogLines log = LogLines.listen()) {
      AiCache cache = caches.cache();
      Type numbers = Judge.class.getMethod("numbers", String.class).getGenericReturnType();
      AiRequest plain = AiRequest.of("judge", "x");
      AiRequest precise =
          AiRequest.builder("judge").text("x").answerType(numbers).build();
      assertThat(cache.keyOf(precise)).isEqualTo(cache.keyOf(plain));
      assertThat(precise).isEqualTo(plain);
      cache.put(plain, AiAnswer.of(new ArrayList<>(List.of("a"))));
      assertThat(cache.get(precise, List.class)).isEmpty();
      assertThat(cache.get(plain)).isEmpty();
      assertThat(cache.get(plain, List.class)).isPresent();
      assertThat(log.with("ai.judge: a stored answer is of class java.util.ArrayList"))
          .hasSize(2);
      cache.put(plain, AiAnswer.of(new ArrayList<>(List.of(1))));
      assertThat(cache.get(precise, List.class)).isPresent();
      assertThat(AiCaching.proxy(Judge.class, new Model(), cache).numbers("x")).containsExactly(1);
    }
  }

  @Test
  void callsForDifferentTypesOnTheirWayAreNotShared() throws Exception {
    try (AiCaches caches = caches(Place.HEAP)) {
      AiCache cache = caches.cache(builder -> builder.longestWait(Duration.ofMillis(200)));
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Judge slow = AiCaching.proxy(
          Judge.class,
          (Judge) java.lang.reflect.Proxy.newProxyInstance(
              TypesTest.class.getClassLoader(),
              new Class<?>[] {Judge.class},
              (proxy, method, arguments) -> {
                asked.countDown();
                go.await();
                return List.of("slow");
              }),
          cache);
      CompletableFuture<List<String>> words = AiCaches.started(() -> slow.words("x"));
      asked.await();
      int number = AiCaching.proxy(Judge.class, new Model(), cache).numbers("x").get(0);
      assertThat(number).isEqualTo(5);
      go.countDown();
      assertThat(words.get(20, TimeUnit.SECONDS)).containsExactly("slow");
    }
  }
}
