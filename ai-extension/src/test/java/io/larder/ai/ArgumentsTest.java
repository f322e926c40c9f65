package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.larder.ai.adapter.RequestShape;
import io.larder.ai.config.AiConfig;
import io.larder.ai.intercept.AiCaching;
import io.larder.testing.RedisServer;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the application hands in is refused by name where it is no good, and never quoted. */
final class ArgumentsTest {

  private static final String PROMPT = "MY SECRET PROMPT";

  private static void refusesNull(String name, ThrowingCallable... calls) {
    for (int i = 0; i < calls.length; i++) {
      assertThatNullPointerException()
          .as("call %d with null for %s", i, name)
          .isThrownBy(calls[i])
          .withMessage(name);
    }
  }

  @Test
  void aNullIsRefusedByTheArgumentsName() throws Exception {
    AiRequest request = AiRequest.of("qa", "why?");
    try (AiCaches caches = AiCaches.in(Place.HEAP, null)) {
      AiCache cache = caches.cache();
      refusesNull(
          "request",
          () -> cache.get(null),
          () -> cache.getOrCompute(null, () -> AiAnswer.of("a")),
          () -> cache.put(null, AiAnswer.of("a")),
          () -> cache.remove(null),
          () -> cache.keyOf(null),
          () -> cache.stream(null, String.class, () -> null),
          () -> cache.streamText(null, () -> null),
          () -> cache.async().get(null, String.class),
          () -> cache.async().put(null, AiAnswer.of("a")),
          () -> cache.async().remove(null),
          () -> cache.async().getOrCompute(null, String.class, () -> null));
      refusesNull("type", () -> cache.get(request, null), () -> AiCaching.proxy(null, "", cache));
      refusesNull(
          "call",
          () -> cache.getOrCompute(request, null),
          () -> cache.streamText(request, null),
          () -> cache.async().getOrCompute(request, String.class, null));
      refusesNull("answer", () -> cache.put(request, null));
      refusesNull(
          "operation", () -> cache.invalidateByOperation(null), () -> cache.stats((String) null));
      refusesNull("tag", () -> cache.invalidateByTag(null));
      refusesNull("model", () -> cache.invalidateByModel(null));
      refusesNull("tenant", () -> cache.invalidateByTenant(null));
      refusesNull("glob", () -> cache.invalidatePattern(null));
      refusesNull("listener", () -> cache.onOperation(null));
    }
  }

  @Test
  void aNullInARequestOrASettingIsRefusedByTheArgumentsName() {
    AiRequest.Builder builder = AiRequest.builder("qa");
    refusesNull("operation", () -> AiRequest.builder(null), () -> AiRequest.of(null, ""));
    refusesNull("text", () -> AiRequest.of("qa", null), () -> builder.text(null));
    refusesNull("name", () -> builder.option(null, 1));
    refusesNull("values", () -> builder.options(null));
    refusesNull("tag", () -> builder.tags((String) null));
    refusesNull("names", () -> builder.tags((String[]) null));
    refusesNull("control", () -> builder.control(null), () -> builder.build().with(null));
    refusesNull("maxAge", () -> AiControl.usual().withMaxAge(null));
    refusesNull("ttl", () -> AiControl.usual().withTtl(null));
    refusesNull("finish", () -> AiAnswer.of("a").withFinish(null));
    refusesNull("manager", () -> AiCache.on(null));
    AiConfig config = AiConfig.defaults();
    refusesNull("hashAlgorithm", () -> config.withHashAlgorithm(null));
    refusesNull("operation", () -> config.withOperationTtl(null, Duration.ofHours(1)));
    refusesNull("ttl", () -> config.withOperationTtl("qa", null));
    refusesNull("defaultTtl", () -> config.withDefaultTtl(null));
    refusesNull("secret", () -> config.withKeyHmacSecret(null));
    refusesNull("addition", () -> RequestShape.of("qa").with(null));
  }

  @Test
  void messagesQuoteNothingThatMayBeAPrompt() {
    for (String operation : List.of(PROMPT + "\n", PROMPT.repeat(9))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> AiRequest.builder(operation))
          .withMessageContaining("operation")
          .withMessageContaining("1 to 128 characters")
          .withMessageNotContaining(PROMPT);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AiRequest.builder("qa").option("o", Map.of(PROMPT, new Object())))
        .withMessageContaining("option o ")
        .withMessageContaining("java.lang.Object")
        .withMessageNotContaining(PROMPT);
  }

  @Test
  void aValueThatGrowsWithoutBoundIsRefused() {
    List<Object> wide = new ArrayList<>(List.of(1, 2));
    Map<String, Object> deep = new LinkedHashMap<>(Map.of("a", "b"));
    Object big = new byte[1 << 20];
    for (int i = 0; i < 40; i++) {
      wide = List.of(wide, wide);
      deep = Map.of("a", deep, "b", deep);
      big = i < 7 ? List.of(big, big) : big;
    }
    for (Object value : List.of(wide, deep)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> AiRequest.builder("qa").option("o", value))
          .withMessageContaining("option o has more than 1000000 values");
    }
    Object bytes = big;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AiRequest.builder("qa").option("o", bytes))
        .withMessageContaining("option o takes more than 67108864 bytes");
  }

  @Test
  void aClockIsNoValue() {
    for (InstantSource clock : List.of(Clock.systemUTC(), InstantSource.system())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> AiRequest.builder("qa").option("o", clock))
          .withMessageContaining("option o ");
    }
  }

  @Test
  void timesWithoutEndAreTaken() throws Exception {
    Duration forever = ChronoUnit.FOREVER.getDuration();
    AiControl control = AiControl.usual().withMaxAge(forever);
    for (Place place : List.of(Place.HEAP, Place.CAFFEINE, Place.REDIS)) {
      try (RedisServer redis = place.isShared() ? RedisServer.start() : null;
          AiCaches caches = AiCaches.in(place, redis)) {
        AiCache cache = caches.cache();
        for (Duration ttl : List.of(forever, Duration.ofDays(106_751_991_167L))) {
          AiRequest request = AiRequest.of("qa", ttl.toString()).with(control.withTtl(ttl));
          assertThat(cache.getOrCompute(request, () -> AiAnswer.of("a")).isHit())
              .isFalse();
          assertThat(cache.getOrCompute(request, () -> AiAnswer.of("b")).value())
              .isEqualTo("a");
        }
      }
    }
  }
}
