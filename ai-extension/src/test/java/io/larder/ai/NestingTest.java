package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No call waits for itself, through whichever answer cache it comes back. */
final class NestingTest {

  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private final AiRequest request = AiRequest.of("qa", "why?");

  /** Asks for the request within a call for it, which must end soon. */
  private void assertThatNoneWaits(AiCache outer, AiCache inner, Way way) throws Exception {
    String answer = AiCaches.started(() -> outer
            .getOrCompute(
                request,
                () -> AiAnswer.of("outer of "
                    + inner.getOrCompute(request, () -> AiAnswer.of("inner")).value()))
            .value())
        .get(1, TimeUnit.MINUTES);
    assertThat(answer).isEqualTo("outer of inner");
    AiRequest other = AiRequest.of("qa", "and how?");
    CompletableFuture<String> mixed = AiCaches.started(() -> inner
        .getOrCompute(other, () -> {
          try {
            return way.ask(outer, other, () -> AiAnswer.of("mixed")).value().equals("mixed")
                ? AiAnswer.of("outer of mixed")
                : AiAnswer.of("another");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        })
        .value());
    assertThat(mixed.get(1, TimeUnit.MINUTES)).isEqualTo("outer of mixed");
  }

  @ParameterizedTest
  @EnumSource
  void throughAnotherAnswerCacheOnTheSameManager(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.HEAP, redis)) {
      assertThatNoneWaits(caches.cache(), caches.cache(), way);
    }
  }

  @ParameterizedTest
  @EnumSource
  void throughAnotherManagerOfTheSameNamespace(Way way) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.REDIS, redis)) {
      assertThatNoneWaits(caches.cache(), caches.peer().cache(), way);
    }
  }

  @Test
  void aCacheThatSharesNothingIsAskedAsUsualAndNothingIsLeftBehind() {
    Nesting one = new Nesting("one");
    Nesting same = new Nesting("one");
    Nesting other = new Nesting("other");
    var before = one.enter(one.with("key"));
    assertThat(same.contains("key")).isTrue();
    assertThat(same.contains("another")).isFalse();
    assertThat(other.contains("key")).isFalse();
    var within = other.enter(other.with(List.of("key", "another")));
    assertThat(one.now()).hasSize(3);
    other.leave(within);
    one.leave(before);
    assertThat(one.now()).isEmpty();
  }
}
