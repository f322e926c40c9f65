package io.larder.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer that cannot be read costs nobody an answer, and gives its place to the next. */
final class UnreadableTest {

  /** What reading a {@link Verdict} throws; null if it can be read. */
  private static final AtomicReference<@Nullable Throwable> TROUBLE = new AtomicReference<>();

  /** An answer of the application's own. */
  record Verdict(int stars) implements Serializable {

    private Object readResolve() {
      Throwable trouble = TROUBLE.get();
      if (stars == 1 && trouble instanceof Error error) {
        throw error;
      }
      if (stars == 1 && trouble instanceof RuntimeException exception) {
        throw exception;
      }
      return this;
    }
  }

  private final AiRequest request = AiRequest.of("qa", "why?");

  @AfterEach
  void readable() {
    TROUBLE.set(null);
  }

  private static Throwable trouble(boolean linkage) {
    return linkage ? new NoClassDefFoundError("Verdict") : new IllegalStateException("Verdict");
  }

  @ParameterizedTest
  @EnumSource
  void aLinkageErrorWhileAnAnswerIsRefreshedCostsNoAnswer(Way way) throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    try (AiCaches caches = AiCaches.in(Place.HEAP, null);
        AiCache cache = AiCache.on(Watched.of(caches.manager(), (name, method) -> {
          if (broken.get() && name.equals("ai.qa") && method.equals("get")) {
            throw new NoClassDefFoundError("Verdict");
          }
        }))) {
      cache.put(request, AiAnswer.of("first"));
      broken.set(true);
      AiRequest refreshed = request.with(AiControl.usual().withRefresh());
      assertThat(way.ask(cache, refreshed, () -> AiAnswer.of("second")).value())
          .isEqualTo("second");
      broken.set(false);
      assertThat(cache.get(request).orElseThrow().value()).isEqualTo("second");
      assertThat(cache.stats().cacheFailures()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onAnotherProviderTheNextAnswerTakesItsPlace(boolean linkage) throws Exception {
    AiControl usual = AiControl.usual();
    for (AiControl control : new AiControl[] {
      usual, usual.withRefresh(), usual.withTtl(Duration.ofHours(1)),
    }) {
      try (AiCaches caches = AiCaches.in(Place.CAFFEINE, null)) {
        AiCache cache = unreadable(caches, linkage);
        AiRequest asked = request.with(control);
        AiResult<Verdict> result =
            cache.getOrCompute(asked, Verdict.class, () -> AiAnswer.of(new Verdict(2)));
        assertThat(result.value()).isEqualTo(new Verdict(2));
        assertThat(stars(cache)).as(control.toString()).isEqualTo(2);
        assertThat(cache.stats("qa").total().notStored()).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onAnotherProviderWhatTheApplicationHasTakesItsPlace(boolean linkage) throws Exception {
    try (AiCaches caches = AiCaches.in(Place.CAFFEINE, null)) {
      AiCache cache = unreadable(caches, linkage);
      cache.put(request, AiAnswer.of(new Verdict(3)));
      assertThat(stars(cache)).isEqualTo(3);
    }
  }

  private AiCache unreadable(AiCaches caches, boolean linkage) {
    TROUBLE.set(null);
    AiCache cache = caches.cache();
    cache.put(request, AiAnswer.of(new Verdict(1)));
    assertThat(stars(cache)).isEqualTo(1);
    TROUBLE.set(trouble(linkage));
    assertThat(cache.get(request, Verdict.class)).isEmpty();
    assertThatThrownBy(() -> caches.manager().getCache("ai.qa").get(cache.keyOf(request)))
        .isNotNull();
    return cache;
  }

  private int stars(AiCache cache) {
    return cache.get(request, Verdict.class).orElseThrow().value().stars();
  }
}
