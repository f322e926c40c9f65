package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.ai.annotation.AiCachePut;
import io.larder.ai.annotation.AiCacheRemove;
import io.larder.ai.annotation.AiCacheRemoveAll;
import io.larder.ai.annotation.AiCacheResult;
import io.larder.ai.annotation.AiOption;
import io.larder.ai.annotation.AiText;
import io.larder.ai.annotation.AiValue;
import io.larder.ai.intercept.AiCaching;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** Methods that break a rule are refused before they are called, by name. */
final class AnnotationRulesTest {

  interface NoText {
    @AiCacheResult(operation = "qa")
    String it(@AiOption("a") String a);
  }

  interface TwoTexts {
    @AiCacheResult(operation = "qa")
    String it(@AiText String a, @AiText String b);
  }

  interface SameOptions {
    @AiCacheResult(operation = "qa")
    String it(@AiText String a, @AiOption("o") int b, @AiOption("o") int c);
  }

  interface Unsaid {
    @AiCacheResult(operation = "qa")
    String it(@AiText String a, int b);
  }

  interface NumberAsText {
    @AiCacheResult(operation = "qa")
    String it(@AiText long a);
  }

  interface Nothing {
    @AiCacheResult(operation = "qa")
    void it(@AiText String a);
  }

  interface NothingLater {
    @AiCacheResult(operation = "qa")
    CompletionStage<Void> it(@AiText String a);
  }

  interface NothingReactive {
    @AiCacheResult(operation = "qa")
    Mono<Void> it(@AiText String a);
  }

  interface Streams {
    @AiCacheResult(operation = "qa")
    Stream<String> it(@AiText String a);
  }

  interface Futures {
    @AiCacheResult(operation = "qa")
    Future<String> it(@AiText String a);
  }

  interface OptionalPieces {
    @AiCacheResult(operation = "qa")
    Flow.Publisher<Optional<String>> it(@AiText String a);
  }

  interface Nested {
    @AiCacheResult(operation = "qa")
    Optional<CompletionStage<String>> it(@AiText String a);
  }

  interface TwoKinds {
    @AiCacheResult(operation = "qa")
    @AiCachePut(operation = "qa")
    String it(@AiText String a);
  }

  interface NoOperation {
    @AiCacheResult(operation = " ")
    String it(@AiText String a);
  }

  interface BadTime {
    @AiCacheResult(operation = "qa", ttl = "2h")
    String it(@AiText String a);
  }

  interface NoTime {
    @AiCacheResult(operation = "qa", ttl = "PT0S")
    String it(@AiText String a);
  }

  interface NegativeAge {
    @AiCacheResult(operation = "qa", maxAge = "PT-1S")
    String it(@AiText String a);
  }

  interface ValueOfResult {
    @AiCacheResult(operation = "qa")
    String it(@AiText String a, @AiValue String b);
  }

  interface PutOfNothing {
    @AiCachePut(operation = "qa")
    void it(@AiText String a);
  }

  interface EndlessRemoval {
    @AiCacheRemove(operation = "qa")
    Flow.Publisher<String> it(@AiText String a);
  }

  interface RemovalOfNothing {
    @AiCacheRemoveAll
    void it(String a);
  }

  private static Object[] rule(Class<?> type, String rule) {
    return new Object[] {type, rule};
  }

  static Stream<Object[]> rules() {
    return Stream.of(
        rule(NoText.class, "it has no parameter with @AiText"),
        rule(TwoTexts.class, "two parameters that are @AiText"),
        rule(SameOptions.class, "two options named 'o'"),
        rule(Unsaid.class, "parameter 2 (int) has none of our annotations"),
        rule(NumberAsText.class, "parameter 1 (long) is @AiText but its type must be a string"),
        rule(Nothing.class, "it returns nothing"),
        rule(NothingLater.class, "java.lang.Void is nothing that can be stored"),
        rule(NothingReactive.class, "java.lang.Void is nothing that can be stored"),
        rule(Streams.class, "it returns java.util.stream.Stream"),
        rule(Futures.class, "it returns java.util.concurrent.Future"),
        rule(OptionalPieces.class, "a stream must be of pieces"),
        rule(Nested.class, "CompletionStage is nothing that can be stored"),
        rule(TwoKinds.class, "it has 2 of our annotations"),
        rule(NoOperation.class, "operation was ' '"),
        rule(BadTime.class, "ttl was '2h' but it must be an ISO-8601 duration"),
        rule(NoTime.class, "ttl was PT0S"),
        rule(NegativeAge.class, "maxAge was PT-1S"),
        rule(ValueOfResult.class, "only a method with @AiCachePut may"),
        rule(PutOfNothing.class, "it returns nothing"),
        rule(EndlessRemoval.class, "nobody can tell when that has ended"),
        rule(RemovalOfNothing.class, "it names nothing"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void namesClassMethodAndRule(Class<?> type, String rule) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache();
      assertThatThrownBy(() -> proxy(type, cache))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(rule)
          .hasMessageContaining(".it(")
          .hasMessageContaining("@AiCache");
    }
  }

  private static <T> T proxy(Class<T> type, AiCache cache) {
    T target = type.cast(java.lang.reflect.Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
    return AiCaching.proxy(type, target, cache);
  }

  /** Breaks two rules in two methods. */
  static final class Broken implements Runnable {
    @Override
    @AiCacheResult(operation = "qa")
    public void run() {}

    @AiCacheResult(operation = "qa")
    private static String hidden(@AiText String text) {
      return text;
    }
  }

  @Test
  void tellsOfAllAtOnce() throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache();
      assertThatThrownBy(() -> AiCaching.proxy(Runnable.class, new Broken(), cache))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(Broken.class.getName() + ".run(), @AiCacheResult: ")
          .hasMessageContaining("no parameter with @AiText")
          .hasMessageContaining(Broken.class.getName() + ".hidden(String), @AiCacheResult: ")
          .hasMessageContaining("static or private");
      assertThatThrownBy(() -> AiCaching.proxy(String.class, "no", cache))
          .hasMessageContaining("java.lang.String but it must be an interface");
    }
  }
}
